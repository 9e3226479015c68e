"""The axes of the chart, what lies behind its bars, and how much of it goes to the browser."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest

from usage.explore.figure.axes import ticks
from usage.explore.figure.charts import Comparison, Sign, usage_figure
from usage.explore.figure.quality import look_of
from usage.explore.figure.shapes import today, week_ends
from usage.explore.query.dimensions import Dimension
from usage.explore.query.spans import Span, Step, midnight
from usage.explore.reading.names import Names
from usage.explore.reading.scope.series import BY_MODEL
from usage.explore.sheet.layout import make_sheet
from usage.explore.sheet.marks import Seen
from usage.explore.sheet.tables import Sheet
from usage.ledger import Quality

BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
# A Thursday.
NOW = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
HOUR = 3_600_000_000


def sheet_of(span: Span, amounts: dict[str, list[int]], seen: list[Seen], now: datetime = NOW) -> Sheet:
    names = Names({}, {(Dimension.MODEL, name): place for place, name in enumerate(amounts)})
    return make_sheet(span, BY_MODEL, {(name,): used for name, used in amounts.items()}, seen, names, now)


def days(first: date, last: date, step: Step, zone: ZoneInfo = BERLIN) -> Span:
    return Span(midnight(first, zone), midnight(last + timedelta(days=1), zone), step, zone)


WEEK = days(date(2026, 11, 20), date(2026, 11, 26), Step.THREE_HOURS)
MONTH = days(date(2026, 10, 28), date(2026, 11, 26), Step.DAY)


def test_a_bar_that_is_not_whole_is_not_called_measured_for_that() -> None:
    """Its word says what it lacks; how the rest was seen is said by its look alone."""
    third, end = HOUR // 3, NOW.replace(minute=0)
    span = Span(end - timedelta(hours=6), end, Step.HOUR, UTC_ZONE)
    seen = [
        Seen({Quality.UNKNOWN: third, Quality.MEASURED: 2 * third}),
        Seen({Quality.UNKNOWN: third, Quality.INTERPOLATED: 2 * third}),
        Seen({Quality.UNKNOWN: third, Quality.TOLD: 2 * third}),
        Seen({Quality.BOUNDARY_MOVED: third, Quality.MEASURED: 2 * third}),
        Seen({Quality.INTERPOLATED: HOUR}, covered=third),
        Seen({Quality.INTERPOLATED: third, Quality.MEASURED: 2 * third}, covered=third),
    ]
    rows = sheet_of(span, {"rax-4.0": [1] * 6}, seen).rows
    assert [look_of(row) for row in rows] == ["plain", "lighter", "dotted", "lighter", "lighter", "plain"]


def corners(shape: dict) -> list[tuple[float, ...]]:
    """First and last place of each column of a path."""
    columns = shape["path"].removesuffix("Z").split("Z")
    return [tuple(float(point.split(",")[0]) for point in column[1:].split("L")[:2]) for column in columns]


def test_a_tick_names_the_instant_at_which_its_bar_begins_and_the_bar_its_hours() -> None:
    places, texts = ticks(WEEK, NOW)
    assert (places[1], texts[1]) == (7.5, "21 Nov")
    sheet = sheet_of(WEEK, {"a": [1] * 56}, [Seen({Quality.MEASURED: HOUR})] * 56)
    assert usage_figure(sheet)["layout"]["meta"]["titles"][8] == "Sat 21 Nov, 00:00–03:00"


@pytest.mark.parametrize("span", [WEEK, MONTH])
def test_the_last_day_is_called_today(span: Span) -> None:
    assert ticks(span, NOW)[1][-1] == "Today"
    assert "Today" not in ticks(span, NOW + timedelta(days=1))[1]
    assert "Today" not in ticks(span)[1]


def test_days_of_more_than_a_year_tell_theirs() -> None:
    _, texts = ticks(days(date(2025, 1, 1), date(2026, 11, 26), Step.WEEK), NOW)
    assert all(text[-4:] in {"2025", "2026"} for text in texts)


def test_week_ends_are_marked_whatever_the_bucket() -> None:
    assert corners(next(week_ends(WEEK))) == [(7.5, 23.5)]
    assert corners(next(week_ends(MONTH))) == [(2.5, 4.5), (9.5, 11.5), (16.5, 18.5), (23.5, 25.5)]
    assert list(week_ends(days(date(2026, 1, 1), date(2026, 11, 26), Step.WEEK))) == []


def test_a_week_end_on_which_clocks_change_is_one() -> None:
    assert corners(next(week_ends(days(date(2026, 10, 22), date(2026, 10, 27), Step.DAY)))) == [(1.5, 3.5)]


def test_today_is_marked_in_the_teams_zone() -> None:
    assert corners(next(today(WEEK, NOW))) == [(47.5, 55.5)]
    # Late in the evening in London it is tomorrow in Berlin.
    assert list(today(WEEK, datetime(2026, 11, 26, 23, 30, tzinfo=UTC))) == []


@pytest.mark.parametrize(("largest", "doubtful"), [(10**15, 20), (10**12, 2)])
def test_four_hundred_buckets_of_nine_series_are_less_than_a_hundred_kilobytes(
    largest: int, doubtful: int
) -> None:
    start = datetime(2026, 11, 10, tzinfo=UTC)
    span = Span(start, start + timedelta(hours=400), Step.HOUR, UTC_ZONE)
    seen = [
        Seen({Quality.MEASURED if hour % doubtful else Quality.INTERPOLATED: HOUR}) for hour in range(400)
    ]
    names = [*("\N{HEBREW LETTER ALEF}" * 199 + str(number) for number in range(8)), "none"]
    amounts = {name: [largest + hour for hour in range(400)] for name in names}
    sheet = sheet_of(span, amounts, seen, start + timedelta(hours=400))
    before = Comparison("the same days of the month before", [largest] * 400)
    signs = [Sign(place * 10, str(place), "Main key: a new billing period began.") for place in range(40)]
    assert len(orjson.dumps(usage_figure(sheet, signs, NOW, before))) < 100_000
