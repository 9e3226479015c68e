"""Every page as everybody: axe finds nothing serious, the console is silent, all fits, focus is seen."""

import pytest
from playwright.sync_api import Browser

from tests.installation import Installation
from tests.look.pages import Place, places
from tests.look.stage import Person, Stage
from tests.look.walk import Seen, Walk


@pytest.fixture(scope="module")
def seen() -> Seen:
    """What was looked at so far."""
    return Seen()


# The owner sees nearly all pages, each in both widths and themes: minutes on a busy machine.
@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ["stranger", "owner", "admin", "member", "viewer"])
def test_every_page_can_be_read(browser: Browser, stage: Stage, seen: Seen, role: str) -> None:
    walk = Walk(browser, stage, role, seen)
    for place in places(stage, role):
        walk.look_at(place)
    walk.context.close()
    assert not walk.findings, "\n".join(walk.findings)


def test_the_first_start_can_be_read(browser: Browser, fresh_raxdash: Installation) -> None:
    stage = Stage(fresh_raxdash, {"stranger": Person.at(fresh_raxdash)})
    walk = Walk(browser, stage, "stranger", Seen())
    walk.look_at(Place("/"))
    walk.look_at(Place(fresh_raxdash.manage("address").stdout.strip().removeprefix(fresh_raxdash.url)))
    walk.context.close()
    stage.people["stranger"].http.close()
    assert not walk.findings, "\n".join(walk.findings)
