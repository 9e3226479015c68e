"""Noon, people and a meter, as most stories of the pages of usage have them."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import Cast
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import make_meter, poll
from usage.models import Meter


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon, for whoever asks Django for the time."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.client("alice")


@pytest.fixture
def bob(cast: Cast) -> Client:
    return cast.client("bob")


@pytest.fixture
def meter(cast: Cast) -> Meter:
    """A meter that was never polled."""
    return make_meter(cast.key, NOON)


@pytest.fixture
def polled_meter(meter: Meter) -> Meter:
    """A meter that was polled ten minutes ago."""
    poll(meter, NOON - timedelta(minutes=10), {"rax-4.0": (1_000, 10)}, *PERIOD)
    return meter
