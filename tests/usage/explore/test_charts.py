from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
from hypothesis import given
from hypothesis import strategies as st

from usage import claims
from usage.claims import Unit
from usage.claims import known as exactly
from usage.explore.figure.axes import amount_axis, amount_ticks
from usage.explore.figure.charts import Comparison, Sign, describe, usage_figure
from usage.explore.figure.quality import kinds
from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.query.spans import Span, Step
from usage.explore.reading.names import Names
from usage.explore.reading.scope.series import BY_MODEL, REST
from usage.explore.sheet.layout import make_sheet
from usage.explore.sheet.marks import Mark, Seen
from usage.explore.sheet.palette import colour_numbers
from usage.explore.sheet.tables import Sheet
from usage.ledger import UNATTRIBUTED, Quality

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = 3_600_000_000
MEASURED = Seen({Quality.MEASURED: HOUR})
MODELS = ["rax-4.0", "rax-4.5"]


def sheet(
    amounts: dict[str, list[int]],
    seen: Sequence[Seen] = (),
    known: Sequence[str] = MODELS,
    now_hours: int = 99,
) -> Sheet:
    hours = len(next(iter(amounts.values())))
    span = Span(START, START + timedelta(hours=hours), Step.HOUR, ZoneInfo("UTC"))
    facts = [*seen, *[MEASURED] * (hours - len(seen))]
    names = Names({}, {(Dimension.MODEL, name): place for place, name in enumerate(known)})
    by_series: dict[SeriesId, list[int]] = {
        ("none",) if name == UNATTRIBUTED else (name,): values for name, values in amounts.items()
    }
    return make_sheet(span, BY_MODEL, by_series, facts, names, START + timedelta(hours=now_hours))


def bars(made: Sheet) -> dict[tuple[str, str], dict[int, int]]:
    """{(series, look): {bucket: amount}} as drawn; where there is no bar, there is no bucket."""
    figure, found = usage_figure(made), {}
    for trace in figure["data"]:
        placed = zip(trace.get("x", range(99)), trace["y"], strict=False)
        column = trace["meta"].get("column")
        name = trace["name"] if column is None else figure["layout"]["meta"]["columns"][column][0]
        found[name, trace["meta"]["look"]] = {x: y for x, y in placed if y is not None}
    return found


def told(made: Sheet, *args) -> dict:
    """What goes with a figure."""
    return usage_figure(made, *args)["layout"]["meta"]


