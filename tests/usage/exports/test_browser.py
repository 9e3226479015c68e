"""What people take away from the usage page in a real browser: the clipboard, pictures, files."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.conftest import sign_in
from tests.installation import Installation, wait_until
from tests.usage.busy import busy_raxdash
from tests.usage.explore.test_browser import drawn


@pytest.fixture(scope="module")
def raxdash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running raxdash whose key is busy elsewhere, and was polled once; with a worker."""
    with busy_raxdash(tmp_path_factory.mktemp("exports")) as installation:
        installation.start_worker()
        yield installation


def export(page: Page) -> None:
    """Open the menu."""
    page.locator("#export-menu > summary").click()
    expect(page.get_by_role("link", name="CSV", exact=True)).to_be_visible()


def taken(page: Page, pressed: Locator) -> Download:
    with page.expect_download() as download:
        pressed.click()
    return download.value


def assert_on_paper(page: Page) -> None:
    """All numbers and whose they are, and nothing to press."""
    screen = page.viewport_size
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})
    expect(page.locator(".on-paper")).to_contain_text("Acme: Tokens by model, ")
    for head in ("Tokens", "Share", "Requests", "Tokens a request"):
        expect(page.locator("#numbers").get_by_role("columnheader", name=head, exact=True)).to_be_visible()
    assert [button.inner_text() for button in page.get_by_role("button").all() if button.is_visible()] == []
    page.emulate_media(media="screen")
    page.set_viewport_size(screen)


def copied(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def test_numbers_tables_pictures_and_files_are_taken_away(page: Page, raxdash: Installation) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, raxdash)
    page.goto(f"{raxdash.url}/t/acme/usage/?period=billing")
    drawn(page)
    # The worker polls at its own time, and the page would show that after half a minute.
    page.locator("[id^=refresh-]").evaluate("refresh => refresh.remove()")
    total = page.locator("#total-tokens").inner_text()
    page.get_by_role("button", name="Copy the table").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    heads, *rows, foot = [line.split("\t") for line in copied(page).split("\n")]
    assert heads[:3] == ["Model", "Tokens", "Share"]
    assert {row[0] for row in rows} == {"rax-4.0", "rax-4.5"}
    assert foot[1] == total.replace(",", "")

    assert_on_paper(page)
    export(page)
    page.get_by_role("button", name="Copy summary").click()
    wait_until(lambda: f"Acme used {total} tokens in " in copied(page), "the summary to be copied")
    page.get_by_role("button", name="Copy numbers").click()
    wait_until(lambda: copied(page).startswith(f"Tokens: {total}"), "the numbers to be copied")

    shown = taken(page, page.get_by_role("button", name="Chart as shown, SVG"))
    assert shown.suggested_filename.endswith(".svg")
    text = shown.path().read_text()
    told = [node.text for node in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}text")]
    assert {"rax-4.0", "rax-4.5"} <= set(told)
    assert any(word.startswith("Tokens by model, ") for word in told if word)
    assert "<image" not in text
    button = page.get_by_role("button", name="Chart as shown, PNG")
    # As a name may: an SVG that held it would be none.
    button.evaluate("button => { button.dataset.title += '\\ufffe\\u0001' }")
    image = taken(page, button)
    assert image.path().read_bytes().startswith(b"\x89PNG")

    file = taken(page, page.get_by_role("link", name="CSV", exact=True))
    assert file.path().read_text().startswith("start,end,model,model_id,")
    export(page)
    page.get_by_role("button", name="Excel (XLSX)").click()
    link = page.get_by_role("link", name="Download")
    expect(link).to_be_visible(timeout=30_000)
    assert taken(page, link).path().read_bytes().startswith(b"PK")
