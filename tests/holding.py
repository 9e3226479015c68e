"""Requests of a page that wait on their way until a test lets them go."""

from collections.abc import Callable
from re import Pattern

from playwright.sync_api import Page, Route

LOOK_MS, MOST_LOOKS = 20, 1_500


def hold(page: Page, address: str | Pattern[str], times: int | None = None) -> Callable[[], Route]:
    """Let the requests to an address wait, or so many of them; return a function that returns the first.

    A route is told at its own time, not with the request, and later than what the page shows of that.
    """
    held: list[Route] = []
    page.route(address, lambda route: held.append(route), times=times)

    def first() -> Route:
        for _ in range(MOST_LOOKS):
            if held:
                return held[0]
            page.wait_for_timeout(LOOK_MS)
        raise AssertionError(f"nothing was asked for at {address}")

    return first
