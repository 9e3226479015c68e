"""The history that pages are measured on is one that they show."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bench.within import figure, history, keys, people
from bench.within.answers import MODELS
from teams.models import Team
from usage.explore.reading import numbers
from usage.ledger import TOKENS
from usage.models import Day, Quarter, Stretch

KEYS, DAYS = 2, 5

pytestmark = pytest.mark.django_db


def midnight(days_ago: int) -> datetime:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days_ago)


def used_on(day: date) -> int:
    """What all models of all keys use on one day."""
    quarters = history.quarters(day, TOKENS)
    return KEYS * len(MODELS) * sum(history.amount(TOKENS, number) for number in quarters)


def test_the_pages_read_it_in_full() -> None:
    history.build(str(KEYS), str(DAYS))
    edges = [midnight(ago) for ago in range(DAYS, -1, -1)]
    read = numbers.read(Team.objects.get(), edges, TOKENS)
    by_day = [sum(amounts) for amounts in zip(*read.amounts.values(), strict=True)]
    assert by_day == [used_on(edge.date()) for edge in edges[:-1]]
    assert set(MODELS) <= {read.names.of_series(read.by, series) for series in read.amounts}


def test_days_are_the_sums_of_their_quarters() -> None:
    history.build(str(KEYS), str(DAYS))
    day = midnight(2).date()
    for row in Day.objects.filter(day=day):
        first = (day - date(1970, 1, 1)).days * history.QUARTERS_A_DAY
        inside = Quarter.objects.filter(
            series=row.series_id, number__gt=first, number__lte=first + history.QUARTERS_A_DAY
        )
        assert sum(quarter.value - quarter.opening for quarter in inside) == row.value - row.opening


def test_the_figure_of_every_period_is_weighed() -> None:
    history.build(str(KEYS), str(DAYS))
    found = figure.heaviest()
    assert found["compressed_bytes"] > 100
    assert found["milliseconds"] > 0


def test_keys_that_were_told_twice_have_two_stretches_each() -> None:
    people.found()
    keys.add(str(KEYS), "http://127.0.0.1:9/v1")
    keys.tell()
    assert sorted(Stretch.objects.values_list("quality", flat=True)) == [
        *["before_watching"] * KEYS,
        *["interpolated"] * KEYS,
    ]
