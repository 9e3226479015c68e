"""The usage page as people use it: in a real browser, on numbers that a real worker polled."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import NARROW
from tests.conftest import sign_in
from tests.holding import hold
from tests.installation import Installation
from tests.menus import choose
from tests.usage import busy


@pytest.fixture(scope="module")
def busy_raxdash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running raxdash whose key is busy elsewhere, and was polled once."""
    with busy.busy_raxdash(tmp_path_factory.mktemp("busy")) as installation:
        yield installation


@pytest.fixture
def alice(page: Page, busy_raxdash: Installation) -> Page:
    """Alice's page, signed in to the busy installation."""
    sign_in(page, busy_raxdash)
    return page


@pytest.fixture
def usage(alice: Page, busy_raxdash: Installation) -> Page:
    """Alice's usage page."""
    alice.goto(f"{busy_raxdash.url}/t/acme/usage/?period=billing")
    drawn(alice)
    return alice


def drawn(page: Page) -> None:
    """Wait until the chart shows the figure that the page holds now."""
    expect(page.locator("#chart .bars path").first).to_be_attached()
    figure = page.locator("#chart").get_attribute("data-figure-id")
    assert figure
    expect(page.locator("#chart .chart-canvas")).to_have_attribute("data-figure-id", figure)


def drawn_total(page: Page) -> int:
    """What the bars and the outlined blocks of the figure that Plotly holds come to."""
    return page.evaluate(
        """() => {
          const { data, layout } = document.querySelector(".chart-canvas");
          let sum = 0;
          for (const trace of data)
            if (trace.meta.column !== undefined) for (const y of trace.y) sum += y || 0;
          const stretches = layout.shapes.filter(({ name }) => name === "stretch");
          for (const { x0, x1, y1 } of stretches) sum += (x1 - x0) * y1;
          return Math.round(sum);
        }"""
    )


def foot(page: Page) -> int:
    """The total of the table, which may be by value or by time."""
    cell = page.locator("#numbers tfoot td").first.inner_text()
    return int(cell.removeprefix("at least ").replace(",", ""))


def stay(page: Page) -> None:
    """Mark the document, to see whether it is still the same one later."""
    page.evaluate("document.body.staysHere = true")


def stayed(page: Page) -> bool:
    return page.evaluate("document.body.staysHere === true")


def test_the_chart_and_the_table_show_the_same_numbers(usage: Page) -> None:
    assert drawn_total(usage) == foot(usage) > 0


def test_period_and_metric_change_without_a_new_page(usage: Page) -> None:
    stay(usage)
    choose(usage, "period-menu", "30 days")
    expect(usage).to_have_url(re.compile("period=30d"))
    usage.get_by_role("navigation", name="Metric").get_by_role("link", name="Requests").click()
    expect(usage).to_have_url(re.compile("measure=requests"))
    expect(usage.get_by_role("heading", name="Requests by model")).to_be_visible()
    expect(usage.locator("#period-menu summary")).to_contain_text("30 days")
    drawn(usage)
    assert drawn_total(usage) == foot(usage) > 0
    assert stayed(usage)


def test_numbers_are_pale_while_others_are_waited_for(usage: Page) -> None:
    request = hold(usage, "**/usage/?*")
    usage.locator("#views a").last.click()
    for old in ("#chart .chart-canvas", ".stat-n", "#numbers"):
        expect(usage.locator(old).first).to_have_css("opacity", "0.5")
    request().continue_()
    expect(usage).to_have_url(re.compile("view=cumulative"))
    expect(usage.locator(".stat-n").first).to_have_css("opacity", "1")


def test_back_and_reload_show_what_the_address_says(usage: Page) -> None:
    tokens = foot(usage)
    usage.get_by_role("button", name="Dark theme").click()
    usage.get_by_role("navigation", name="Metric").get_by_role("link", name="Requests").click()
    expect(usage.get_by_role("heading", name="Requests by model")).to_be_visible()
    requests = foot(usage)
    usage.go_back()
    expect(usage.get_by_role("heading", name="Tokens by model")).to_be_visible()
    drawn(usage)
    assert foot(usage) == tokens
    expect(usage.get_by_role("button", name="Light theme")).to_be_visible()
    usage.go_forward()
    expect(usage.get_by_role("heading", name="Requests by model")).to_be_visible()
    usage.reload()
    drawn(usage)
    assert foot(usage) == requests
    assert usage.locator("main").count() == 1


