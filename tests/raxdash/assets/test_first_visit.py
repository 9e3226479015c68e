"""What a first visit loads stays within the budget, compressed, and is kept for ever after."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.templatetags.static import static

from bench.benchmarks.assets import IMPORTED, MOST_CHART_BYTES, MOST_OTHER_BYTES, NAMED
from raxdash.assets.serving import HASHED
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGES = ("playground", "playground/runs", "quota", "models", "keys", "members", "settings")


def file(address: str) -> Path:
    return Path(settings.STATIC_ROOT) / address.removeprefix("/static/")


def loaded(page: str) -> set[str]:
    """The files that a page names, and those that its scripts import."""
    needed: set[str] = set()
    found = set(NAMED.findall(page))
    while found:
        needed |= found
        scripts = [address for address in found if address.endswith(".js")]
        texts = {each: file(each).read_text() for each in scripts}
        imports = {urljoin(each, name) for each, text in texts.items() for name in IMPORTED.findall(text)}
        found = imports - needed
    return needed


def weight(addresses: set[str]) -> int:
    """Their bytes as they are sent to a browser that takes brotli."""
    compressed = {address: file(f"{address}.br") for address in addresses}
    return sum((br if br.exists() else file(address)).stat().st_size for address, br in compressed.items())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_a_chart_is_within_its_budget(cast: Cast, name: str) -> None:
    files = loaded(cast.client("alice").get(f"/t/acme/{name}/").text)
    assert len(files) > 6
    assert 70_000 < weight(files) <= MOST_OTHER_BYTES


def test_a_slow_line_does_not_wait_for_file_after_file_of_the_playground(cast: Cast) -> None:
    page = cast.client("alice").get("/t/acme/playground/").text
    files = loaded(page)
    assert len(files) <= 10
    # Nothing is asked for only when something else has arrived.
    assert files == set(NAMED.findall(page))


def test_a_page_with_a_chart_is_within_its_budget(cast: Cast) -> None:
    files = loaded(cast.client("alice").get("/t/acme/usage/").text)
    library = static("vendor/plotly/plotly-basic.min.js")
    assert 300_000 < weight(files | {library}) <= MOST_CHART_BYTES


def test_all_of_it_is_kept_for_ever(cast: Cast) -> None:
    files = loaded(cast.client("alice").get("/t/acme/usage/").text)
    assert [address for address in files if not re.match(HASHED, address)] == []


def test_the_typeface_is_loaded_at_once_and_shown_when_it_is_there(cast: Cast) -> None:
    page = cast.client("alice").get("/t/acme/keys/")
    (font,) = re.findall(r'<link rel="preload" href="([^"]+\.woff2)" as="font"[^>]* crossorigin>', page.text)
    styles = [file(address).read_text() for address in loaded(page.text) if address.endswith(".css")]
    (typeface,) = [each for each in styles if file(font).name in each]
    assert "font-display: swap" in typeface
    assert "font-src 'self'" in page["Content-Security-Policy"]


def test_scripts_are_sent_without_what_only_people_read(cast: Cast) -> None:
    alice = cast.client("alice")
    files = loaded(alice.get("/t/acme/playground/").text) | loaded(alice.get("/t/acme/usage/").text)
    ours = [address for address in files if address.endswith(".js") and "/vendor/" not in address]
    assert len(ours) > 12
    for address in ours:
        sent = file(address).read_text()
        assert not re.search(r"^\s*(//|/\*)", sent, re.MULTILINE), address
        # What one imports of another has a name that holds its content, too.
        assert all(re.match(HASHED, name) for name in IMPORTED.findall(sent)), address
