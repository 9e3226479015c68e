"""Pages stay where they are while parts of them change, and the chart's filter goes with them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import NARROW
from tests.conftest import Console
from tests.holding import intercept
from tests.loading import at_rest
from tests.look.stage import FULL, Stage
from tests.look.walk import settle
from tests.menus import choose

OTHER_MODEL = "rax-4.5"
MODEL = "rax-4.0"
UNATTRIBUTED = "Unattributed"


@pytest.fixture
def phone(browser: Browser, stage: Stage, console: Console) -> Iterator[Page]:
    """The owner's telephone: here everything is far down the page."""
    context = browser.new_context(viewport=NARROW, base_url=stage.installation.url)
    context.add_cookies(stage.people["owner"].cookies())
    page = context.new_page()
    console.listen(page)
    yield page
    context.close()


@pytest.fixture
def chart(phone: Page) -> Page:
    """The usage of thirty days, drawn, with the legend in view."""
    phone.goto(f"/t/{FULL}/usage/?period=30d")
    settle(phone)
    phone.locator(".chart-legend").scroll_into_view_if_needed()
    return phone


def drawn(page: Page) -> list[str]:
    """The names of the series that Plotly holds."""
    return page.evaluate(
        "document.getElementById('chart').stage.figure.layout.meta.columns.map(([name]) => name)"
    )


def legend(page: Page, label: str):
    return page.locator(".chart-legend [data-alone]", has_text=label)


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"]


def test_a_series_hides_without_moving_the_page(chart: Page) -> None:
    before = top(chart, "#numbers-title")
    legend(chart, MODEL).click()
    expect(legend(chart, MODEL)).to_have_class("is-hidden")
    assert top(chart, "#numbers-title") == before
    assert chart.evaluate("scrollY") > 0
    expect(chart.locator("#numbers")).not_to_contain_text(MODEL)
    expect(chart.locator(".chart-canvas")).to_have_attribute(
        "data-figure-id", chart.locator("#chart").get_attribute("data-figure-id") or "none"
    )
    assert MODEL not in drawn(chart)


def test_the_filter_outlives_the_period_and_a_reload(chart: Page) -> None:
    legend(chart, MODEL).click()
    expect(chart).to_have_url(re.compile("hide=[0-9]"))
    choose(chart, "period-menu", "7 days")
    expect(chart).to_have_url(re.compile("period=7d"))
    expect(legend(chart, MODEL)).to_have_class("is-hidden")
    chart.reload()
    settle(chart)
    assert MODEL not in drawn(chart)
    chart.get_by_role("link", name="Show all").click()
    expect(chart.locator(".is-hidden")).to_have_count(0)


def test_pressed_twice_a_series_stands_alone(chart: Page) -> None:
    legend(chart, MODEL).dblclick()
    expect(legend(chart, OTHER_MODEL)).to_have_class("is-hidden")
    expect(legend(chart, MODEL)).not_to_have_class("is-hidden")
    expect(legend(chart, UNATTRIBUTED)).to_have_class("is-hidden")
    expect(chart).to_have_url(re.compile("hide=[0-9]"))


def test_nothing_jumps_while_the_chart_is_loaded(phone: Page, console: Console) -> None:
    phone.route("**/plotly-basic*", lambda route: route.abort())
    phone.goto(f"/t/{FULL}/usage/?period=30d")
    expect(phone.get_by_text("The chart could not be loaded.")).to_be_visible()
    without = top(phone, "#numbers-title")
    console.clear()  # Chromium reports what was kept from it
    phone.unroute("**/plotly-basic*")
    phone.reload()
    settle(phone)
    assert top(phone, "#numbers-title") == without


def test_the_quota_refreshes_under_the_readers_eyes(phone: Page) -> None:
    phone.goto(f"/t/{FULL}/quota/")
    last = f"#{phone.locator('#quota article').last.get_attribute('id')}"
    phone.locator(last).scroll_into_view_if_needed()
    before = top(phone, last)
    with phone.expect_response(re.compile("/quota/")):
        phone.evaluate("htmx.trigger('#quota', 'every')")
    at_rest(phone)
    assert top(phone, last) == before


