"""Take the README's pictures with the tests' browser: `make screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import WIDE, launch_options
from tests.installation import ROOT, Installation

IMAGES = ROOT / "docs/images"
EMAIL, PASSWORD = "demo@example.com", "raxdash demo"
PROMPT = "How do I count words in a file? Show a little Python."


def main() -> None:
    """Fill a demo, open both halves of the product, and write one picture of each."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        installation = Installation(Path(folder))
        browser = playwright.chromium.launch(**launch_options())
        try:
            installation.manage("migrate", "--verbosity", "0")
            installation.manage("demo")
            installation.start_simulator("--demo")
            installation.manage("poll")
            installation.start_web()
            picture(browser.new_page(viewport=WIDE), installation.url)
        finally:
            browser.close()
            installation.stop()


def picture(page: Page, url: str) -> None:
    """Sign in, which opens the view that the team starts with; run a prompt, open the chart."""
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/t/demo/**")
    page.goto(f"{url}/t/demo/playground/?conversation=")
    page.get_by_label("Model").fill("rax-4.5")
    page.get_by_label("Message").fill(PROMPT)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".state-completed")).to_be_visible(timeout=60_000)
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=IMAGES / "playground.png")
    page.goto(f"{url}/t/demo/usage/?period=30d")
    expect(page.locator("#chart .bars path").first).to_be_visible(timeout=60_000)
    page.screenshot(path=IMAGES / "usage.png")


if __name__ == "__main__":
    main()