def test_single_keys_step_the_period_and_open_menus(usage: Page) -> None:
    stay(usage)
    usage.locator("#chart").press("b")
    expect(usage).to_have_url(re.compile("view=cumulative"))
    for key, menu in (("c", "compare-menu"), ("g", "groups-menu"), ("f", "filter-menu")):
        usage.keyboard.press(key)
        expect(usage.locator(f"#{menu} > .menu-pop")).to_be_visible()
        usage.keyboard.press("Escape")
        expect(usage.locator(f"#{menu} > .menu-pop")).to_be_hidden()
    help_sheet = usage.get_by_role("dialog", name="Keys")
    usage.keyboard.press("?")
    expect(help_sheet.get_by_role("button", name="Close")).to_be_focused()
    usage.keyboard.press("Escape")
    expect(help_sheet).to_be_hidden()
    usage.keyboard.press("s")
    usage.keyboard.press("ArrowUp")
    usage.keyboard.press("ArrowDown")
    expect(usage.locator("#step-menu a[aria-current]")).to_be_focused()
    choose(usage, "period-menu", "Today")
    expect(usage).to_have_url(re.compile("period=today"))
    usage.locator("#period-menu > summary").click()
    usage.get_by_label("Type a period").press_sequentially("bcgf 2 days")
    expect(usage).not_to_have_url(re.compile("view=bars"))
    usage.get_by_label("Type a period").fill("last 2 days")
    usage.keyboard.press("Enter")
    expect(usage).to_have_url(re.compile("period=2d&view=cumulative"))
    assert stayed(usage)


def test_a_filter_is_chosen_by_name_and_taken_away(usage: Page) -> None:
    stay(usage)
    everything = foot(usage)
    usage.locator("#filter-menu > summary").click()
    usage.locator("#filter-model > summary").click()
    usage.locator("#filter-model").get_by_role("link", name="rax-4.0").click()
    expect(usage.locator(".chip")).to_contain_text("Model is rax-4.0")
    drawn(usage)
    assert 0 < foot(usage) < everything
    usage.get_by_role("link", name="Remove the filter by model").click()
    expect(usage.locator("#filter-menu > summary")).to_be_focused()
    drawn(usage)
    assert foot(usage) == everything
    assert stayed(usage)


def test_custom_days_are_chosen_in_the_form(usage: Page) -> None:
    stay(usage)
    usage.locator("#period-menu > summary").click()
    usage.get_by_label("First day", exact=True).fill("2026-01-05")
    usage.get_by_label("Last day", exact=True).fill("2026-01-06")
    usage.get_by_role("button", name="Show days").click()
    expect(usage.locator("#span")).to_have_text("5 – 6 Jan 2026")
    expect(usage).to_have_url(re.compile("start=2026-01-05"))
    assert stayed(usage)


def test_poll_now_brings_the_next_answer(usage: Page, busy_raxdash: Installation) -> None:
    polls = "SELECT count(*) FROM usage_rawpoll"
    before = busy_raxdash.rows(polls)
    busy_raxdash.start_worker()
    try:
        usage.get_by_role("button", name="Poll now").click()
        expect(usage.get_by_text("asking the provider")).to_be_visible()
        expect(usage.get_by_text("asking the provider")).to_be_hidden(timeout=30_000)
    finally:
        busy_raxdash.kill("worker")
    assert busy_raxdash.rows(polls) > before
    expect(usage.locator("#as-of")).to_contain_text("just now")


@pytest.mark.parametrize("path", ["usage/?period=billing", "usage/?period=90d", "quota/", "models/"])
def test_nothing_overflows_a_phone(alice: Page, busy_raxdash: Installation, path: str) -> None:
    alice.set_viewport_size(NARROW)
    alice.goto(f"{busy_raxdash.url}/t/acme/{path}")
    if "usage" in path:
        drawn(alice)
    assert alice.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_chart_follows_the_theme(usage: Page) -> None:
    label = usage.locator("#chart .xtick text").first
    light = label.evaluate("node => getComputedStyle(node).fill")
    usage.get_by_role("button", name="Dark theme").click()
    expect(label).not_to_have_css("fill", light)


