"""Pages that load themselves anew, and what they ask for by themselves."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page, Request, expect

LOOK_MS, MOST_LOOKS = 20, 250


@contextmanager
def loads(page: Page) -> Iterator[None]:
    """Let what is done within lead to a page that is loaded anew; afterwards its scripts are there.

    Playwright goes on as soon as such a page has its fields: what is typed or pressed then meets no script.
    Where somebody goes back it goes on even before, as the page that is left loads the other one.
    """
    with page.expect_event("load"):
        yield


def at_rest(page: Page) -> None:
    """Wait until nothing is on its way that htmx has asked for, and all that came stands in the page.

    Playwright's `networkidle` does not tell: once a document was idle, it stays that for Playwright.
    """
    expect(page.locator(".htmx-request")).to_have_count(0)


class OnTheirWay(set[Request]):
    """The requests of a window to addresses of this ending that are not answered yet."""

    def __init__(self, context: BrowserContext, ending: str) -> None:
        self.ending = ending
        context.on("request", self._see)
        for end in ("requestfinished", "requestfailed"):
            context.on(end, lambda request: self.discard(request))  # Playwright marks what it calls

    def _see(self, request: Request) -> None:
        if request.url.endswith(self.ending):
            self.add(request)

    def wait(self, page: Page) -> None:
        """Let the page wait for their ends; of requests of windows that were closed none may be told."""
        for _ in range(MOST_LOOKS):
            if not self:
                return
            page.wait_for_timeout(LOOK_MS)