def every_mark() -> Sheet:
    seen = [
        Seen({Quality.BEFORE_WATCHING: HOUR}),
        Seen({Quality.INTERPOLATED: HOUR}),
        Seen({Quality.UNKNOWN: HOUR}),
        Seen({Quality.UNKNOWN: HOUR // 2, Quality.MEASURED: HOUR // 2}),
        MEASURED,
        Seen({Quality.MEASURED: HOUR // 2}, is_provisional=True),
    ]
    return sheet({"rax-4.0": [5, 4, 0, 3, -2, 1, 0]}, seen, now_hours=6)


def test_a_stacked_bar_stands_for_each_model() -> None:
    made = sheet({"rax-4.0": [1, 2, 3], "rax-4.5": [4, 0, 6]})
    first, second = usage_figure(made)["data"]
    assert (first["y"], second["y"]) == ([1, 2, 3], [4, 0, 6])
    assert told(made)["totals"] == {}


def test_plotly_accepts_every_figure() -> None:
    long, hebrew = "x" * 200, "\u05d0" * 200
    for made in (
        every_mark(),
        sheet({"a": [1], UNATTRIBUTED: [-1]}),
        sheet({"a": [0]}),
        sheet({long: [10**15], hebrew: [-(10**15)]}),
        sheet({"a": [5] * 400}, known=["a"], now_hours=999),
        sheet({"a": [0, 0]}, [Seen({Quality.UNKNOWN: HOUR})] * 2),
    ):
        count = len(made.rows)
        before = Comparison("the day before", [None, *[7] * (count - 1)])
        go.Figure(usage_figure(made, [Sign(0, "1", "A new period began.")], START, before))


def test_each_bucket_says_how_far_it_can_be_trusted() -> None:
    assert [row.mark for row in every_mark().rows] == [
        Mark.BEFORE_WATCHING,
        Mark.INTERPOLATED,
        Mark.UNKNOWN,
        Mark.PARTLY_UNKNOWN,
        Mark.NONE,
        Mark.PROVISIONAL,
        Mark.TO_COME,
    ]


def test_marks_are_seen_in_the_bars() -> None:
    drawn = bars(every_mark())
    assert drawn["rax-4.0", "plain"] == {3: 3, 4: -2}
    assert drawn["rax-4.0", "outlined"] == {0: 5}
    assert drawn["rax-4.0", "lighter"] == {1: 4}
    assert drawn["rax-4.0", "slashed"] == {5: 1}
    markers = {trace["meta"]["look"]: trace["marker"] for trace in usage_figure(every_mark())["data"]}
    assert markers["outlined"]["line"]["width"] > markers["plain"]["line"]["width"] == 0
    assert markers["lighter"]["opacity"] < 1
    assert markers["slashed"]["pattern"]["shape"] == "/"


def test_the_legend_of_quality_tells_what_occurs() -> None:
    assert [kind.name for kind in kinds(every_mark())] == [
        "measured",
        "spread unknown",
        "not seen",
        "in progress",
    ]
    assert [kind.name for kind in kinds(sheet({"rax-4.0": [1]}))] == []
    begun = Seen({Quality.MEASURED: HOUR}, is_provisional=True)
    assert [kind.name for kind in kinds(sheet({"rax-4.0": [1, 2]}, [MEASURED, begun]))] == [
        "measured",
        "in progress",
    ]


def test_what_nobody_saw_is_hatched_and_not_zero() -> None:
    drawn = bars(every_mark())
    top = usage_figure(every_mark())["layout"]["yaxis"]["range"][1]
    assert drawn["Not seen", "hatched"] == {2: top, 3: top - 3}
    assert 2 not in drawn["rax-4.0", "plain"]


def test_the_seconds_before_a_period_ends_do_not_hatch_a_day_and_are_said() -> None:
    made = sheet({"rax-4.0": [1]}, [Seen({Quality.TAIL_UNKNOWN: HOUR // 200, Quality.MEASURED: HOUR})])
    assert (made.rows[0].mark, made.rows[0].unseen) == (Mark.BARELY_UNKNOWN, 0)
    assert str(made.total) == "at least 1"


def test_what_is_still_to_come_has_no_value_and_nothing_to_point_at() -> None:
    made = sheet({"rax-4.0": [3, 0, 0]}, now_hours=1)
    assert bars(made)["rax-4.0", "plain"] == {0: 3}
    assert told(made)["titles"] == ["Mon 23 Nov, 00:00–01:00"]
    assert usage_figure(made)["layout"]["xaxis"]["range"] == [-0.5, 2.5]


def test_what_was_not_seen_yet_says_so_where_one_points() -> None:
    late = Seen({Quality.UNKNOWN: HOUR}, is_late=True)
    made = sheet({"rax-4.0": [3, 0]}, [MEASURED, late])
    assert bars(made)["rax-4.0", "plain"] == {0: 3}
    meta = told(made)
    assert (meta["totals"], meta["sentences"], meta["said"]) == ({"1": "–"}, ["not seen yet"], [[], [0]])


def test_a_third_without_polls_makes_a_bar_lighter() -> None:
    made = sheet({"rax-4.0": [1]}, [Seen({Quality.INTERPOLATED: HOUR, Quality.MEASURED: 2 * HOUR})])
    assert made.rows[0].mark == Mark.INTERPOLATED


def test_the_table_lists_what_has_begun_newest_first() -> None:
    assert [str(row.total) for row in every_mark().past()] == ["1", "−2", "at least 3", "–", "4", "5"]


def test_past_eight_models_the_rest_is_one_bar() -> None:
    names = [f"model-{number:02}" for number in range(12)]
    made = sheet({name: [100 - place] for place, name in enumerate(names)}, known=names)
    assert [column.series for column in made.columns] == [*((name,) for name in names[:8]), REST]
    assert made.columns[-1].label == "Other models"
    assert made.columns[-1].total.certain == sum(100 - place for place in range(8, 12))


def test_the_residual_is_shown_as_what_it_is() -> None:
    made = sheet({"rax-4.0": [1, 2], UNATTRIBUTED: [0, 7]})
    assert [column.label for column in made.columns] == ["rax-4.0", "Unattributed"]
    assert made.columns[-1].number == "unattributed"


@given(
    st.dictionaries(
        st.text("abcdefgh", min_size=1, max_size=2) | st.just(UNATTRIBUTED),
        st.lists(st.integers(-(10**12), 10**12), min_size=5, max_size=5),
        min_size=1,
        max_size=20,
    )
)
def test_whatever_is_used_the_columns_and_the_rows_sum_to_all_of_it(amounts: dict[str, list[int]]) -> None:
    made = sheet(amounts)
    everything = exactly(sum(map(sum, amounts.values())))
    assert made.total == claims.total(row.total for row in made.rows) == everything
    assert sum(column.total.certain for column in made.columns) == everything.certain


def test_a_hidden_series_is_neither_drawn_nor_counted() -> None:
    made = sheet({"rax-4.0": [1, 2, 3], "rax-4.5": [4, 0, 6]}).without({"rax-4.0"})
    assert set(bars(made)) == {("rax-4.5", "plain")}
    assert bars(made)["rax-4.5", "plain"] == {0: 4, 1: 0, 2: 6}


def test_something_is_always_shown() -> None:
    made = sheet({"rax-4.0": [1], "rax-4.5": [2]})
    assert made.without({"rax-4.0", "rax-4.5", "gone"}) is made


def test_the_axis_says_amounts_as_people_do() -> None:
    figure = usage_figure(sheet({"rax-4.0": [1_900_000, -900_000], "rax-4.5": [600_000, 0]}))
    assert figure["layout"]["yaxis"]["ticktext"] == ["−1 M", "0", "1 M", "2 M", "3 M"]


def test_the_axis_of_money_says_its_currency_once() -> None:
    assert amount_ticks(0, 5_500, Unit(2, "EUR", is_estimate=True))[1] == ["0", "20", "40", "60 EUR"]
    assert amount_ticks(0, 99, Unit(2, "EUR"))[1] == ["0.00", "0.20", "0.40", "0.60", "0.80", "1.00 EUR"]


@given(st.integers(-(10**16), 0), st.integers(0, 10**16))
def test_the_axis_has_few_places_and_the_last_is_above_the_bars(low: int, high: int) -> None:
    places, texts = amount_ticks(low, high)
    assert 2 <= len(places) == len(set(texts)) <= 8
    assert places[0] <= 0 <= high < places[-1]
    assert 0 in places
    assert amount_axis(low, high)["range"][0] <= low


def test_a_small_correction_takes_no_room_from_the_bars() -> None:
    axis = amount_axis(-4_888, 1_400_000)
    assert axis["ticktext"][0] == "0"
    assert -20_000 < axis["range"][0] <= -4_888


def test_what_it_is_compared_with_fits_below_the_last_place() -> None:
    figure = usage_figure(sheet({"a": [1, 2]}), comparison=Comparison("last week", [None, 30]))
    assert figure["layout"]["yaxis"]["range"][1] > 30
    assert figure["layout"]["meta"]["compared"] == "last week"
    assert figure["data"][-1]["y"] == [None, 30]


def test_a_model_keeps_its_colour_whatever_its_rank() -> None:
    often = sheet({"rax-4.0": [9], "rax-4.5": [1]})
    rarely = sheet({"rax-4.0": [1], "rax-4.5": [9]})
    alone = sheet({"rax-4.5": [9]})
    colours = [{column.name: column.number for column in made.columns} for made in (often, rarely, alone)]
    assert colours[0] == colours[1]
    assert colours[2]["rax-4.5"] == colours[0]["rax-4.5"]


def test_no_two_shown_models_share_a_colour() -> None:
    known = [f"model-{number:02}" for number in range(20)]
    numbers = colour_numbers({known[place]: place for place in (0, 1, 8, 9, 10, 16, 17, 19)})
    assert sorted(numbers.values()) == list(range(8))


def test_a_name_cannot_turn_round_the_words_beside_it() -> None:
    assert told(sheet({"rax\u202e4.0": [1]}))["columns"][0][0] == "rax4.0"
    assert told(sheet({"\u05d0\u05d1": [1]}))["columns"][0][0] == "\u2068\u05d0\u05d1\u2069"


def test_a_sign_stands_at_its_bucket_and_tells_its_sentence() -> None:
    figure = usage_figure(sheet({"rax-4.0": [1, 2]}), [Sign(1, "1", "<b>Key</b>: one.")])
    assert figure["layout"]["meta"]["signs"] == [[1, "1", "<b>Key</b>: one."]]
    assert [shape["path"] for shape in figure["layout"]["shapes"]] == ["M1,0L1,1"]


def test_many_signs_and_long_texts_are_left_to_the_list() -> None:
    signs = told(sheet({"rax-4.0": [1]}), [Sign(0, str(number), "x" * 999) for number in range(100)])["signs"]
    assert len(signs) == 60
    assert all(len(text) == 161 for _, _, text in signs)


def test_a_chart_tells_itself_in_words() -> None:
    words = describe(sheet({"rax-4.0": [1000], "rax-4.5": [2500]}), "tokens", BY_MODEL)
    assert words.startswith("Tokens by model, ")
    assert "3,500 in all" in words
    assert words.index("rax-4.5 2,500") < words.index("rax-4.0 1,000")


def test_a_chart_says_by_what_its_series_are_told_apart() -> None:
    words = describe(sheet({"rax-4.0": [1000]}), "requests", (Dimension.KEY, Dimension.PROJECT))
    assert words.startswith("Requests by key and project, ")


def test_days_that_were_imported_are_not_called_measured() -> None:
    told = Seen({Quality.TOLD: HOUR})
    made = sheet({"rax-4.0": [3, 4]}, [MEASURED, told])
    assert [row.mark for row in made.rows] == [Mark.NONE, Mark.TOLD]
    assert bars(made)["rax-4.0", "dotted"] == {1: 4}
    assert [kind.name for kind in kinds(made)] == ["measured", "imported"]
    go.Figure(usage_figure(made))
