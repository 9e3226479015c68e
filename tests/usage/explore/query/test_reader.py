from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usage.explore.query.questions import A_KEY, calendars, queries
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.query.measures import Measure
from usage.explore.query.placed import Placed
from usage.explore.query.query import Query
from usage.explore.query.reader import read_query, sentence
from usage.explore.query.steps import MOST_BUCKETS

NAMES = ["measure", "by", "filter.label", "filter.key", "filter.x", "period", "start", "end", "until", "step"]
NAMES += ["compare", "view", "anchor", "complete", "attributes", "hide", "metric", "group"]


def asked(address: str) -> Query:
    query, problems = read_query(parse_qs(address))
    assert problems == []
    return query


def told(address: str) -> str:
    return sentence(read_query(parse_qs(address))[1])


@given(queries)
def test_a_question_is_itself_again_after_its_address(query: Query) -> None:
    assert asked(query.address()) == query
    assert asked(query.address()).address() == query.address()
    assert len({query, asked(query.address())}) == 1


def test_the_usual_question_has_no_spelling() -> None:
    assert Query().address() == ""
    assert asked("") == Query()


def test_how_a_table_lists_is_carried_on_and_no_part_of_the_question() -> None:
    query = asked("table=time&sort=-requests&rows=all&page=3")
    assert query == Query()
    assert query.address() == "table=time&sort=-requests&rows=all&page=3"
    assert asked("sort=-Requests&table=time&page=3&rows=all").address() == query.address()
    assert query.address(by=(Dimension.KEY,)) == "by=key&table=time&sort=-requests&rows=all"


def test_it_is_spelt_in_one_order() -> None:
    address = (
        "measure=requests&by=key,model&filter.key=none&filter.label=7&filter.label=!8&start=2026-11-01"
        "&end=2026-11-05&step=6h&compare=2026-10-01..2026-10-05&view=cumulative&anchor=3&complete=1"
        "&attributes=today&hide=5"
    )
    shuffled = "&".join(sorted(address.split("&"), key=lambda part: part[::-1]))
    assert asked(shuffled).address() == address


def test_an_instant_is_spelt_in_utc_to_the_quarter_of_an_hour() -> None:
    query = asked("period=24h&until=2026-11-20T16:07:33%2B02:00")
    assert query.address() == "period=24h&until=2026-11-20T14:00Z"


def test_ids_of_one_dimension_may_be_wanted_and_unwanted() -> None:
    query = asked("filter.label=8&filter.label=7&filter.label=!9")
    assert query.filters == (Filter(Dimension.LABEL, ("7", "8")), Filter(Dimension.LABEL, ("9",), True))


def test_old_addresses_still_land() -> None:
    assert asked("period=30d&metric=requests&group=key").address() == "measure=requests&by=key&period=30d"
    assert asked("period=custom&start=2026-11-01&end=2026-11-05&metric=tokens") == asked(
        "start=2026-11-01&end=2026-11-05"
    )
    assert asked("period=billing&until=2026-11-01").period.is_billing


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("measure=euros", "There is no measure “euros”: here are tokens."),
        ("by=mood", "Nothing can be grouped by “mood”."),
        ("by=model,Model", "A group is named twice: it is taken once."),
        ("by=key&by=key", "A group is named twice: it is taken once."),
        ("sort=size", "Nothing is sorted by “size”: here are the largest first."),
        ("sort=-", "Nothing is sorted by “-”: here are the largest first."),
        ("table=pie", "“table” can only be time: it is left out."),
        ("rows=5", "“rows” can only be all: it is left out."),
        ("page=two", "There is no page “two”: here is the first."),
        ("page=0", "There is no page “0”: here is the first."),
        ("by=key,model,label", "There are two groups at most: here are the first."),
        ("filter.model=rax-4.5", "“rax-4.5” names no model: it is left out."),
        ("filter.mood=1", "Nothing can be filtered by “mood”."),
        ("period=fortnight", "There is no period “fortnight”: here is the usual one."),
        ("start=2026-02-30", "“2026-02-30” is no date, such as 2026-01-31: it is left out."),
        ("until=1999-12-31", "Nothing was counted on “1999-12-31”: it is left out."),
        ("step=fortnight", "There is no step “fortnight”: the one that fits is taken."),
        ("compare=nothing", "Nothing can be compared with “nothing”: the comparison is left out."),
        ("compare=2026-09-01..", "Nothing can be compared with “2026-09-01..”: the comparison is left out."),
        ("compare=2026-09-09..2026-09-01", "The first day compared came after the last: they are swapped."),
        ("period=week&period=month", "“period” is said more than once: the last counts."),
        ("view=pie", "There is no view “pie”: here are bars."),
        ("anchor=me", "“me” is no account: its billing period is not taken."),
        ("complete=maybe", "“complete” can only be 1: it is left out."),
        ("&".join(f"hide={n}" for n in range(21)), "20 series are hidden at most."),
        (
            "metric=euros&view=pie",
            "There is no measure “euros”: here are tokens; there is no view “pie”: here are bars.",
        ),
        ("period=week&start=2026-11-01", "A period and days were asked for: here are the days."),
    ],
)
def test_one_sentence_says_what_was_changed(address: str, words: str) -> None:
    assert told(address) == words


