"""Bring what pages load of browser libraries from node_modules to build/vendor, ready for collectstatic; and
the fonts of pictures that the server draws to build/fonts.
"""

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from raxdash.assets.bundles import bundles
from raxdash.assets.stylesheets import only_used, used_in_markup, used_in_script

FILES = {
    # In one file: htmx looks at the page as soon as it has run, and an extension that arrives later, in a
    # script of its own, would never see what the page holds from the start.
    "htmx/htmx.min.js": (
        "htmx.org/dist/htmx.min.js",
        "htmx.org/dist/ext/hx-ptag.min.js",
        "htmx.org/dist/ext/hx-sse.min.js",
    ),
    "plotly/plotly-basic.min.js": ("plotly.js-basic-dist-min/plotly-basic.min.js",),
}
COPIES = {
    "inter/inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter/LICENSE.txt": "@fontsource-variable/inter/LICENSE",
}
# Inter, and for letters that it has not got a font with many scripts.
FONTS = {
    "Inter_400Regular.ttf": "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
    "Inter_600SemiBold.ttf": "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
    "DejaVuSans.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
    "inter-LICENSE.txt": "@expo-google-fonts/inter/LICENSE_FONT",
    "dejavu-LICENSE.txt": "dejavu-fonts-ttf/LICENSE",
}
TABLER = "@tabler/core/dist/css/tabler.min.css"
# What Tabler calls so is something else.
OURS = {"legend", "mark", "prose", "status", "steps", "tag"}
APPS = ("common", "teams", "usage", "playground", "raxdash")
# The maps are not shipped, and a hashed file may not refer to one that is missing.
SOURCE_MAP = re.compile(r"(?://|/\*)[#@]\s*sourceMappingURL=[^\s*]+\s*(?:\*/)?")
PLOTLY_RULES = re.compile(r'\{"X,X div":.*?\}(?=[,;])', re.DOTALL)
PLOTLY_RULE = re.compile(r'"((?:[^"\\]|\\.)*)":("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')', re.DOTALL)


class Command(BaseCommand):
    """Build what the browser loads."""

    help = "Bring browser libraries and fonts from node_modules to build, and make stylesheets."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write build/vendor, with the bundles, and build/fonts anew."""
        build, source = settings.BASE_DIR / "build", settings.BASE_DIR / "node_modules"
        target = build / "vendor" / "vendor"
        for name, parts in FILES.items():
            write(target / name, ";\n".join(part(source / path) for path in parts))
        for name, path in COPIES.items():
            write(target / name, present(source / path).read_bytes())
        for name, path in FONTS.items():
            write(build / "fonts" / name, present(source / path).read_bytes())
        write(target / "tabler/tabler.css", only_used(part(source / TABLER), used_classes(), own_styles()))
        plotly = (target / "plotly/plotly-basic.min.js").read_text()
        write(target / "plotly/plotly.css", plotly_stylesheet(plotly))
        for name, content in bundles(read_source):
            write(build / "vendor" / name, content)


def read_source(name: str) -> str:
    """Return the text of a static file of ours, or of one that was built before."""
    folders = (settings.BASE_DIR / "static", settings.BASE_DIR / "build" / "vendor")
    return next(path for folder in folders if (path := folder / name).exists()).read_text()


def used_classes() -> set[str]:
    """Return the classes that templates, Python and scripts use, and perhaps some words more."""
    markup = [*(settings.BASE_DIR / "templates").rglob("*.html")]
    for app in APPS:
        markup += (settings.BASE_DIR / app).rglob("*.py")
    scripts = (settings.BASE_DIR / "static").rglob("*.js")
    used = [used_in_markup(file.read_text()) for file in markup]
    used += [used_in_script(file.read_text()) for file in scripts]
    return set[str]().union(*used) - OURS


def own_styles() -> str:
    """Return our own stylesheets: they ask for variables of Tabler's."""
    return "".join(file.read_text() for file in (settings.BASE_DIR / "static").rglob("*.css"))


def part(file: Path) -> str:
    """Return a library's text without what refers to its source map."""
    return SOURCE_MAP.sub("", present(file).read_text())


def present(file: Path) -> Path:
    """Return a file of a library, if it is there."""
    if not file.exists():
        raise CommandError(f"{file} is missing: run `make install`")
    return file


def write(path: Path, content: str | bytes) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


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