def test_a_part_that_fails_leaves_the_page_and_says_so(phone: Page, console: Console) -> None:
    phone.goto(f"/t/{FULL}/usage/?period=30d")
    settle(phone)
    phone.evaluate("htmx.ajax('GET', '/t/demo/nothing-here/', { source: '#report' })")
    expect(phone.get_by_role("alert")).to_contain_text("There is no such page.")
    expect(phone.locator("#chart")).to_be_visible()
    console.clear()  # Chromium reports the 404


def ask_again(page: Page) -> None:
    """Let the page ask for its numbers again, as it does every half a minute."""
    page.evaluate("htmx.trigger(document.querySelector(\"[id^='refresh-']\"), 'every')")


def test_numbers_that_cannot_be_asked_for_again_are_dimmed_until_they_can(
    chart: Page, console: Console
) -> None:
    note, report = chart.locator("#unrefreshed"), chart.locator("#report")
    expect(note).to_be_hidden()
    intercept(chart, re.compile("/usage/"), lambda route: route.abort(), times=1)
    ask_again(chart)
    expect(note).to_contain_text("This page cannot be refreshed; it is asked for again by itself.")
    expect(report).to_have_class(re.compile("is-unrefreshed"))
    ask_again(chart)
    expect(note).to_be_hidden()
    expect(report).not_to_have_class(re.compile("is-unrefreshed"))
    console.clear()  # Chromium reports what was kept from it


def test_what_was_opened_stays_while_numbers_come_anew_and_what_is_pressed_is_sent(chart: Page) -> None:
    chart.locator("#filter-menu > summary").click()
    chart.locator("#filter-model > summary").click()
    name = chart.locator("#filter-model").get_by_role("link", name=MODEL)
    expect(name).to_be_visible()
    chart.evaluate(
        "htmx.ajax('GET', location.href, { source: '#report', target: '#report', swap: 'outerMorph' })"
    )
    expect(name).to_be_visible()
    # A form is sent after a moment: whatever has become of its part of the page.
    chart.evaluate(
        """() => {
          const form = document.createElement("form");
          form.action = "../models/";
          document.body.append(form);
          form.requestSubmit();
          form.remove();
        }"""
    )
    chart.wait_for_url(re.compile("/models/"))


def test_numbers_that_come_anew_leave_who_points_at_one_where_they_are(chart: Page) -> None:
    settle(chart)
    chart.locator("#chart").focus()
    chart.keyboard.press("End")
    chart.keyboard.press("ArrowLeft")
    tip = chart.locator("#chart .chart-tip")
    told = tip.inner_text()
    drawn_again = """new Promise((told) => {
      document.querySelector(".chart-canvas").once("plotly_afterplot", () => setTimeout(told));
      document.dispatchEvent(new CustomEvent("raxdash:theme"));
    })"""
    chart.evaluate(drawn_again)
    expect(tip).to_be_visible()
    assert tip.inner_text() == told


def test_on_paper_all_is_light_and_afterwards_as_it_was(chart: Page) -> None:
    chart.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    chart.evaluate(
        """() => {
          addEventListener("beforeprint", () => (window.printed = document.documentElement.cloneNode()));
          const sizes = ({ width, height }) => [width.baseVal.value, height.baseVal.value];
          const drawn = document.getElementById("chart").getElementsByClassName("main-svg");
          addEventListener("afterprint", () => (window.sizes = sizes(drawn[0])), { capture: true });
        }"""
    )
    chart.pdf()
    look = "node => [node.getAttribute('data-bs-theme'), node.classList.contains('is-printed')]"
    assert chart.evaluate(f"({look})(window.printed)") == ["light", True]
    assert chart.evaluate(f"({look})(document.documentElement)") == ["dark", False]
    # The chart was drawn for the paper, where twelve pixels make a line, not for the screen.
    width, height = chart.evaluate("window.sizes")
    assert 600 < width < 700
    assert height == 20 * 12


def test_the_table_keeps_its_names_and_its_place_on_screens_of_every_width(phone: Page) -> None:
    phone.goto(f"/t/{FULL}/usage/?period=7d&by=key,model&compare=previous")
    for width in (768, 992, 1120, 1320):
        phone.set_viewport_size({"width": width, "height": 900})
        room, table, name = phone.evaluate(
            """() => {
              const table = document.getElementById("numbers");
              const all = [table.parentElement, table, table.querySelector("tbody th")];
              return all.map((each) => each.getBoundingClientRect().width);
            }"""
        )
        assert table <= room
        assert name >= 144
