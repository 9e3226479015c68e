"""Browser libraries are used under terms that were read, and that allow it."""

import json

import pytest

from tests.installation import ROOT

# As the packages write them. BSD-0-Clause is how htmx writes 0BSD; DejaVu has those of Bitstream Vera,
# which are free and have no short name.
READ = {
    *("MIT", "OFL-1.1", "MIT AND OFL-1.1", "MIT OR Apache-2.0", "Apache-2.0", "MPL-2.0", "BSD-0-Clause"),
    "SEE LICENSE IN README.md AND LICENSE",
}
PACKAGE = json.loads((ROOT / "package.json").read_text())


@pytest.mark.parametrize("name", [*PACKAGE["dependencies"], *PACKAGE["devDependencies"]])
def test_its_terms_were_read(name: str) -> None:
    package = json.loads((ROOT / "node_modules" / name / "package.json").read_text())
    assert package["license"] in READ
