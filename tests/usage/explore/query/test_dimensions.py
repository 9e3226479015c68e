import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.explore.query.dimensions import Dimension, Filter, series_of_text, series_text

A_KEY = "0199a7c2-6b1e-7c3a-9d53-1f0c7b7a5e11"


def test_every_dimension_has_words() -> None:
    assert [dimension.label for dimension in Dimension] == [
        "Model",
        "Key",
        "Account",
        "Key owner",
        "Project",
        "Label",
        "Member",
        "Source",
    ]
    assert all(dimension.plural for dimension in Dimension)


def test_only_raxdash_knows_members_and_sources() -> None:
    assert [dimension for dimension in Dimension if dimension.is_own] == ["member", "source"]


def test_only_labels_overlap() -> None:
    assert [dimension for dimension in Dimension if dimension.overlaps] == ["label"]


@pytest.mark.parametrize(
    ("dimension", "value"),
    [
        (Dimension.MODEL, "17"),
        (Dimension.MODEL, "others"),
        (Dimension.KEY, A_KEY),
        (Dimension.KEY, "meter-12"),
        (Dimension.OWNER, "none"),
        (Dimension.PROJECT, "=Ads, “Spring” !"),
        (Dimension.PROJECT, "none"),
        (Dimension.SOURCE, "playground"),
    ],
)
def test_it_knows_the_shape_of_an_id(dimension: Dimension, value: str) -> None:
    assert dimension.may_name(value)


@pytest.mark.parametrize(
    ("dimension", "value"),
    [
        (Dimension.MODEL, "rax-4.5"),
        (Dimension.MODEL, ""),
        (Dimension.MODEL, "-1"),
        (Dimension.MODEL, "1" * 19),
        (Dimension.MODEL, "\u0661"),
        (Dimension.KEY, "Nightly batch"),
        (Dimension.PROJECT, "Ads"),
        (Dimension.PROJECT, "=a\x00b"),
        (Dimension.PROJECT, "=" + "x" * 201),
        (Dimension.SOURCE, "!playground"),
    ],
)
def test_no_name_is_an_id(dimension: Dimension, value: str) -> None:
    assert not dimension.may_name(value)


def test_filters_of_the_same_values_are_the_same() -> None:
    one, other = Filter.of(Dimension.LABEL, ["8", "7", "7"]), Filter.of(Dimension.LABEL, ["7", "8"])
    assert one == other
    assert hash(one) == hash(other)


def test_a_filter_is_spelt_with_its_dimension_and_an_exclamation_mark_for_not() -> None:
    filtered = Filter.of(Dimension.LABEL, ["7"], is_not=True)
    assert (filtered.parameter, filtered.values) == ("filter.label", ("!7",))


def test_a_filter_admits_its_values_or_all_others() -> None:
    assert Filter.of(Dimension.KEY, [A_KEY]).admits(A_KEY)
    assert not Filter.of(Dimension.KEY, [A_KEY]).admits("none")
    assert Filter.of(Dimension.KEY, [A_KEY], is_not=True).admits("none")


@given(st.lists(st.text(min_size=1), min_size=1, max_size=2).map(tuple))
def test_a_series_is_one_text_and_itself_again(series: tuple[str, ...]) -> None:
    assert series_of_text(series_text(series)) == series
