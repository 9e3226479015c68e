"""Who spends a key: parts that never add up to more than the provider told, unless that is said."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from usage.quota.page.spenders import Own, spenders

NAMES = {1: "Carol", 2: "Bob"}
MODELS = st.sampled_from(["rax-4.0", "rax-4.5", "rax-mini", "(unattributed)"])
AMOUNTS = st.integers(0, 10**6)


def told(models, *own, is_local=False):
    return spenders(Counter(models), [Own(*each) for each in own], NAMES, is_local=is_local)


def parts(found):
    return [(part.where, part.who, part.amount) for part in found.parts]


def test_what_raxdash_ran_is_taken_out_of_its_model():
    found = told(
        {"rax-4.5": 60_000, "rax-4.0": 24_000},
        ("playground", 1, "rax-4.5", 11_000),
        ("playground", 2, "rax-4.0", 5_500),
    )
    assert parts(found) == [
        ("Elsewhere", "rax-4.5", 49_000),
        ("Elsewhere", "rax-4.0", 18_500),
        ("Playground", "Carol", 11_000),
        ("Playground", "Bob", 5_500),
    ]
    assert (found.total, found.excess) == (84_000, 0)


def test_where_models_are_called_otherwise_what_came_from_elsewhere_is_one_part():
    found = told({"rax-4.5-2026": 1_000}, ("playground", 1, "rax-4.5", 300))
    assert parts(found) == [("Elsewhere", "", 700), ("Playground", "Carol", 300)]


def test_more_than_the_provider_told_is_said():
    found = told({"rax": 100}, ("playground", 1, "rax", 130))
    assert (parts(found), found.excess) == ([("Playground", "Carol", 130)], 30)


def test_nobody_and_people_who_left_are_called_so():
    found = told({"rax": 100}, ("api", None, "rax", 30), ("suite", 9, "rax", 20))
    assert {(part.where, part.who) for part in found.parts} >= {
        ("API", "nobody that raxdash knows"),
        ("Suite", "a former member"),
    }


def test_of_a_server_without_usage_only_our_runs_are_known():
    found = told({}, ("playground", 1, "rax", 130), is_local=True)
    assert (parts(found), found.total, found.excess) == ([("Playground", "Carol", 130)], 130, 0)


OWN = st.tuples(st.sampled_from(["playground", "suite"]), st.sampled_from([1, 2, 9, None]), MODELS, AMOUNTS)


@given(st.dictionaries(MODELS, AMOUNTS), st.lists(OWN))
def test_the_parts_are_the_total_but_for_what_is_said(models, own):
    found = told(models, *own)
    assert found.total == sum(models.values())
    assert sum(part.amount for part in found.parts) == found.total + found.excess
    assert all(part.amount > 0 for part in found.parts)
    assert [part.amount for part in found.parts] == sorted(
        (part.amount for part in found.parts), reverse=True
    ) or (found.parts[-1].where == "Others")
