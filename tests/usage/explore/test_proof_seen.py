"""How each key was seen: its time by quality, and what of a filter was measured is that of the filter."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import Cast, make_key
from tests.usage.explore.proven import body, rows, told, words
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import make_meter
from usage.models import Meter

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usage.explore.proof_views.timezone.now", lambda: NOON + SECOND)


@pytest.fixture
def pair(cast: Cast) -> tuple[Meter, Meter]:
    """A key that was asked each hour of the last day, and one that was not asked for the first half of it."""
    always, seldom = (make_meter(make_key(cast.team, cast.alice, name), NOON) for name in ("A", "B"))
    for meter, skipped in ((always, 0), (seldom, 12)):
        told(meter, PERIOD[0] + DAY - SECOND / 2, 100)
        for hour in range(25):
            if not 0 < hour < skipped:
                told(meter, NOON - DAY + hour * HOUR - SECOND / 2, 1_000 + 10 * hour)
        Meter.objects.filter(pk=meter.pk).update(next_poll_at=NOON + HOUR)
    return always, seldom


def seen(client: Client, query: str) -> tuple[list[list[str]], str]:
    html = body(client, f"proof/seen/{query}")
    return rows(html, "seen-keys"), words(html.partition('id="measured">')[2].partition("<")[0])


def test_each_key_has_its_own_coverage(pair: tuple[Meter, Meter], alice: Client) -> None:
    keys, measured = seen(alice, "?period=24h&until=2026-11-23T12:00:00Z")
    assert keys == [
        ["A", "240", "100 %", "1 day measured"],
        ["B", "240", "50 %", "12 h measured 12 h spread unknown, polls were missed"],
    ]
    assert measured == "75 % measured in all"


def test_the_share_measured_is_that_of_the_filter(pair: tuple[Meter, Meter], alice: Client) -> None:
    for meter, share in zip(pair, ("100 %", "50 %"), strict=True):
        keys, measured = seen(alice, f"?period=24h&until=2026-11-23T12:00:00Z&filter.key={meter.key_id}")
        assert len(keys) == 1
        assert measured == f"{share} measured in all"


def test_each_bucket_says_how_it_was_seen(pair: tuple[Meter, Meter], alice: Client) -> None:
    html = body(alice, "proof/seen/?period=24h&until=2026-11-23T12:00:00Z")
    found = rows(html, "seen-buckets")
    assert len(found) == 24
    assert found[0] == ["Mon 23 Nov, 11:00–12:00", "100 %", "2 h measured"]
    assert found[-1][1:] == ["50 %", "1 h measured 1 h spread unknown, polls were missed"]


def test_time_before_watching_and_without_answers_is_told(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    told(meter, NOON - 5 * HOUR - SECOND / 2, 500)
    Meter.objects.filter(pk=meter.pk).update(missed_polls=3)
    keys, _ = seen(alice, "?period=24h&until=2026-11-23T12:00:00Z")
    assert keys == [
        ["Main key", "–", "0 %", "19 h before raxdash watched 5 h not seen"],
    ]
