"""A database that fails in the middle of a poll leaves nothing leased."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, OperationalError

from tests.usage.conftest import make_key
from usage.models import Meter, PollBatch
from usage.polls import adoption, due
from usage.polls.database_faults import released_after_faults

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 9, 12, tzinfo=UTC)


@pytest.fixture
def claim(team):
    make_key(team)
    adoption.adopt_all(NOW)
    (claim,) = due.claim_due(NOW)
    return claim


def test_what_was_claimed_is_due_again(claim):
    mine = due.renew(claim, NOW)
    with pytest.raises(DatabaseError), released_after_faults(claim, mine):
        raise OperationalError("the connection is closed")
    assert Meter.objects.due(NOW).count() == 1
    assert not PollBatch.objects.exists()


def test_what_others_claimed_meanwhile_stays_theirs(claim):
    mine = due.renew(claim, NOW)
    theirs = due.renew(replace(claim, until=mine[claim.meter_ids[0]].lease_until), NOW)
    with pytest.raises(DatabaseError), released_after_faults(claim, mine):
        raise OperationalError("the connection is closed")
    assert Meter.objects.due(NOW).count() == 0
    due.let_go(theirs.values())
    assert Meter.objects.due(NOW).count() == 1


def test_a_mistake_of_ours_keeps_its_lease_and_is_not_repeated_at_once(claim):
    mine = due.renew(claim, NOW)
    with pytest.raises(DatabaseError), released_after_faults(claim, mine):
        raise DatabaseError("no such column")
    assert Meter.objects.due(NOW).count() == 0
