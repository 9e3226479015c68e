"""Claims: of two who ask for what is due one gets it, until the lease ends."""

from datetime import UTC, datetime, timedelta

import pytest

from usage.models import Meter
from usage.models.meters import LEASE
from usage.polls import due

NOW = datetime(2026, 5, 9, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def meter(key):
    return Meter.objects.create(team=key.team, key=key, name=key.name, next_poll_at=NOW)


def test_nothing_is_due_before_its_time(meter):
    assert due.claim_due(NOW - MINUTE) == []
    assert [claim.meter_ids for claim in due.claim_due(NOW)] == [(meter.pk,)]


def test_a_lease_keeps_others_away_until_it_ends(meter):
    assert len(due.claim_due(NOW)) == 1
    assert due.claim_due(NOW) == []
    assert len(due.claim_due(NOW + LEASE + MINUTE)) == 1


def test_a_claim_is_renewed_once_and_by_whoever_comes_first(meter):
    (claim,) = due.claim_due(NOW)
    assert due.renew(claim, NOW).keys() == {meter.pk}
    assert due.renew(claim, NOW) == {}


def test_a_lease_that_was_renewed_is_as_long_as_a_new_one(meter):
    (claim,) = due.claim_due(NOW)
    due.renew(claim, NOW + MINUTE)
    assert due.claim_due(NOW + LEASE) == []
    assert len(due.claim_due(NOW + LEASE + 2 * MINUTE)) == 1


def test_what_is_put_off_is_free_and_due_later(meter):
    due.claim_due(NOW)
    due.put_off(meter, NOW + MINUTE, NOW, last_error="Wait.")
    meter.refresh_from_db()
    assert (meter.lease_until, meter.last_error) == (None, "Wait.")
    assert due.claim_due(NOW) == []
    assert len(due.claim_due(NOW + MINUTE)) == 1
