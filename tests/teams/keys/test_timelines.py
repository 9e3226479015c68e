"""A timeline is a function of days: what is said from a day on is so from that day on, and nowhere else."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from teams.keys.timelines import Dated, Timeline
from teams.models import ALWAYS, Attributes, KeyLimits, Owner, Plan, Terms

NOVEMBER = date(2026, 11, 1)
ALICE, BOB = Owner(1, "Alice"), Owner(2, "Bob")
FIRST = Timeline((Dated(ALWAYS, Attributes(ALICE, "Support")),))
DAYS = [ALWAYS, *(NOVEMBER + timedelta(days=number) for number in range(6))]
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "owner": st.sampled_from([None, ALICE, BOB]),
        "project": st.sampled_from(["", "Support", "Sales"]),
        "terms": st.sampled_from([Terms(), Terms(Plan.PRO)]),
    },
)


def november(day: int) -> date:
    return NOVEMBER + timedelta(days=day - 1)


def projects(timeline: Timeline) -> list[tuple[str, str]]:
    return [(entry.since, entry.attributes.project) for entry in timeline.entries]


@given(st.lists(st.tuples(st.sampled_from(DAYS), CHANGES), max_size=8))
def test_it_says_of_each_day_what_was_said_of_it_last(changes: list) -> None:
    timeline = FIRST
    said: dict[date, dict[str, Any]] = {
        day: {"owner": ALICE, "project": "Support", "terms": Terms()} for day in DAYS
    }
    for since, given_values in changes:
        timeline = timeline.changed(since, given_values)
        said |= {day: said[day] | given_values for day in DAYS if day >= since}
    assert {day: timeline.on(day) for day in DAYS} == {
        day: Attributes(**values) for day, values in said.items()
    }
    told = [entry.attributes for entry in timeline.entries]
    assert all(one != next_one for one, next_one in pairwise(told))
    assert timeline.entries[0].valid_from == ALWAYS


def test_from_a_day_on_leaves_the_days_before_alone() -> None:
    timeline = FIRST.changed(november(3), {"project": "Sales"})
    assert projects(timeline) == [("always", "Support"), ("3 Nov 2026", "Sales")]
    assert (timeline.on(november(2)).project, timeline.on(november(3)).project) == ("Support", "Sales")


def test_a_correction_since_always_reaches_every_day_in_what_it_names_only() -> None:
    timeline = FIRST.changed(november(3), {"project": "Sales"}).changed(ALWAYS, {"owner": BOB})
    assert projects(timeline) == [("always", "Support"), ("3 Nov 2026", "Sales")]
    assert {entry.attributes.owner for entry in timeline.entries} == {BOB}


def test_what_is_taken_back_on_the_same_day_leaves_no_trace() -> None:
    timeline = FIRST.changed(november(3), {"project": "Sales"}).changed(november(3), {"project": "Support"})
    assert timeline == FIRST


def test_it_cuts_days_into_spans_of_the_same_attributes() -> None:
    timeline = FIRST.changed(november(3), {"project": "Sales"}).changed(november(5), {"project": ""})
    spans = [
        (start.day, end.day, said.project) for start, end, said in timeline.between(november(1), november(5))
    ]
    assert spans == [(1, 2, "Support"), (3, 4, "Sales"), (5, 5, "")]
    assert [said.project for _, _, said in timeline.between(november(3), november(4))] == ["Sales"]


def test_only_what_says_something_new_is_a_difference() -> None:
    assert FIRST.differences({"owner": Owner(1, "Alice Miller"), "project": "Support"}) == {}
    assert FIRST.differences({"owner": None, "project": "Support"}) == {"owner": None}


def test_limits_of_ones_own_count_with_that_plan_only() -> None:
    own = KeyLimits(tokens_per_day=5_000)
    assert Terms.of("own", own).limits() == own
    assert Terms.of("pro", own) == Terms(Plan.PRO)
    assert Terms.of("free").limits().tokens_per_day == 100_000


def test_it_reads_as_a_sentence() -> None:
    timeline = FIRST.changed(november(3), {"owner": None, "terms": Terms(Plan.PRO)})
    assert list(map(str, timeline.entries)) == [
        "since always: plan Free, owner Alice, project Support",
        "since 3 Nov 2026: plan Pro, project Support",
    ]
