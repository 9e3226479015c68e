"""Copy the browser libraries that pages load from node_modules to build/vendor, ready for collectstatic."""

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

FILES = {
    # In one file: htmx looks at the page as soon as it has run, and an extension that arrives later, in a
    # script of its own, would never see what the page holds from the start.
    "htmx/htmx.min.js": (
        "htmx.org/dist/htmx.min.js",
        "htmx.org/dist/ext/hx-ptag.min.js",
        "htmx.org/dist/ext/hx-sse.min.js",
    ),
    "tabler/tabler.min.css": ("@tabler/core/dist/css/tabler.min.css",),
    "plotly/plotly-basic.min.js": ("plotly.js-basic-dist-min/plotly-basic.min.js",),
}
# The maps are not shipped, and a hashed file may not refer to one that is missing.
SOURCE_MAP = re.compile(r"(?://|/\*)[#@]\s*sourceMappingURL=[^\s*]+\s*(?:\*/)?")
PLOTLY_RULES = re.compile(r'\{"X,X div":.*?\}(?=[,;])', re.DOTALL)
PLOTLY_RULE = re.compile(r'"((?:[^"\\]|\\.)*)":("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')', re.DOTALL)


class Command(BaseCommand):
    """Build what the browser loads."""

    help = "Copy browser libraries from node_modules to build/vendor and make Plotly's stylesheet."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write build/vendor anew."""
        source, target = settings.BASE_DIR / "node_modules", settings.BASE_DIR / "build" / "vendor" / "vendor"
        for name, parts in FILES.items():
            write(target / name, ";\n".join(part(source / path) for path in parts))
        plotly = (target / "plotly/plotly-basic.min.js").read_text()
        write(target / "plotly/plotly.css", plotly_stylesheet(plotly))


def part(file: Path) -> str:
    """Return a library's text without what refers to its source map."""
    if not file.exists():
        raise CommandError(f"{file} is missing: run `make install`")
    return SOURCE_MAP.sub("", file.read_text())


def write(path: Path, text: str) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def plotly_stylesheet(script: str) -> str:
    """Return the CSS rules that plotly.js would insert by script, which a strict `style-src` forbids.

    The rules stand in the script as an object of selector and declarations, `X` for the chart and `Y` for
    its notices. Raises `CommandError` where a new plotly.js keeps them in another form.
    """
    found = PLOTLY_RULES.search(script)
    if found is None:
        raise CommandError("This plotly.js keeps its style rules in a form that build_assets does not know")
    rules = [(selector, unquote(value)) for selector, value in PLOTLY_RULE.findall(found.group())]
    lines = []
    for selector, declarations in rules:
        full = selector.replace("X", ".js-plotly-plot .plotly").replace("Y", ".plotly-notifier")
        lines.append(f"{full} {{ {declarations} }}")
    return "\n".join(lines) + "\n"


def unquote(literal: str) -> str:
    """Return the text of a JavaScript string literal in either kind of quotes."""
    body = literal[1:-1]
    if literal[0] == "'":
        body = body.replace("\\'", "'").replace('"', '\\"')
    return json.loads(f'"{body}"')
