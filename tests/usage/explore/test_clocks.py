"""Clocks that are wrong, as the usage page tells of them."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.usage.explore.reading import NOON, page
from usage.models import Meter

pytestmark = pytest.mark.usefixtures("noon")


def test_numbers_of_a_clock_that_was_ahead_are_of_now(polled_meter: Meter, alice: Client) -> None:
    Meter.objects.update(watched_until=NOON + timedelta(minutes=58))
    html = page(alice)
    assert re.search(r"as of <time[^>]*>[^<]*12:00</time>", html)
    assert "in 58 min" not in html


@pytest.mark.parametrize("seconds", [130.4, -130.4])
def test_a_clock_that_differs_from_the_provider_s_is_told(
    polled_meter: Meter, alice: Client, seconds: float
) -> None:
    Meter.objects.update(clock_difference=seconds)
    assert "This server's clock and the provider's differ by 2 min 10 s." in page(alice)
    Meter.objects.update(clock_difference=seconds / 3)
    assert "This server's clock" not in page(alice)
