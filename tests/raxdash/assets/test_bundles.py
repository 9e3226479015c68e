"""A bundle does what its modules do, each once and in their order; and they are written as it knows them."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from raxdash.assets.bundles import (
    EXPORT,
    IMPORT,
    SCRIPTS,
    STYLES,
    as_function,
    base_modules,
    bundles,
    in_order,
    script,
    style,
    with_base,
)
from raxdash.management.commands.build_assets import read_source
from tests.installation import ROOT
from tests.node import node

MODULES = {
    "common/first.js": """say("first");
let count = 0;
export function counted() {
  return (count += 1);
}
""",
    "common/second.js": """import { counted as also, counted } from "./first.js";
say("second", also());
export const { log } = console;
export const word = "other";
export class Kept {}
export async function later() {}
export function* many() {
  yield counted();
}
""",
    "page/own.js": """import {
  counted,
} from "../common/first.js";
import "./other.js";
say("own", counted());
""",
    "page/other.js": """import { Kept, log, many, word } from "../common/second.js";
log(word, ...many(), Kept.name);
""",
}
SAID = ["first", "second 1", "other 2 Kept", "own 3"]


def said(folder: Path, files: Mapping[str, str], entry: str) -> list[str]:
    """Run a module, and return what was said."""
    (folder / "say.mjs").write_text("globalThis.say = (...words) => console.log(...words);\n")
    for name, text in {**files, "package.json": '{"type": "module"}'}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    ran = subprocess.run(
        [node(), "--import", folder / "say.mjs", folder / entry], capture_output=True, text=True, check=True
    )
    return ran.stdout.splitlines()


def test_modules_in_bundles_do_what_they_do_by_themselves(tmp_path: Path) -> None:
    read = MODULES.__getitem__
    assert said(tmp_path, MODULES, "page/own.js") == SAID
    base = in_order(["common/second.js"], read)
    common = "".join(as_function(name, read(name), "export ") for name in base)
    own = [name for name in in_order(["page/own.js"], read) if name not in base]
    page = script("bundles/page.js", own, read, base)
    apart = with_base("page/own.js", read("page/own.js").replace('import "./other.js";', ""), base)
    files = {"bundles/common.js": common, "bundles/page.js": page, "page/apart.js": apart}
    assert said(tmp_path, files, "bundles/page.js") == SAID
    # What stays a file of its own shares the modules of the bundle.
    both = {**files, "both.js": 'import "./bundles/page.js";\nimport "./page/apart.js";\n'}
    assert said(tmp_path, both, "both.js") == [*SAID, "own 4"]


def test_a_circle_is_told() -> None:
    circle = {"a.js": 'import { b } from "./b.js";', "b.js": 'import { a } from "./a.js";'}
    with pytest.raises(ValueError, match="imports what imports it"):
        in_order(["a.js"], circle.__getitem__)


@pytest.mark.parametrize("path", sorted((ROOT / "static").rglob("*.js")), ids=lambda path: path.stem)
def test_scripts_import_and_export_in_forms_that_bundles_know(path: Path) -> None:
    text = path.read_text()
    assert len(re.findall(r"^import\b", text, re.MULTILINE)) == len(IMPORT.findall(text))
    assert len(re.findall(r"^\s*export\b", text, re.MULTILINE)) == len(EXPORT.findall(text))
    assert not re.search(r"\bimport\(|import\.meta|^await |^export (let|default|\*|\{)", text, re.MULTILINE)


def test_stylesheets_find_their_files_and_keep_terms_of_use() -> None:
    text = '/*! MIT */ /* why */ @font-face { src: url("../vendor/a.woff2") }'
    assert style("playground/editor/a.css", text).startswith("/*! MIT */")
    assert 'url("../playground/vendor/a.woff2")' in style("playground/editor/a.css", text)
    assert "why" not in style("common/a.css", text)


def test_everything_that_is_bundled_stands_in_one_bundle() -> None:
    made = dict(bundles(read_source))
    assert set(made) == {
        *(f"bundles/{name}.js" for name in SCRIPTS),
        *(f"bundles/{name}.css" for name in STYLES),
    }
    constant = re.compile(r"^(?:export )?const (\S+\$\S+) =", re.MULTILINE)
    constants = [name for text in made.values() for name in constant.findall(text)]
    assert len(constants) == len(set(constants)) >= 60
    assert "common$events" in constants
    assert len(base_modules(read_source)) > 9
    # Tabler's terms, of which a copy must say.
    assert "/*!" in made["bundles/common.css"]
