"""Walk through the pages with a real browser and note everything that is wrong with them."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

from tests.browser import NARROW, WIDE
from tests.installation import ROOT
from tests.look.pages import Place
from tests.look.stage import Stage

AXE = ROOT / "node_modules/axe-core/axe.min.js"
LOOK = (Path(__file__).parent / "look.js").read_text()
COLOURS = (Path(__file__).parent / "colours.js").read_text()
# Rules of the Web Content Accessibility Guidelines and axe's own; rows of one table are alike. What would be
# no finding is not looked for, and nobody reads where in the page a finding is. Contrast is `COLOURS`'s.
RUN_AXE = """async () => {
  const where = { include: ["html"], exclude: ["tbody tr:nth-child(n+5)"] };
  const light = axe._audit.rules.filter(({ impact }) => impact === "minor" || impact === "moderate");
  const left = [...light.map(({ id }) => id), "color-contrast"];
  const rules = Object.fromEntries(left.map((id) => [id, { enabled: false }]));
  const { violations } = await axe.run(where, { resultTypes: ["violations"], selectors: false, rules });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(" | ")}`);
}"""
type Scheme = Literal["light", "dark"]
# The themes differ by their colours, and by nothing else.
LOOKS: tuple[tuple[Scheme, ViewportSize], ...] = (
    ("light", WIDE),
    ("dark", WIDE),
    ("dark", NARROW),
    ("light", NARROW),
)


@dataclass
class Seen:
    """What was looked at so far, by anybody: what pages show, and mixtures of colours."""

    pages: set[str] = field(default_factory=set)
    mixtures: set[str] = field(default_factory=set)


class Walk:
    """One person's way through the pages, and what was found on it.

    `seen` holds what others saw already: of two roles that are shown the same, one look is enough, but the
    first page of each is looked at for its menu.
    """

    def __init__(self, browser: Browser, stage: Stage, role: str, seen: Seen) -> None:
        self.person = stage.people[role]
        self.context = browser.new_context(reduced_motion="reduce", base_url=stage.installation.url)
        self.context.add_cookies(self.person.cookies())
        self.context.add_init_script(path=AXE)
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(f"uncaught: {error}"))
        self.seen = seen
        self.said: list[str] = []
        self.findings: list[str] = []
        self.titles: dict[str, str] = {}

    def look_at(self, place: Place) -> None:
        """Open a place and, unless the same was seen, look at it in each theme and width."""
        shown = fingerprint(self.person.http.get(place.path).text)
        if shown in self.seen.pages and self.titles:
            return
        self.seen.pages.add(shown)
        self.said.clear()
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(color_scheme="light")
        answer = self.page.goto(place.path)
        assert answer
        if answer.status != place.status:
            self.findings.append(f"{place.path}: answered {answer.status}")
        settle(self.page)
        for scheme, size in LOOKS:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=scheme)
            found = [*look(self.page, size["width"], whole=scheme == "light"), *self._look_at_colours()]
            self.findings += [f"{place.path} ({scheme}, {size['width']}): {finding}" for finding in found]
        self.findings += [f"{place.path}: console: {line}" for line in self.said]
        self._note_title(self.page.url.split("?")[0], self.page.title())

    def _look_at_colours(self) -> list[str]:
        """What text cannot be read on its ground, of the mixtures of colours that nobody has seen yet."""
        found = self.page.evaluate(COLOURS, list(self.seen.mixtures))
        self.seen.mixtures.update(found["mixtures"])
        return list(found["findings"])

    def _note_title(self, path: str, title: str) -> None:
        """Two pages may not be called alike, but for links that lead nowhere."""
        other = self.titles.setdefault(title, path)
        if other != path and not title.startswith(("There is no such page", "This link no longer works")):
            self.findings.append(f"{path} and {other} are both called {title}")

    def _hear(self, message: ConsoleMessage) -> None:
        # Chromium reports every answer of 400 and above, also the page that was asked for.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.said.append(message.text)


def fingerprint(html: str) -> str:
    """What a page shows beside its frame, without what is another each time: tokens, numbers, ages."""
    main = html.partition("<main")[2]
    visible = re.sub(
        r"<input type=\"hidden\"[^>]*>|<script.*?</script>|<time.*?</time>", "", main, flags=re.DOTALL
    )
    return re.sub(r"[0-9a-f-]{12,}|[0-9]+", "0", visible)


def settle(page: Page) -> None:
    """Wait for what draws itself, and until it can be pointed at."""
    if page.locator("#chart").count():
        page.locator("#chart .chart-canvas[data-figure-id]").wait_for(state="attached")


def look(page: Page, width: int, *, whole: bool) -> list[str]:
    """What is wrong with the page as it stands; what no theme changes only where the `whole` is looked at."""
    arguments: dict[str, Any] = {"width": width, "withFocus": whole}
    return [*page.evaluate(LOOK, arguments), *(page.evaluate(RUN_AXE) if whole else [])]
