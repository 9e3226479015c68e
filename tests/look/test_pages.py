"""Every page as everybody: axe finds nothing serious, the console is silent, all fits, focus is seen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.look.pages import places
from tests.look.stage import Stage, build
from tests.look.walk import Walk

pytestmark = pytest.mark.xdist_group("look")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The installation in which every page has something to show."""
    built = build(tmp_path_factory.mktemp("look"))
    yield built
    built.end()


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """What was looked at so far."""
    return set()


@pytest.mark.parametrize("role", ["stranger", "owner", "admin", "member", "viewer"])
def test_every_page_can_be_read(browser: Browser, stage: Stage, seen: set[str], role: str) -> None:
    walk = Walk(browser, stage, role, seen)
    for place in places(stage, role):
        walk.look_at(place)
    walk.context.close()
    assert not walk.findings, "\n".join(walk.findings)
