"""Pages in a real browser, signed in as a person of a benchmark."""

from playwright.async_api import Browser, Page

from bench.people import Person
from tests.browser import WIDE


async def opened(browser: Browser, person: Person, url: str, address: str) -> Page:
    """Return a page of an installation, opened in a context of its own with the person's session."""
    context = await browser.new_context(viewport=WIDE)
    for name, value in person.cookies.items():
        await context.add_cookies([{"name": name, "value": value, "url": url}])
    page = await context.new_page()
    await page.goto(url + address)
    return page
