#!/usr/bin/env python
"""The command line of raxdash: `python manage.py help` lists what it can do."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raxdash.settings")
    from raxdash.command_line import CommandLine

    CommandLine(sys.argv).execute()
