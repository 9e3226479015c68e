"""A database that fails while a claim is polled leaves nothing leased."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, OperationalError, connection

from tests.usage.conftest import make_key
from usage.models import Meter, PollBatch
from usage.polls.claims import adoption, due
from usage.polls.claims.database_faults import released_after_faults
from usage.polls.polling import poll_claimed

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 9, 12, tzinfo=UTC)


@pytest.fixture
def claim(team):
    make_key(team)
    adoption.adopt_all(NOW)
    (claim,) = due.claim_due(NOW)
    return claim


def test_what_was_claimed_is_due_again(claim):
    due.renew(claim, NOW)
    with pytest.raises(DatabaseError), released_after_faults(claim, due.renewal(claim, NOW)):
        raise OperationalError("the connection is closed")
    assert Meter.objects.due(NOW).count() == 1
    assert not PollBatch.objects.exists()


def test_so_is_what_fails_before_its_lease_begins_anew(claim):
    """The message came, and the database was away: no lease of two minutes is waited for."""
    faults = iter([OperationalError("the connection is closed")])

    def fail_once(execute, *asked):
        for fault in faults:
            raise fault
        return execute(*asked)

    with pytest.raises(OperationalError), connection.execute_wrapper(fail_once):
        poll_claimed(claim, NOW)
    assert Meter.objects.due(NOW).count() == 1


def test_what_others_claimed_meanwhile_stays_theirs(claim):
    mine = due.renew(claim, NOW)
    theirs = due.renew(replace(claim, until=mine[claim.meter_ids[0]].lease_until), NOW)
    with pytest.raises(DatabaseError), released_after_faults(claim, due.renewal(claim, NOW)):
        raise OperationalError("the connection is closed")
    assert Meter.objects.due(NOW).count() == 0
    due.let_go(theirs.values())
    assert Meter.objects.due(NOW).count() == 1


def test_a_mistake_of_ours_keeps_its_lease_and_is_not_repeated_at_once(claim):
    due.renew(claim, NOW)
    with pytest.raises(DatabaseError), released_after_faults(claim, due.renewal(claim, NOW)):
        raise DatabaseError("no such column")
    assert Meter.objects.due(NOW).count() == 0
