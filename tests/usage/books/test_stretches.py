"""Whatever dates and names an answer tells, it writes few rows, and nothing of it is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import models

from teams.models import Team
from tests.usage.stored import answer_at, assert_stored_equals_fold, make_meter
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.verify import meter_differences, rebuild, team_differences
from usage.models import (
    Annotation,
    Day,
    Knot,
    Meter,
    Period,
    Quarter,
    Series,
    Stretch,
    TeamDay,
    TeamModel,
    TeamQuarter,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 26, 12, 3, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TABLES: tuple[type[models.Model], ...] = (
    Quarter,
    Day,
    TeamQuarter,
    TeamDay,
    Knot,
    Period,
    Annotation,
    Stretch,
)


@pytest.fixture
def meter(team: Team) -> Meter:
    return make_meter(team)


def answer(
    meter: Meter,
    at: datetime,
    tokens: int,
    start: datetime = NOVEMBER,
    end: datetime | None = None,
    names: int = 1,
) -> Answer:
    """So many tokens and a request of each of some models."""
    return answer_at(
        meter,
        at,
        period_start=start,
        period_end=end,
        total_tokens=tokens * names,
        total_requests=tokens * names,
        breakdown={f"model-{number}": (tokens, tokens) for number in range(names)},
    )


def rows() -> set[tuple[object, str]]:
    return {(model, repr(row)) for model in TABLES for row in model._default_manager.values_list()}


def written(meter: Meter, *answers: Answer) -> tuple[int, int]:
    """How many rows some answers write, and how many they may: 6 for each series, and 200."""
    before = rows()
    store(answers)
    return len(rows() - before), 6 * Series.objects.filter(meter=meter).count() + 200


def year(number: int) -> datetime:
    return datetime(number, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("names", [1, 10, 200])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (year(1970), year(2100)),
        (year(1970), year(9999)),
        (year(1999), year(2099)),
        (year(2023), year(2027)),
        (NOVEMBER, None),
        (NOON - 5 * HOUR, None),
        (NOON - HOUR, NOON + HOUR),
        (NOON - MINUTE, None),
    ],
)
class TestAFirstPoll:
    def test_it_writes_few_rows(
        self, meter: Meter, start: datetime, end: datetime | None, names: int
    ) -> None:
        count, most = written(meter, answer(meter, NOON, 500, start, end, names))
        assert 0 < count <= most

    def test_it_can_be_proven(
        self, team: Team, meter: Meter, start: datetime, end: datetime | None, names: int
    ) -> None:
        store([answer(meter, NOON, 500, start, end, names)])
        meter.refresh_from_db()
        assert meter_differences(meter) == team_differences(team) == []
        assert used(meter) == 500 * names


def used(meter: Meter) -> int:
    """All tokens of a meter: in quarters, and in stretches."""
    moved = models.F("value") - models.F("opening")
    quarters = Quarter.objects.filter(series__meter=meter, series__metric="tokens")
    amounts = [stretch.as_ledger().amounts for stretch in Stretch.objects.filter(meter=meter)]
    in_stretches = sum(rise for each in amounts for line, rise in each.items() if line.metric == "tokens")
    return quarters.aggregate(sum=models.Sum(moved, default=0))["sum"] + in_stretches


@pytest.fixture(params=[1, 10, 200])
def names(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def watched(meter: Meter, names: int) -> Callable[..., Answer]:
    """A key whose models were polled twice; the next answer of it."""
    store(answer(meter, NOON + at * MINUTE, 10 + at, names=names) for at in (0, 5))
    return lambda at, tokens, **fields: answer(meter, NOON + at, tokens, names=names, **fields)


@pytest.mark.parametrize("gap", [5 * MINUTE, 12 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 5 * DAY, 900 * DAY])
class TestAPollAfterAGap:
    def test_it_writes_few_rows(self, meter: Meter, watched: Callable[..., Answer], gap: timedelta) -> None:
        count, most = written(meter, watched(5 * MINUTE + gap, 999))
        assert count <= most

    def test_in_a_new_period_it_writes_few_rows(
        self, meter: Meter, watched: Callable[..., Answer], gap: timedelta
    ) -> None:
        at = 5 * MINUTE + gap
        for start in (NOON + at / 3, NOON + at - MINUTE):
            fields = {"end": start - MINUTE} if start > NOON + 6 * MINUTE else {}
            count, most = written(meter, watched(at, 999, start=start, **fields))
            assert count <= most
            at += gap

    def test_it_is_stored_as_the_fold_says(
        self, team: Team, meter: Meter, watched: Callable[..., Answer], gap: timedelta
    ) -> None:
        store([watched(5 * MINUTE + gap, 999), watched(10 * MINUTE + gap, 1_000)])
        store([watched(5 * MINUTE + gap / 2, 700)])
        assert_stored_equals_fold(team, meter)


def test_at_midnight_a_poll_of_many_models_writes_few_rows(meter: Meter) -> None:
    at = datetime(2026, 11, 27, tzinfo=UTC) - MINUTE
    store([answer(meter, at, 10, names=200)])
    count, most = written(meter, answer(meter, at + 5 * MINUTE, 20, names=200))
    assert count <= most


def test_a_rebuilt_ledger_has_the_same_stretches(team: Team, meter: Meter) -> None:
    store(answer(meter, NOON + hours * HOUR, hours + 1) for hours in (0, 1, 9, 10, 60))
    before = rows_of_stretches()
    assert len(before) == 3
    meter.refresh_from_db()
    rebuild(meter)
    assert rows_of_stretches() == before
    assert_stored_equals_fold(team, meter)


def rows_of_stretches() -> list[tuple[object, ...]]:
    return list(Stretch.objects.order_by("end").values_list("start", "end", "quality", "amounts"))


def test_a_stretch_that_was_changed_is_found(meter: Meter) -> None:
    store([answer(meter, NOON, 5)])
    Stretch.objects.update(amounts={"tokens": {"model-0": 6}})
    meter.refresh_from_db()
    assert meter_differences(meter) == ["stretches"]


def test_models_that_were_used_in_a_stretch_alone_are_known_to_the_team(team: Team, meter: Meter) -> None:
    store([answer(meter, NOON, 5, names=2)])
    assert set(TeamModel.objects.filter(team=team).values_list("model", flat=True)) == {"model-0", "model-1"}


def test_a_boundary_that_moved_into_a_stretch_divides_it(team: Team, meter: Meter) -> None:
    store([answer(meter, NOON, 5), answer(meter, NOON + 20 * HOUR, 45)])
    moved = answer(meter, NOON + 20 * HOUR + 5 * MINUTE, 25, start=NOON + 10 * HOUR)
    store([moved])
    ends = [row[1] for row in rows_of_stretches()]
    assert len(ends) == 3
    assert_stored_equals_fold(team, meter)
    store(
        [replace(moved, slot=1, started_at=NOON + 3 * HOUR, ended_at=NOON + 3 * HOUR, period_start=NOVEMBER)]
    )
    assert_stored_equals_fold(team, meter)
