"""The quota page in a browser: whatever names and counters come from outside, it keeps its width."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import sign_in
from tests.installation import Installation
from tests.loading import at_rest

WIDE = Path(__file__).with_name("wide.py")
# What is cut off with an ellipsis is as wide as it is; what cuts it must be within.
LEAVING = """() => [...document.querySelectorAll("#quota article *:not(.trunc *)")].filter((element) => {
  const card = element.closest("article").getBoundingClientRect();
  const box = element.getBoundingClientRect();
  return box.width && (box.right > card.right + 1 || box.left < card.left - 1);
}).map((element) => element.textContent.trim().slice(0, 60))"""


@pytest.fixture
def quota(page: Page, live_raxdash: Installation) -> Page:
    """Alice's page of a team whose names and counters are as long as they may be."""
    if not live_raxdash.rows("SELECT 1 FROM teams_team WHERE name = 'Wide'"):
        live_raxdash.manage("shell", stdin=WIDE.read_text())
    sign_in(page, live_raxdash)
    page.goto(f"{live_raxdash.url}/t/wide/quota/")
    return page


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_long_names_and_large_numbers_stay_within_their_cards(quota: Page, width: int) -> None:
    quota.set_viewport_size({"width": width, "height": 900})
    expect(quota.locator("article")).to_have_count(2)
    expect(quota.locator("article").first).to_contain_text("1,000,000,000,000,000")
    for row in quota.locator("#quota summary").all():
        row.click()
    expect(quota.locator("#quota .q-open")).to_have_count(2)  # what the rows hold is asked for when they open
    assert quota.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert quota.evaluate(LEAVING) == []


def test_an_open_row_stays_open_while_the_page_refreshes(quota: Page) -> None:
    row = quota.locator("#quota article").first
    row.locator("summary").first.click()
    expect(row.get_by_role("heading", name="Does the plan fit?")).to_be_visible()
    with quota.expect_response(lambda answer: answer.url.endswith("/t/wide/quota/")):
        quota.evaluate("htmx.trigger('#quota', 'every')")
    at_rest(quota)
    expect(row.get_by_role("heading", name="Who spends it today")).to_be_visible()
    assert quota.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_name_that_runs_backwards_turns_nothing_beside_it(quota: Page) -> None:
    title = quota.locator(".q-name", has_text="gnp")
    name, plan = title.locator("bdi").bounding_box(), title.locator(".tag").bounding_box()
    assert name
    assert plan
    assert plan["x"] >= name["x"] + name["width"]
    expect(title.locator(".tag")).to_have_text("Own numbers")
