"""What a period is compared with: its numbers up to where the period has gone, and the change."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, make_key
from tests.usage.polled import SECOND, Counters, answer, make_meter
from usage.books.ingest import store
from usage.claims import UNKNOWN, Amount, at_least, known
from usage.explore.answering import usage_report
from usage.explore.chart.compared import Compared
from usage.explore.report import Report
from usage.explore.sheet.changes import Change, percent_words
from usage.explore.sheet.sums import Sums
from usage.models import Meter, TeamModel

BERLIN = ZoneInfo("Europe/Berlin")
HALF = timedelta(minutes=30)
# Clocks went back in the night to Sunday, 25 October.
FIRST, NOW = datetime(2026, 10, 9, tzinfo=UTC), datetime(2026, 10, 27, 11, 31, tzinfo=UTC)
MONTH = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
NEW_SINCE = datetime(2026, 10, 22, tzinfo=UTC)
DAY, TODAY = timedelta(days=1), datetime(2026, 10, 27, tzinfo=UTC)


def dealt() -> Iterator[tuple[datetime, str, int]]:
    """What is used in the half hour from each instant on, by model."""
    number = 0
    while (at := FIRST + number * HALF) + HALF <= NOW:
        yield at, "rax-4.0", number * 37 % 101
        if at >= NEW_SINCE:
            yield at, "rax-4.5", number * 53 % 89
        number += 1


def used(start: datetime, end: datetime, model: str = "") -> int:
    """What was used between two instants, by the test's own sum."""
    return sum(amount for at, name, amount in dealt() if start <= at < end and model in ("", name))


