"""Worlds of every kind, each stored once: books, quota, usage and proof say what the model does."""

import pytest

from tests.parts import parts
from tests.usage.books.test_told_worlds import assert_stored
from tests.usage.books.told_worlds import Told, assert_in_all
from tests.usage.explore.told_claims import assert_claims
from tests.usage.explore.told_proofs import assert_proven_answers, assert_proven_periods
from tests.usage.quota.told_quota import assert_quota

# Two of each kind, and in chaos more.
FIRST = (range(17), range(17, 34), pytest.param(range(34, 100), marks=pytest.mark.chaos))
WORLDS, PART = range(500, 10_500), 500

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]


def assert_all(told: Told) -> None:
    assert_stored(told)
    assert_quota(told)
    assert_claims(told)
    assert_proven_answers(told)
    assert_proven_periods(told)


@pytest.mark.parametrize("numbers", FIRST, ids=str)
def test_of_the_first_worlds_all_is_as_the_model_says(numbers: range) -> None:
    assert_in_all(assert_all, numbers)


@pytest.mark.parametrize("first", parts(WORLDS[::PART], in_chaos=4))
def test_of_ten_thousand_worlds_all_is_as_the_model_says(first: int) -> None:
    assert_in_all(assert_all, range(first, first + PART))
