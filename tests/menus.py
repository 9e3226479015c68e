"""Press what stands in a menu of a page."""

from playwright.sync_api import Page


def choose(page: Page, menu: str, name: str) -> None:
    """Open the menu of this id and press the link of this name in it."""
    page.locator(f"#{menu} > summary").click()
    page.locator(f"#{menu}").get_by_role("link", name=name, exact=True).click()
