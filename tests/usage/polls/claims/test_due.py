"""Claims: of two who ask for what is due one gets it, until the lease ends."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.usage.conftest import make_key
from usage.models import Meter
from usage.models.meters.meter import LEASE
from usage.polls.claims import due
from usage.polls.schedule.closings import AHEAD

NOW = datetime(2026, 5, 9, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


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


def test_what_is_given_back_is_due_as_before(meter):
    (claim,) = due.claim_due(NOW)
    due.give_back(claim)
    assert len(due.claim_due(NOW)) == 1


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


class TestClosingPolls:
    AT = NOW + AHEAD

    @pytest.fixture
    def closing(self, meter):
        Meter.objects.update(closing_at=self.AT)
        return meter

    def test_it_is_claimed_ahead_and_asked_at_its_instant(self, closing):
        assert due.claim_due(NOW - SECOND) == []
        (claim,) = due.claim_due(NOW)
        assert (claim.meter_ids, claim.ask_at) == ((closing.pk,), self.AT)
        assert due.renew(claim, self.AT).keys() == {closing.pk}

    def test_regular_polls_do_not_wait_for_it(self, closing, team):
        regular = Meter.objects.create(team=team, key=make_key(team, "B"), name="B", next_poll_at=NOW)
        claims = {claim.ask_at: claim.meter_ids for claim in due.claim_due(NOW)}
        assert claims == {self.AT: (closing.pk,), None: (regular.pk,)}

    def test_those_of_the_same_moment_are_asked_together(self, closing, team):
        for name, seconds in (("B", 0.4), ("C", 1.2)):
            at = self.AT - seconds * SECOND
            Meter.objects.create(
                team=team, key=make_key(team, name), name=name, next_poll_at=NOW, closing_at=at
            )
        claims = due.claim_due(NOW)
        assert [(claim.ask_at, len(claim.meter_ids)) for claim in claims] == [
            (self.AT - 1.2 * SECOND, 1),
            (self.AT - 0.4 * SECOND, 2),
        ]

    def test_one_that_is_late_is_asked_at_once(self, closing):
        (claim,) = due.claim_due(self.AT)
        assert claim.ask_at is None

    def test_poll_now_waits_for_none(self, closing, team):
        early = NOW - MINUTE
        assert due.request_poll(team, early) == 1
        (claim,) = due.claim_due(early)
        assert claim.ask_at is None
