"""Name the secrets of an `.env` file that Compose reads shorter than written; exit 1 if there are any.

Compose ends a value without quotes before ` #`, and replaces `$name` in all but single quotes, mostly by
nothing. What reaches a container shows no trace of it, so the file itself is read.
"""

import re
import sys
from pathlib import Path

ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(\w+)\s*[=:](.*)")
SECRET = re.compile(r"(?:KEYS?|PASSWORD|SECRET|TOKEN|URL)$")


def main(path: Path) -> int:
    """Return the exit code."""
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        # Where the file cannot be seen from a container (a Docker host elsewhere), nothing is known of it.
        print(f"raxdash: .env is not checked: {type(error).__name__}")
        return 0
    problems = [problem for line in text.splitlines() if (problem := problem_of(line))]
    for problem in problems:
        print(f"raxdash: {problem}", file=sys.stderr)
    return 1 if problems else 0


def problem_of(line: str) -> str:
    """Return what is wrong with a line, without repeating a value; empty where nothing is."""
    match = ASSIGNMENT.fullmatch(line)
    if not match or not SECRET.search(match[1]):
        return ""
    name, value = match[1], match[2].strip()
    if value.startswith("'"):
        return ""
    if "$" in value:
        return f"{name} in .env holds a $, which Compose replaces: put the value in single quotes"
    if re.search(r"\s#", value) and not value.startswith('"'):
        return (
            f"{name} in .env holds a # behind a space, where Compose ends it: put the value in single quotes"
        )
    return ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".env")))
