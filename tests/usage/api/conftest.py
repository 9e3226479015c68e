"""A team that was watched for two hours, and a program that asks about it."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.cast import Cast
from tests.usage.api.program import Program, program_of
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import make_meter, poll
from usage.api.kept import kept
from usage.models import CatalogueModel, Meter

QUARTER, SECOND = timedelta(minutes=15), timedelta(seconds=1)


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Let it be another time."""
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon, and nothing was asked before."""
    kept.clear()
    cache.clear()
    set_clock(monkeypatch, NOON)


@pytest.fixture
def watched(cast: Cast) -> Cast:
    """A key that used 600 tokens and then 400 in the last half hour, and 1,000 before it was watched."""
    meter = make_meter(cast.key, NOON)
    for place, tokens in enumerate((1_000, 1_600, 2_000)):
        at = NOON - SECOND - (2 - place) * QUARTER
        poll(meter, at, {"rax-4.0": (tokens, tokens // 100)}, *PERIOD)
    Meter.objects.update(next_poll_at=NOON + QUARTER)
    CatalogueModel.objects.create(
        team=cast.team,
        base_url=cast.key.base_url,
        name="rax-4.0",
        first_seen_at=PERIOD[0],
        last_seen_at=NOON,
    )
    return cast


@pytest.fixture
def alice(watched: Cast) -> Program:
    """A program with a token of Alice's for everything."""
    return program_of(watched, "alice")
