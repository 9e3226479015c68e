"""Sums of many series are what the sums of their amounts, told one by one, would be."""

from hypothesis import given
from hypothesis import strategies as st

from usage import claims
from usage.claims import COUNT, Sureness, Unit
from usage.explore.sheet.claimed import Claimed

SERIES = [(name,) for name in "abcd"]
numbers = st.dictionaries(st.sampled_from(SERIES), st.integers(-3, 5))
claimed = st.builds(
    Claimed,
    st.sampled_from(Sureness),
    numbers,
    st.one_of(st.just({}), st.dictionaries(st.sampled_from(SERIES), st.integers(0, 5))),
    st.sampled_from([COUNT, Unit(2, "EUR")]),
    st.sampled_from([None, 0.25]),
)
groups = st.lists(st.sampled_from(SERIES), unique=True)


@given(claimed, groups)
def test_a_sum_is_that_of_the_amounts_it_is_made_of(amounts, group):
    told = [amounts[series] for series in group if series in amounts]
    found = amounts.total(group)
    if not told:
        assert found is None
        return
    alone = claims.total(told)
    assert (found.sureness, found.certain, found.more) == (alone.sureness, alone.certain, alone.more)
    assert amounts.numbers(group) == (alone.certain, alone.more)
    if not found.is_known and found.sureness != Sureness.TO_COME:
        assert (found.unseen, found.unit) == (alone.unseen, alone.unit)


@given(claimed)
def test_what_was_not_used_is_no_line_but_money_that_came_to_nothing_is(amounts):
    told = {series: amount for series, amount in amounts.items() if amount.certain or amount.more}
    assert told.items() <= dict(amounts).items()
    every = {*amounts.certain, *amounts.more}
    has_any = {one for one in every if amounts.certain.get(one) or amounts.more.get(one)}
    assert set(amounts) == (every if amounts.unit.currency else has_any)


@given(claimed, groups)
def test_some_of_them_are_told_as_before(amounts, group):
    some = amounts.only(lambda series: series in group)
    assert dict(some) == {series: amount for series, amount in amounts.items() if series in group}
