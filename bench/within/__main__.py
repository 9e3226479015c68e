"""Do one thing in the database of the environment's installation and print what it found as JSON."""

import os
import sys
from importlib import import_module

import django
import orjson

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raxdash.settings")


def main() -> None:
    """Call the function that the first argument names, `module.function`, with the others."""
    django.setup()
    what, *arguments = sys.argv[1:]
    module, _, function = what.partition(".")
    found = getattr(import_module(f"bench.within.{module}"), function)(*arguments)
    sys.stdout.write(orjson.dumps(found).decode())


if __name__ == "__main__":
    main()
