"""A key whose server tells no usage is shown by what raxdash ran with it, and the page says so."""

import random
from datetime import timedelta

import pytest
from django.test import Client

from teams.models import Key
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD, figure, headline, id_of, names, page, rows
from tests.usage.polled import make_meter, poll, run
from usage.models import Meter

pytestmark = pytest.mark.usefixtures("noon")

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def untold(cast: Cast) -> Key:
    """A key at a server without a usage endpoint."""
    make_meter(cast.key, NOON, status=Meter.Status.NO_USAGE)
    return cast.key


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu"])
def test_it_counts_tokens_and_requests_as_one_would_by_hand(
    cast: Cast, untold, alice: Client, zone: str
) -> None:
    cast.team.time_zone = zone
    cast.team.save()
    chance, runs = random.Random(5), []
    for _ in range(110):
        runs.append((NOON - chance.randrange(40 * 24 * 60) * MINUTE - MINUTE, chance.randrange(1, 5_000)))
        run(untold, *runs[-1])
    local = [(at.astimezone(cast.team.zone).date(), tokens) for at, tokens in runs]
    last = NOON.astimezone(cast.team.zone).date()
    shown = [(day, tokens) for day, tokens in local if last - day < 30 * DAY]
    html = page(alice, "?period=30d")
    assert headline(html) == f"{sum(tokens for _, tokens in shown):,}"
    assert headline(html, "requests") == str(len(shown))
    for day, (_, total) in zip(
        sorted({last - n * DAY for n in range(30)}, reverse=True), rows(html).values(), strict=True
    ):
        assert total == f"{sum(tokens for when, tokens in shown if when == day):,}"


def test_it_is_said_whose_numbers_these_are(untold: Key, alice: Client) -> None:
    run(untold, NOON - HOUR, 900)
    run(untold, NOON - 2 * HOUR, 90, is_reported=False)
    html = page(alice, "?period=24h")
    assert names(figure(html)) == ["llama (run by raxdash)"]
    assert "what raxdash itself ran is shown and counted. 1 request of it reported no tokens" in html
    assert "matches the provider" not in html
    assert "measured" not in html


def test_what_nobody_ran_is_a_known_zero(untold: Key, alice: Client) -> None:
    run(untold, NOON - HOUR, 900)
    assert rows(page(alice, "?period=24h"))["Mon 23 Nov, 09:00–10:00"] == ("", "0")


def test_without_a_run_no_numbers_can_be_asked_for(untold: Key, alice: Client) -> None:
    assert "No number is known" in page(alice)


def test_beside_a_key_that_tells_its_usage_it_is_no_part_of_what_the_provider_says(
    cast: Cast, untold: Key, alice: Client
) -> None:
    other = make_meter(make_key(cast.team, cast.alice, "Told"), NOON)
    poll(other, NOON - MINUTE, {"llama": (1_000, 10)}, *PERIOD)
    run(untold, NOON - HOUR, 900)
    html = page(alice, "?period=billing")
    assert headline(html) == "1,900"
    assert "1,000 tokens, shown 1,000; matches the provider" in html
    html = page(alice, f"?period=billing&hide={id_of('llama')}")
    assert "900" in html.partition("<tfoot>")[2]


def test_what_a_provider_told_once_is_not_counted_again(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    poll(meter, NOON - 2 * HOUR, {"llama": (1_000, 10)}, *PERIOD)
    Meter.objects.filter(pk=meter.pk).update(status=Meter.Status.NO_USAGE)
    run(cast.key, NOON - 3 * HOUR, 500)
    run(cast.key, NOON - HOUR, 70)
    assert headline(page(alice, "?period=billing")) == "1,070"
