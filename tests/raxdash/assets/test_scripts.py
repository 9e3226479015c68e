"""Scripts are modules: they share what they import, and the name of each holds a hash of it."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from raxdash.assets.bundles import bundles
from raxdash.assets.storage import StaticStorage
from tests.installation import ROOT, Installation

IMPORTED = re.compile(r'(?<!["\'])\b(?:import|from)\s*\(?["\']([^"\'\s]+)["\']')
SCRIPT = re.compile(r"<script\b[^>]*>")
# Those that run before the first paint and before all others are no modules; others' are loaded as they are.
CLASSIC = ("'common/theme.js'", "'common/trusted_types.js'", "'vendor/htmx/htmx.min.js'")
# The last two stay behind once it has drawn.
OF_PLOTLY = ("Plotly", "PolyBool", "moduleName")
# What our scripts know of one another, and what htmx leaves for them.
OWN_NAMES = """() => {
  const empty = document.createElement("iframe");
  document.body.append(empty);
  const usual = new Set(Object.getOwnPropertyNames(empty.contentWindow));
  empty.remove();
  return Object.getOwnPropertyNames(window).filter((name) => !usual.has(name) && !/^\\d+$/.test(name));
}"""


def stored(folder: Path) -> dict[str, str]:
    """Store the files of a folder as `collectstatic` does; return their hashed names."""
    storage = StaticStorage(location=folder, base_url="/static/")
    names = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    for _, _, processed in storage.post_process({name: (storage, name) for name in names}):
        assert not isinstance(processed, Exception), processed
    return storage.hashed_files


# A text between backticks that is written within another one's: there rjsmin takes words for code.
NESTED = re.compile(r"\$\{[^{}`]*`")


def test_no_text_would_lose_its_spaces_where_scripts_are_shortened() -> None:
    scripts = [path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts]
    assert len(scripts) > 40
    assert [str(path) for path in scripts if NESTED.search(path.read_text())] == []
    assert NESTED.search("`${figure}${currency ? ` ${currency}` : ''}`")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of our static files, with a typeface for the stylesheet that names one."""
    copy = shutil.copytree(ROOT / "static", tmp_path / "static")
    (copy / "vendor/inter").mkdir(parents=True)
    (copy / "vendor/inter/inter-latin.woff2").write_bytes(b"")
    return copy


def test_every_import_leads_to_a_hashed_file(house: Path) -> None:
    names = stored(house)
    imports = [
        (house / hashed).parent / address
        for hashed in names.values()
        if hashed.endswith(".js")
        for address in IMPORTED.findall((house / hashed).read_text())
    ]
    assert imports
    hashed_files = {house / hashed for hashed in names.values()}
    assert {path.resolve() for path in imports} <= hashed_files


def test_a_changed_helper_renames_what_imports_it_and_nothing_else(house: Path, tmp_path: Path) -> None:
    changed = shutil.copytree(house, tmp_path / "changed")
    (changed / "common/events.js").write_text("export function on() {}\n")
    before, after = stored(house), stored(changed)
    renamed = {name for name in before if before[name] != after[name]}
    assert {"common/events.js", "common/menus.js", "playground/editor/form.js"} <= renamed
    assert not {"common/theme.js", "common/clipboard.js", "common/frame.css"} & renamed


def test_a_changed_helper_of_a_bundle_renames_that_and_what_asks_it(house: Path, tmp_path: Path) -> None:
    bundled(house)
    changed = shutil.copytree(house, tmp_path / "changed")
    helper = changed / "common/events.js"
    helper.write_text(helper.read_text() + "\nexport const more = 1;\n")
    bundled(changed)
    before, after = stored(house), stored(changed)
    renamed = {name for name in before if before[name] != after[name]}
    assert {"bundles/common.js", "bundles/playground.js", "usage/explore/chart.js"} <= renamed
    assert not {"bundles/common.css", "common/theme.js"} & renamed


def bundled(house: Path) -> None:
    """Add the bundles of a house to its files."""
    tabler = house / "vendor/tabler/tabler.css"
    tabler.parent.mkdir(exist_ok=True)
    tabler.write_text("")
    for name, content in bundles(lambda name: (house / name).read_text()):
        (house / name).parent.mkdir(exist_ok=True)
        (house / name).write_text(content)


def test_pages_load_modules() -> None:
    tags = [tag for path in (ROOT / "templates").rglob("*.html") for tag in SCRIPT.findall(path.read_text())]
    ours = [tag for tag in tags if "src=" in tag and not any(name in tag for name in CLASSIC)]
    assert ours
    assert [tag for tag in ours if 'type="module"' not in tag] == []


def test_scripts_share_no_names_through_the_page(alice: Page, live_raxdash: Installation) -> None:
    for page in ("playground", "keys/add", "usage"):
        alice.goto(f"{live_raxdash.url}/t/acme/{page}/")
        assert {"htmx"} <= set(alice.evaluate(OWN_NAMES)) <= {"htmx", *OF_PLOTLY}, page