@pytest.mark.parametrize(
    "address",
    ["", "polled=1", "utm_source=mail", "period=&start=&end=", "complete=0", "complete=1&complete=0"],
)
def test_what_is_no_part_of_a_question_is_passed_over(address: str) -> None:
    assert asked(address) == Query()


@given(
    st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=5), st.text(max_size=60)), max_size=12),
    calendars,
)
def test_whatever_is_asked_a_question_is_answered(parts: list[tuple[str, str]], time) -> None:
    query, problems = read_query(parse_qs(urlencode(parts), keep_blank_values=True))
    assert read_query(parse_qs(query.address())) == (query, [])
    placed = Placed.of(query, time).drawable()
    assert placed.span.start < placed.span.end
    assert len(placed.span.buckets()) <= MOST_BUCKETS
    words = sentence((*problems, *placed.problems))
    assert not words or (words.endswith(".") and words[0] == words[0].upper() and "\n" not in words)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *[("last-30-days", "30d"), ("30 days", "30d"), ("Last_7_Days", "7d"), ("90d", "90d")],
        *[("12 months", "12m"), ("24hours", "24h"), ("this-month", "month"), ("mtd", "month")],
        *[
            ("this-period", "billing"),
            ("last-billing-period", "last-billing"),
            ("last period", "last-billing"),
        ],
    ],
)
def test_a_period_is_taken_as_people_call_it(written: str, name: str) -> None:
    query, problems = read_query({"period": written})
    assert (query.period.name, problems) == (name, [])


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("by=Model, Key", "by=model,key"),
        ("Measure=Requests&View=Cumulative", "measure=requests&view=cumulative"),
        ("step=1h", "step=hour"),
        ("compare=Previous&Filter.Label=7", "filter.label=7&compare=previous"),
        ("attributes=Today", "attributes=today"),
        ("start=20261101&end=20261110", "start=2026-11-01&end=2026-11-10"),
        ("start=2026-W45-1&end=2026-W46-7", "start=2026-11-02&end=2026-11-15"),
    ],
)
def test_words_and_days_may_be_typed_in_another_way(typed: str, address: str) -> None:
    assert (told(typed), asked(typed)) == ("", asked(address))


def test_what_was_written_is_quoted_as_it_was() -> None:
    _, problems = read_query({"period": "this-Fortnight"})
    assert problems == ["there is no period “this-Fortnight”: here is the usual one"]


def test_a_filter_by_hundreds_of_ids_is_cut_and_says_so() -> None:
    address = "&".join(f"filter.label={number}" for number in range(1, 200))
    query, problems = read_query(parse_qs(address))
    assert len(query.filters[0].ids) == 100
    assert sentence(problems) == "A filter names 100 labels at most."


def test_a_click_filters_and_keeps_the_rest() -> None:
    query = asked("measure=requests&filter.label=7&period=30d").only(Dimension.KEY, A_KEY)
    assert query.address() == f"measure=requests&filter.key={A_KEY}&filter.label=7&period=30d"
    assert query.without(query.filters[0]).address() == "measure=requests&filter.label=7&period=30d"


def test_parts_are_changed_in_the_address_alone() -> None:
    query = asked("period=30d")
    assert query.address(measure=Measure.REQUESTS) == "measure=requests&period=30d"
    assert query.measure == Measure.TOKENS
