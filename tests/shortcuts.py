"""What pages and the documentation tell of the keys of a page."""

import re
from html import unescape

from tests.installation import ROOT


def told_on(page: str) -> list[tuple[str, str]]:
    """Return what a page's sheet says."""
    (sheet,) = re.findall(r'<dialog class="help".*?</dialog>', page, re.DOTALL)
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", sheet, re.DOTALL)
    return [("+".join(re.findall("<kbd>(.*?)</kbd>", keys)), unescape(words)) for keys, words in rows]


def told_below(heading: str) -> list[tuple[str, str]]:
    """Return what the table below a heading of docs/use.md says."""
    text = (ROOT / "docs/use.md").read_text()
    (told,) = re.findall(rf"^### {heading}\n.*?(?=^##)", text, re.DOTALL | re.MULTILINE)
    return re.findall(r"^\| (.+?) \| (.+?) \|$", told, re.MULTILINE)[2:]