@pytest.fixture
def ninety_days(alice: Page, busy_raxdash: Installation) -> Page:
    """The usage page over ninety days, a bar each."""
    alice.goto(f"{busy_raxdash.url}/t/acme/usage/?period=90d")
    drawn(alice)
    return alice


def titles(page: Page) -> list[str]:
    """What the bars are called."""
    return page.evaluate("document.getElementById('chart').stage.figure.layout.meta.titles")


def at_day(page: Page, place: int) -> tuple[float, float]:
    """Where one of ninety days is, the first being 0."""
    box = page.locator("#chart .chart-area").bounding_box()
    assert box
    return box["x"] + box["width"] * (place + 0.5) / 90, box["y"] + box["height"] / 2


def test_pointing_at_a_bar_and_arrow_keys_tell_its_figures(ninety_days: Page) -> None:
    page, days = ninety_days, titles(ninety_days)
    tip, spoken = page.locator("#chart .chart-tip"), page.locator("#chart [aria-live]")
    page.mouse.move(*at_day(page, 10))
    expect(tip).to_contain_text(days[10])
    expect(tip.locator("tr").first).to_contain_text("Total")
    page.locator("#chart").focus()
    page.keyboard.press("End")
    expect(spoken).to_contain_text(f"{days[-1]}: Total ")
    page.keyboard.press("ArrowLeft")
    expect(spoken).to_contain_text(f"{days[-2]}: Total ")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    assert page.evaluate("document.querySelector('.chart-canvas').layout.meta || {}") == {}  # it drops words


def test_a_drag_over_the_chart_chooses_days_unless_it_is_given_up(ninety_days: Page) -> None:
    page, asked = ninety_days, []
    first = titles(page)[20]
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("document.getElementById('chart').dataset.span = '?period=custom'")
    page.mouse.move(*at_day(page, 10))
    page.mouse.down()
    page.mouse.move(*at_day(page, 30), steps=4)
    expect(page.locator("#chart .chart-chosen")).to_be_visible()
    page.keyboard.press("Escape")
    page.mouse.up()
    assert not [url for url in asked if "start=" in url]
    page.mouse.move(*at_day(page, 30))
    page.mouse.down()
    page.mouse.move(*at_day(page, 20), steps=4)
    with page.expect_request(re.compile("start=.*&end=")) as request:
        page.mouse.up()
    start, end = re.findall(r"(?:start|end)=(\d+-\d+-\d+)T00%3A00Z", request.value.url)
    assert (date.fromisoformat(end) - date.fromisoformat(start)).days == 11
    assert f"{date.fromisoformat(start):%a %-d %b %Y}" == first


def test_a_finger_shows_a_bar_and_opens_it_when_it_comes_again(
    browser: Browser, busy_raxdash: Installation
) -> None:
    page = (context := browser.new_context(has_touch=True, viewport=NARROW)).new_page()
    sign_in(page, busy_raxdash)
    page.goto(f"{busy_raxdash.url}/t/acme/usage/?period=90d")
    drawn(page)
    page.evaluate("document.getElementById('chart').dataset.bucket = '?period=custom'")
    page.locator("#chart").scroll_into_view_if_needed()
    page.touchscreen.tap(*at_day(page, 45))
    expect(page.locator("#chart .chart-tip")).to_contain_text(titles(page)[45])
    with page.expect_request(re.compile("start=.*&end=")):
        page.touchscreen.tap(*at_day(page, 45))
    context.close()


def test_the_quota_page_refreshes_itself_in_place(alice: Page, busy_raxdash: Installation) -> None:
    alice.goto(f"{busy_raxdash.url}/t/acme/quota/")
    stay(alice)
    alice.locator("#quota summary").first.click()
    expect(alice.get_by_role("heading", name="Tokens today").first).to_be_visible()
    with alice.expect_response(re.compile("/quota/")) as answer:
        alice.evaluate("htmx.trigger('#quota', 'every')")
    assert answer.value.ok
    expect(alice.locator("#quota")).to_have_count(1)
    expect(alice.get_by_role("heading", name="Tokens today").first).to_be_visible()
    assert stayed(alice)
