"""Requests of a page that wait on their way until a test lets them go."""

import re
from collections.abc import Callable
from re import Pattern

from playwright.sync_api import Page, Route

LOOK_MS, MOST_LOOKS = 20, 1_500
# An address that answers whoever asks, and what a test answers in its place.
PROBED, SEEN = "/healthz?is_intercepted", "intercepted"
# Not by `fetch`, which tells answers of others from ours.
PROBE = f"""() => new Promise((answer) => {{
    const asked = new XMLHttpRequest();
    asked.onload = () => answer(asked.responseText);
    asked.open("GET", "{PROBED}");
    asked.send();
}})"""


def intercept(
    page: Page, address: str | Pattern[str], handle: Callable[[Route], object], times: int | None = None
) -> None:
    """Let a test handle the requests of an open page to an address, or so many of them, from the next one on.

    A page hears later than Playwright that its requests are to be intercepted: a busy one sends some past.
    """
    page.route(address, handle, times=times)
    probed = re.compile(re.escape(PROBED))
    page.route(probed, lambda route: route.fulfill(body=SEEN))
    for _ in range(MOST_LOOKS):
        if page.evaluate(PROBE) == SEEN:
            page.unroute(probed)
            return
    raise AssertionError(f"the page's requests to {address} are not intercepted")


def hold(page: Page, address: str | Pattern[str], times: int | None = None) -> Callable[[], Route]:
    """Let the requests to an address wait, or so many of them; return a function that returns the first.

    A route is told at its own time, not with the request, and later than what the page shows of that.
    """
    held: list[Route] = []
    intercept(page, address, lambda route: held.append(route), times)  # Playwright marks what it calls

    def first() -> Route:
        for _ in range(MOST_LOOKS):
            if held:
                return held[0]
            page.wait_for_timeout(LOOK_MS)
        raise AssertionError(f"nothing was asked for at {address}")

    return first
