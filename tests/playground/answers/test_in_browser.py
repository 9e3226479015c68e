"""The views of an answer in a browser, while it is written and afterwards."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.holding import hold
from tests.installation import Installation
from tests.playground.conftest import set_pace, steer
from tests.playground.editor.test_in_browser import LONG, ask, wait_for_more

# How much of the answer stands on the page.
SHOWN = "document.querySelector('.answer').textContent.trim().length"
SOURCE = "document.querySelector('template[data-source]').content.textContent"


@pytest.fixture
def unhurried(playground: Page, live_raxdash: Installation) -> Iterator[Page]:
    set_pace(live_raxdash, 60)
    yield playground
    steer(live_raxdash, {})


def show(page: Page, name: str) -> None:
    views = page.get_by_role("navigation", name="Show the answer as")
    # By keys: beside an answer that grows, a link moves for as long as the page follows.
    views.get_by_role("link", name=name, exact=True).press("Enter")
    expect(views.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "true")


def test_views_change_while_an_answer_is_written_and_nothing_is_lost(
    unhurried: Page, live_raxdash: Installation
) -> None:
    page = unhurried
    ask(page, LONG)
    wait_for_more(page, 200)
    for name in ("Plain", "Rendered"):
        before = page.evaluate(SHOWN)
        show(page, name)
        wait_for_more(page, before + 100)
    asked = hold(page, re.compile(r"/playground/stream/\?run="), times=1)
    before = page.evaluate(SHOWN)
    show(page, "Plain")
    expect(page.locator(".answer-tail > *"), "the stream of the other view has ended").not_to_have_count(0)
    asked().continue_()
    expect(page.locator(".answer-tail > .live:not([id])")).to_be_attached()
    wait_for_more(page, before + 100)
    assert page.locator(".answer-plain").count() == 1
    written = page.evaluate("document.querySelector('.answer-closed').textContent")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".state-stopped")).to_contain_text("Stopped by alice@example.com after ≈")
    whole = page.evaluate(SOURCE)
    assert page.evaluate("document.querySelector('.answer-closed').textContent") == whole
    assert whole.startswith(written)
    assert len(written) > 400

    show(page, "Raw")
    lines = page.locator(".raw-lines tbody tr")
    expect(lines.first).to_contain_text("data: {")
    assert page.locator(".timeline-bar").count() > 10
    assert "view=" not in page.url
    page.reload()
    assert page.locator(".answer-plain").count() == 1, "the choice has not stayed"

    page.locator("[data-edit]").click()
    page.get_by_label("Edited message").fill("Something else")
    show(page, "Rendered")
    assert page.get_by_label("Edited message").input_value() == "Something else", "what was typed is gone"

    page.get_by_role("link", name="Permalink").click()
    show(page, "JSON")
    expect(page.get_by_text("Not valid JSON.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?view=json$"))
    live_raxdash.write("""UPDATE playground_run SET text = '{"town": "Bath"}'""")
    page.reload()
    page.get_by_text("Check against a schema").click()
    page.get_by_label("JSON Schema").fill('{"required": ["sea"]}')
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("sea").last).to_be_visible()
    page.reload()
    page.get_by_text("Check against a schema").click()
    expect(page.get_by_label("JSON Schema")).to_have_value('{"required": ["sea"]}')
    show(page, "Rendered")


def test_a_view_that_comes_after_the_end_shows_the_end(unhurried: Page) -> None:
    page = unhurried
    ask(page, LONG)
    wait_for_more(page, 200)
    asked = hold(page, re.compile(r"view=plain$"), times=1)
    page.get_by_role("link", name="Plain", exact=True).press("Enter")
    route = asked()
    answer = route.fetch()
    assert 'aria-busy="true"' in answer.text()
    page.get_by_role("button", name="Stop").press("Enter")
    expect(page.locator(".state-stopped")).to_be_visible()
    route.fulfill(response=answer)
    expect(page.locator(".answer-plain")).to_be_visible()
    expect(page.locator(".state-stopped")).to_be_visible()
    expect(page.locator(".answer[aria-busy=true]")).to_have_count(0)