def local(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    """A meter of a team in Berlin, polled each half hour for eighteen days, until a minute ago."""
    cast.team.time_zone = "Europe/Berlin"
    cast.team.save()
    meter = make_meter(cast.key, NOW)
    counters: Counters = {"rax-4.0": (0, 0), "rax-4.5": (0, 0)}
    polls: dict[datetime, Counters] = {}
    for at, model, amount in dealt():
        polls.setdefault(at, counters)
        tokens, requests = counters[model]
        counters = counters | {model: (tokens + amount, requests + 1)}
    polls[max(polls) + HALF] = counters
    # Asked and answered around the instant.
    store(answer(meter, at - SECOND / 2, found, *MONTH) for at, found in polls.items())
    return meter


def nearly(amount: int, unseen: float = 0.001, more: int = 0) -> Amount:
    """What was used in a time of which a part was not seen."""
    return replace(at_least(amount, more), unseen=unseen)


def report(cast: Cast, **parts: str) -> Report:
    facts = Meter.objects.for_team(cast.team).facts(NOW)
    named = {name.replace("filter_", "filter."): [value] for name, value in parts.items()}
    return usage_report(cast.team, facts, named, NOW)


def compared(cast: Cast, **parts: str) -> Compared:
    found = report(cast, **parts).compared
    assert found
    return found


def totals_of(found: Compared) -> Mapping[str, Amount]:
    return Sums.of(found.numbers, NOW, ()).totals


def id_of(model: str) -> str:
    return str(TeamModel.objects.get(model=model).pk)


def test_only_what_has_passed_is_compared(cast: Cast, meter: Meter) -> None:
    """By the clock of the day, across the hour that clocks repeat."""
    shown = report(cast, period="7d", compare="previous")
    found = shown.compared
    assert found
    assert shown.totals["tokens"] == known(used(local(21), NOW))
    assert totals_of(found)["tokens"] == known(used(local(14), local(20, 12, 30)))
    assert totals_of(found)["requests"] == known(
        sum(local(14) <= at < local(20, 12, 30) for at, _, _ in dealt())
    )
    assert (found.until, found.days) == ("20 Oct, 12:30", "14 – 20 Oct, 12:30")


def test_each_day_stands_beside_the_one_it_is_compared_with(cast: Cast, meter: Meter) -> None:
    found = compared(cast, period="7d", compare="week", step="day")
    days = [used(local(day), local(day + 1)) for day in range(14, 20)]
    assert found.amounts == [*days, used(local(20), local(20, 12, 30))]
    assert found.label == "Same days a week before, 14 – 20 Oct, weekdays matched"


def test_hours_of_a_long_day_stand_beside_those_of_a_short_one(cast: Cast, meter: Meter) -> None:
    found = compared(cast, start="2026-10-25", end="2026-10-25", compare="week", step="hour")
    hours = [used(local(18, hour), local(18) + timedelta(hours=hour + 1)) for hour in range(24)]
    assert found.amounts == [*hours, None]
    assert (found.until, totals_of(found)["tokens"]) == ("", known(used(local(18), local(19))))


def test_series_are_compared_by_their_ids(cast: Cast, meter: Meter) -> None:
    old, new = (id_of("rax-4.0"),), (id_of("rax-4.5"),)
    found = compared(cast, period="7d", compare="previous", complete="1")
    before = used(local(13), local(20))
    assert totals_of(found)["tokens"] == known(before)
    assert (found.numbers.sums.get(old), found.numbers.sums.get(new, 0)) == (before, 0)
    assert report(cast, period="7d").compared is None


def test_filters_hold_for_both(cast: Cast, meter: Meter) -> None:
    asked = {"period": "yesterday", "compare": "previous", "filter_model": id_of("rax-4.5")}
    shown = report(cast, **asked)
    assert shown.compared
    assert shown.totals["tokens"] == known(used(local(26), local(27), "rax-4.5"))
    assert totals_of(shown.compared)["tokens"] == known(used(local(25), local(26), "rax-4.5"))
    assert shown.compared.label == "Day before, Sun 25 Oct"


def test_time_that_nobody_saw_is_no_zero(cast: Cast, meter: Meter) -> None:
    found = compared(cast, period="7d", compare="2026-09-01..2026-09-07", step="day")
    assert found.amounts == [None] * 7
    assert totals_of(found)["tokens"].is_unknown
    assert found.label == "1 – 7 Sep"


def test_time_whose_spread_is_unknown_is_not_called_unseen(cast: Cast, meter: Meter) -> None:
    other, september = (
        make_meter(make_key(cast.team, cast.alice, "Second"), NOW),
        (MONTH[0] - 30 * DAY, MONTH[0]),
    )
    store(
        answer(other, september[0] + DAY * day, {"rax-4.0": (100 * day, day)}, *september)
        for day in range(1, 9)
    )
    told = []
    for days in ("2026-09-03..2026-09-04", "2026-08-03..2026-08-04"):
        shown = report(cast, period="2d", compare=days, step="6h").chart.comparison
        told.append(shown and shown.label)
    assert told == ["3 – 4 Sep: spread unknown", "3 – 4 Aug, weekdays matched: not seen"]


def test_moments_before_the_end_of_a_period_leave_a_change_to_tell(cast: Cast) -> None:
    """In each week a period ends, two seconds after its last answer."""
    meter = make_meter(cast.key, NOW)
    ends = [datetime(2026, 10, day, tzinfo=UTC) for day in (9, 17, 24, 31)]
    for start, end in pairwise(ends):
        asked = [start + number * HALF for number in range(400) if start + number * HALF < min(end, NOW)]
        polls = {at - SECOND / 2: at for at in asked[1:]}
        polls |= {end - 2 * SECOND: end} if end < NOW else {}
        store(
            answer(meter, at, {"rax-4.0": (used(start, until), 1)}, start, end) for at, until in polls.items()
        )
    shown = report(cast, period="7d", compare="previous", complete="1")
    assert shown.compared
    totals = shown.totals["tokens"], totals_of(shown.compared)["tokens"]
    assert [str(total)[:8] for total in totals] == ["at least", "at least"]
    now, before = used(TODAY - 7 * DAY, TODAY), used(TODAY - 14 * DAY, TODAY - 7 * DAY)
    assert Change(*totals).difference == now - before
    assert Change(*totals).words == f"≈ {percent_words(100 * (now - before) / before)}"


def test_a_comparison_looks_nothing_up_again(cast: Cast, meter: Meter) -> None:
    asked = []
    for parts in ({}, {"compare": "week"}):
        with CaptureQueriesContext(connection) as queries:
            report(cast, period="7d", by="key,model", filter_model=id_of("rax-4.0"), **parts)
        asked.append(len(queries))
    assert asked[1] <= asked[0] + 2


@pytest.mark.parametrize(
    ("now", "before", "words", "number"),
    [
        (known(1228), known(1000), "+22.8 %", "+228"),
        (known(970), known(1000), "\N{MINUS SIGN}3 %", "\N{MINUS SIGN}30"),
        (known(5), known(0), "new", "+5"),
        (known(0), known(5), "gone", "\N{MINUS SIGN}5"),
        (known(0), known(0), "±0", "±0"),
        (known(7), known(7), "±0 %", "±0"),
        (known(5), known(-5), "+10", "+10"),
        (at_least(1500), known(1000), "at least +50 %", "at least +500"),
        (known(800), at_least(1000), "at least \N{MINUS SIGN}20 %", "at least \N{MINUS SIGN}200"),
        # What nobody saw may be more than the difference.
        (at_least(900), known(1000), "", ""),
        (known(1200), at_least(1000), "", ""),
        (at_least(1500), at_least(1000), "", ""),
        (known(1500), UNKNOWN, "", ""),
        (UNKNOWN, known(0), "", ""),
        (at_least(10), known(0), "new", "at least +10"),
        # No percentage is so small that "+< 0.1 %" would have to be written.
        (known(10**15 + 1), known(10**15), "+1", "+1"),
        (known(100_000 - 9), known(100_000), "\N{MINUS SIGN}9", "\N{MINUS SIGN}9"),
        (at_least(100_001), known(100_000), "at least +1", "at least +1"),
        (known(100_043), known(100_000), "+0.04 %", "+43"),
        # Moments that nobody saw hide about as much as was used in others.
        (nearly(1500), nearly(1000), "≈ +50 %", "≈ +500"),
        (nearly(900), known(1000), "≈ \N{MINUS SIGN}10 %", "≈ \N{MINUS SIGN}100"),
        (known(1200), nearly(1000), "≈ +20 %", "≈ +200"),
        (nearly(1001), nearly(1000), "", ""),
        (nearly(1500), at_least(1000), "", ""),
        (nearly(1500), nearly(1000, 0.2), "", ""),
        (nearly(1500, more=600), nearly(1000), "", ""),
        (nearly(5), nearly(0), "new", "≈ +5"),
    ],
)
def test_a_change_says_no_more_than_is_known(now: Amount, before: Amount, words: str, number: str) -> None:
    change = Change(now, before)
    assert (change.words, change.number) == (words, number)
