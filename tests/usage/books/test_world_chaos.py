"""The invariants of worlds once more, in ten thousand worlds each."""

from inspect import signature

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.usage.books import test_world_invariants
from tests.usage.books.test_world_invariants import ZONES
from tests.usage.worlds import honest_worlds

INVARIANTS = [test for name, test in vars(test_world_invariants).items() if name.startswith("test_")]
# In parts, so that processes share them and a run that takes too long ends between two of them.
WORLDS, PARTS = 10_000, 5

pytestmark = [pytest.mark.chaos, pytest.mark.django_db, pytest.mark.timeout(900)]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda test: test.__name__.removeprefix("test_"))
@settings(max_examples=WORLDS // PARTS)
@given(world=honest_worlds(least_polls=2), zone=st.sampled_from(ZONES))
def test_it_holds_in_ten_thousand_worlds(invariant, part, world, zone):
    statement = invariant.hypothesis.inner_test
    given_here = {"world": world, "zone": zone}
    statement(**{name: given_here[name] for name in signature(statement).parameters})
