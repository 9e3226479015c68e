"""The burn-up: areas that start again with each billing period, with limit, period before and forecast."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import pytest

from tests.usage.explore.reading import line
from usage.claims import Sureness
from usage.explore.figure.burn import burn_up
from usage.explore.figure.charts import Comparison, Figure, Sign
from usage.explore.figure.cumulative import Beside, Limit, cumulative_figure, range_words
from usage.explore.figure.quality import kinds
from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.query.spans import Span, Step
from usage.explore.reading.names import Names
from usage.explore.reading.scope.series import BY_MODEL
from usage.explore.reading.sums.stretches import Block
from usage.explore.sheet.layout import make_sheet
from usage.explore.sheet.marks import Seen
from usage.explore.sheet.tables import Sheet
from usage.ledger import Quality
from usage.ledger.words import microseconds
from usage.quota.forecast.course import Forecast, Point

DAY = timedelta(days=1)
START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = 3_600_000_000
MEASURED, UNSEEN = Seen({Quality.MEASURED: HOUR}), Seen({Quality.UNKNOWN: HOUR})


def sheet(amounts: dict[str, list[int]], days: int, seen: Sequence[Seen] = (), blocks=()) -> Sheet:
    """So many days, of which all but the last two have passed."""
    span = Span(START, START + days * DAY, Step.DAY, ZoneInfo("UTC"))
    facts = [*seen, *[MEASURED] * (days - len(seen))]
    names = Names({}, {(Dimension.MODEL, name): place for place, name in enumerate(amounts)})
    used: dict[SeriesId, list[int]] = {
        (name,): [*values, *[0] * (days - len(values))] for name, values in amounts.items()
    }
    return make_sheet(span, BY_MODEL, used, facts, names, START + (days - 2) * DAY, blocks)


def burn_figure(
    made: Sheet, restarts: Sequence[int] = (), beside: Beside | None = None, now: datetime | None = None
) -> Figure:
    return cumulative_figure(made, burn_up(made, restarts), beside or Beside(), now)


def area(figure: Figure, column: int) -> list[tuple[float, int] | None]:
    """The corners of a column's areas, None between two of them."""
    (trace,) = [each for each in figure["data"] if each["meta"] == {"column": column, "look": "area"}]
    return [None if x is None else (x, y) for x, y in zip(trace["x"], trace["y"], strict=True)]


def shape(figure: Figure, name: str) -> dict:
    (found,) = [each for each in figure["layout"]["shapes"] if each["name"] == name]
    return found


def labels(figure: Figure) -> dict[str, str]:
    return {each["name"]: each["text"] for each in figure["layout"]["annotations"]}


def expected(*amounts: tuple[int, int, int]) -> Forecast:
    """From the end of the third day on, a point each day."""
    points = [Point(START + (3 + number) * DAY, *each) for number, each in enumerate(amounts)]
    return Forecast(points, is_profile=True, tested=20)


def test_areas_are_stacked_from_what_was_used_so_far() -> None:
    figure = burn_figure(sheet({"a": [1, 2, 3], "b": [10, 0, 5]}, 5))
    assert area(figure, 0) == [(-0.5, 0), (-0.5, 0), (0.5, 1), (1.5, 3), (2.5, 6), (2.5, 0)]
    assert area(figure, 1) == [(-0.5, 0), (-0.5, 0), (0.5, 11), (1.5, 13), (2.5, 21), (2.5, 0)]
    # The higher one lies behind.
    assert [trace["meta"]["column"] for trace in figure["data"]] == [1, 0]


def test_each_billing_period_starts_at_zero() -> None:
    figure = burn_figure(sheet({"a": [1, 2, 3]}, 5), restarts=[2])
    first, second = (
        [(-0.5, 0), (-0.5, 0), (0.5, 1), (1.5, 3), (1.5, 0)],
        [(1.5, 0), (1.5, 0), (2.5, 3), (2.5, 0)],
    )
    assert area(figure, 0) == [*first, None, *second]


def test_unknown_time_breaks_the_area_and_leaves_a_lower_bound() -> None:
    made = sheet({"a": [5, 0, 3]}, 5, [MEASURED, UNSEEN])
    figure = burn_figure(made)
    assert area(figure, 0) == [
        *[(-0.5, 0), (-0.5, 0), (0.5, 5), (0.5, 0)],
        None,
        *[(1.5, 0), (1.5, 5), (2.5, 8), (2.5, 0)],
    ]
    assert [str(total) for total in burn_up(made).totals] == ["5", "at least 5", "at least 8"]
    assert figure["layout"]["meta"]["totals"] == {"1": "at least 5", "2": "at least 8"}
    (hatched,) = [trace for trace in figure["data"] if trace["meta"]["look"] == "hatched"]
    assert (hatched["x"], hatched["base"]) == ([1], [0])
    assert [kind.name for kind in kinds(made)] == ["measured", "not seen"]


def test_the_day_in_progress_is_slashed_and_a_spread_that_nobody_saw_is_paler() -> None:
    going, missed = replace(MEASURED, is_provisional=True), Seen({Quality.INTERPOLATED: HOUR})
    made = sheet({"a": [5, 4, 3]}, 5, [MEASURED, missed, going])
    figure = burn_figure(made, beside=Beside(as_of=START + 2.25 * DAY))
    # Over the part of the areas that lies in the bucket, as far as it was told.
    assert line(figure, "veil-lighter") == [(0.5, 0), (0.5, 5), (1.5, 9), (1.5, 0)]
    assert line(figure, "veil-slashed") == [(1.5, 0), (1.5, 9), (1.75, 12), (1.75, 0)]
    assert [kind.name for kind in kinds(made)] == ["measured", "spread unknown", "in progress"]


