"""A request as a curl command.

Its body is a here-document with a quoted end: the shell reads nothing in it, and it may be of any length,
which an argument may not. No line of JSON is that end, as its texts are in quotes and keep to their line.
"""

import shlex

from playground.code.export.literals import JSON
from playground.code.export.requests import KEY_VARIABLE, CodeRequest


def curl(request: CodeRequest) -> str:
    """Return the command that sends this request and shows what comes back as it comes."""
    return (
        f"curl --no-buffer {shlex.quote(request.url)} \\\n"
        f'  --header "Authorization: Bearer ${KEY_VARIABLE}" \\\n'
        '  --header "Content-Type: application/json" \\\n'
        f"  --data-binary @- <<'EOF'\n{JSON.write(request.payload)}\nEOF\n"
    )
