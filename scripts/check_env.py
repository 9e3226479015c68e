"""Name the secrets of an `.env` file that Compose reads otherwise than written; exit 1 if there are any.

Compose ends a value without quotes before ` #` and one in quotes at the second of them, replaces `$name` in
all but single quotes, mostly by nothing, and in double quotes reads what follows a backslash. What reaches a
container shows no trace of it, so the file itself is read.
"""

import re
import sys
from pathlib import Path

ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(\w+)\s*[=:](.*)")
QUOTED = re.compile(r"""(['"])((?:\\.|(?!\1).)*)\1""")
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
    trouble = trouble_of(match[2].strip())
    return f"{match[1]} in .env holds {trouble}: put the value in single quotes" if trouble else ""


def trouble_of(value: str) -> str:
    """Return what in a value Compose does not take as it is; empty where it takes all."""
    if quoted := QUOTED.match(value):
        if quoted[1] == '"' and "$" in quoted[2]:
            return "a $, which Compose replaces"
        if quoted[1] == '"' and "\\" in quoted[2]:
            return "a backslash, which Compose does not take as one"
        behind = value[quoted.end() :]
        return "" if re.fullmatch(r"\s*|\s+#.*", behind) else "a quote, where Compose ends it"
    if "$" in value:
        return "a $, which Compose replaces"
    return "a # behind a space, where Compose ends it" if re.search(r"\s#", value) else ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".env")))