def test_the_box_of_a_day_to_come_tells_what_is_expected_at_its_end() -> None:
    beside = Beside(forecast=expected((21, 21, 21), (25, 28, 31), (29, 35, 42)))
    told = burn_figure(sheet({"a": [7, 7, 7]}, 5), beside=beside)["layout"]["meta"]
    assert told["titles"][3:] == ["Thu 26 Nov 2026", "Fri 27 Nov 2026"]
    assert {place: told["totals"][place] for place in ("3", "4")} == {"3": "25 – 31", "4": "29 – 42"}
    assert (told["begun"], told["expected"], len(told["said"])) == (3, "Expected", 5)


def test_without_a_forecast_the_days_to_come_have_no_box() -> None:
    told = burn_figure(sheet({"a": [7, 7, 7]}, 5))["layout"]["meta"]
    assert len(told["titles"]) == 3


def test_a_new_period_is_known_again() -> None:
    totals = burn_up(sheet({"a": [5, 0, 3]}, 5, [MEASURED, UNSEEN]), restarts=[2]).totals
    assert [str(total) for total in totals] == ["5", "at least 5", "3"]


def test_time_whose_spread_nobody_saw_counts_where_it_ends() -> None:
    start, end = microseconds(START), microseconds(START + 2 * DAY)
    block = Block(0, 1, start, end, Quality.BEFORE_WATCHING, False, {("a",): 100})
    covered = Seen({Quality.BEFORE_WATCHING: HOUR}, covered=HOUR)
    made = sheet({"a": [0, 0, 7]}, 5, [covered, covered], [block])
    totals = burn_up(made).totals
    assert totals[0].sureness == Sureness.UNKNOWN
    assert [str(total) for total in totals[1:]] == ["100", "107"]
    figure = burn_figure(made)
    assert area(figure, 0) == [(1.5, 0), (1.5, 100), (2.5, 107), (2.5, 0)]
    # Framed, from nothing to what it comes to.
    frame = shape(figure, "stretch")
    assert [frame[name] for name in ("x0", "x1", "y0", "y1")] == [-0.5, 1.5, 0, 100]


def test_the_newest_day_ends_where_it_was_told() -> None:
    as_of = START + 2 * DAY + timedelta(hours=6)
    figure = burn_figure(sheet({"a": [1, 2, 3]}, 5), beside=Beside(as_of=as_of))
    assert area(figure, 0)[-2:] == [(1.75, 6), (1.75, 0)]


def test_the_period_before_and_the_range_stand_beside_it() -> None:
    before = Comparison("October", [10, 20, 30, 40, 50])
    beside = Beside(past=before, forecast=expected((21, 21, 21), (25, 28, 31), (29, 35, 42)))
    figure = burn_figure(sheet({"a": [7, 7, 7]}, 5), beside=beside)
    assert line(figure, "past") == [(-0.5, 0), (0.5, 10), (1.5, 20), (2.5, 30), (3.5, 40), (4.5, 50)]
    assert line(figure, "middle") == [(2.5, 21), (3.5, 28), (4.5, 35)]
    assert line(figure, "range") == [(2.5, 21), (3.5, 31), (4.5, 42), (4.5, 29), (3.5, 25), (2.5, 21)]
    assert labels(figure) == {"range": "29 – 42"}
    assert figure["layout"]["yaxis"]["range"][1] > 50
    assert figure["layout"]["meta"]["compared"] == "October"


@pytest.mark.parametrize(
    ("limit", "place", "words"),
    [(28, 3.5, "Fri 27 Nov"), (14, 1.5, "Tue 24 Nov"), (40, 4.318, "Fri 27 Nov at the earliest")],
)
def test_where_the_limit_is_crossed_its_day_is_told(limit: int, place: float, words: str) -> None:
    beside = Beside(Limit("own budget", limit), forecast=expected((21, 21, 21), (25, 28, 31), (29, 35, 42)))
    figure = burn_figure(sheet({"a": [7, 7, 7]}, 5), beside=beside)
    crossing = shape(figure, "crossing")
    assert (crossing["x0"], crossing["y1"]) == (place, limit)
    assert labels(figure)["crossing"] == words


def test_a_limit_that_is_not_reached_is_a_line_alone() -> None:
    beside = Beside(Limit("<b>own</b>", 1000), forecast=expected((21, 21, 21), (25, 28, 31)))
    figure = burn_figure(sheet({"a": [7, 7, 7]}, 5), beside=beside)
    assert [each["name"] for each in figure["layout"]["shapes"]] == ["limit"]
    assert labels(figure)["limit"] == "&lt;b&gt;own&lt;/b&gt;"
    assert figure["layout"]["yaxis"]["range"][1] > 1000


def test_plotly_accepts_every_burn_up() -> None:
    beside = Beside(
        Limit("own budget", 28),
        Comparison("October", [10, None, 30, 40, 50]),
        expected((21, 21, 21), (25, 28, 31), (29, 35, 42)),
        [Sign(1, "1", "A correction.")],
        START + 2.5 * DAY,
    )
    for amounts in ({"a": [7, 7, 7], "b": [0, -20, 10**15]}, {"a": [0, 0, 0]}):
        for seen in ((), [UNSEEN], [MEASURED, UNSEEN], [UNSEEN] * 3):
            go.Figure(burn_figure(sheet(amounts, 5, seen), [1], beside, START + 2.5 * DAY))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (70_100_000, 72_900_000, "70.1 – 72.9 M"),
        (900_000, 1_200_000, "900 k – 1.2 M"),
        (5, 5, "5"),
        (5, 12, "5 – 12"),
    ],
)
def test_a_range_tells_its_unit_once(low: int, high: int, words: str) -> None:
    assert range_words(low, high) == words
