"""Polls over real HTTP: the simulator is asked, and what it says is stored, folded and scheduled."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from teams.models import Key, Plan
from tests.usage.conftest import make_key
from tests.usage.totals import totals
from usage.models import CatalogueModel, LimiterWindow, Meter, RateSample, RawPoll
from usage.models.meters.meter import LEASE
from usage.polls import polling
from usage.polls.asking import ask
from usage.polls.claims import adoption, due
from usage.polls.claims.leases import Claim
from usage.quota import limiter

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 9, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(days=30)


@pytest.fixture
def key(team, provider):
    key = make_key(team, base_url=provider.base_url)
    adoption.adopt_all(LONG_AGO)
    return key


@pytest.fixture
def wish(provider):
    """Switch a fault on for all answers."""

    def switch(faults):
        provider.simulator.settings.faults = faults

    return switch


def test_a_new_key_is_polled_at_once(key):
    (outcome,) = polling.poll_now()
    assert outcome.error == ""
    meter = Meter.objects.get(key=key)
    assert meter.ledger_state is not None
    assert meter.next_poll_at > meter.answered_at


def test_two_polls_planned_within_a_second_are_both_stored(key):
    now = timezone.now().replace(microsecond=0)
    polling.poll_now(now)
    polling.poll_now(now + timedelta(milliseconds=400))
    assert RawPoll.objects.filter(meter__key=key).count() == 2


def test_what_is_shown_is_what_the_provider_counted(team, key, provider):
    simulated = provider.simulator.keys["rax_demo_pro"]
    provider.simulator.record(simulated, "rax-4.0", 1234)
    polling.poll_now()
    raw = RawPoll.objects.get()
    total = totals(team, raw.period_start, raw.period_end + timedelta(seconds=1))
    assert total["tokens"] == raw.total_tokens >= 1234


def test_a_poll_reads_the_catalogue_once_an_hour(key):
    polling.poll_now()
    assert set(CatalogueModel.objects.values_list("name", flat=True)) == {"rax-4.0", "rax-4.5"}
    CatalogueModel.objects.all().delete()
    polling.poll_now(timezone.now() + MINUTE)
    assert not CatalogueModel.objects.exists()
    polling.poll_now(timezone.now() + timedelta(hours=2))
    assert CatalogueModel.objects.count() == 2


def test_a_poll_keeps_the_headroom_it_was_told(key):
    polling.poll_now()
    sample = RateSample.objects.get(key=key)
    assert sample.requests_remaining is not None
    assert sample.source == "poll"


def test_polls_are_counted_by_the_key_s_limiter(key):
    polling.poll_now()
    assert LimiterWindow.objects.get(key=key).requests == 2


def test_a_refused_key_is_not_polled_again_until_it_is_mended(team, provider):
    key = make_key(team, base_url=provider.base_url, secret="rax_nobody")
    polling.poll_now()
    key.refresh_from_db()
    assert key.status == Key.Status.REFUSED
    assert Meter.objects.get().status == Meter.Status.REFUSED
    assert polling.poll_now() == []
    key.set_secret("rax_demo_pro")
    key.status = Key.Status.ACTIVE
    key.save()
    (outcome,) = polling.poll_now()
    assert outcome.error == ""


def test_a_failing_provider_is_asked_again_later_and_later(key, wish):
    wish("500")
    now = timezone.now()
    polling.poll_now()
    first = Meter.objects.get()
    polling.poll_now(now + MINUTE)
    second = Meter.objects.get()
    assert (first.failures, second.failures) == (1, 2)
    assert first.next_poll_at > now
    assert second.last_error
    assert second.status == Meter.Status.ACTIVE


def test_a_server_without_usage_is_said_to_have_none(key, wish):
    wish("no-usage")
    polling.poll_now()
    meter = Meter.objects.get()
    assert meter.status == Meter.Status.NO_USAGE
    assert meter.next_poll_at > timezone.now() + 30 * MINUTE
    wish("")
    polling.poll_now()
    meter.refresh_from_db()
    assert meter.status == Meter.Status.ACTIVE


def test_a_provider_that_says_wait_is_not_asked_before(key, wish):
    wish("429")
    polling.poll_now()
    wish("")
    window = LimiterWindow.objects.get(key=key)
    assert window.blocked_until > timezone.now()
    assert polling.poll_now() == []
    assert RawPoll.objects.get().status == 429


def test_a_repeated_message_asks_nobody(key):
    (claim,) = due.claim_due(timezone.now())
    assert len(polling.poll_claimed(claim)) == 1
    assert polling.poll_claimed(claim) == []


def test_a_message_that_comes_twice_at_once_asks_once(key, monkeypatch):
    (claim,) = due.claim_due(timezone.now())
    again = iter([claim])
    outcomes: list[object] = []

    def ask_while_it_comes_again(questions):
        outcomes.extend(outcome for repeated in again for outcome in polling.poll_claimed(repeated))
        return ask(questions)

    monkeypatch.setattr(polling, "ask", ask_while_it_comes_again)
    outcomes += polling.poll_claimed(claim)
    assert len(outcomes) == 1


def test_a_key_that_moved_since_it_was_claimed_is_not_asked(key):
    (claim,) = due.claim_due(timezone.now())
    key.move_to("http://127.0.0.1:9/api/v1")
    key.set_secret("rax_for_another_server")
    key.save()
    assert polling.poll_claimed(claim) == []
    assert not RawPoll.objects.exists()


def test_a_message_that_waited_longer_than_its_lease_asks_nobody(key):
    (late,) = due.claim_due(timezone.now() - LEASE - MINUTE)
    (claim,) = due.claim_due(timezone.now())
    assert polling.poll_claimed(late) == []
    assert len(polling.poll_claimed(claim)) == 1


def test_a_meter_that_vanished_is_passed_over():
    assert polling.poll_claimed(Claim((404,), NOW)) == []


def test_one_unreachable_key_leaves_the_others_polled(team, key):
    make_key(team, name="Dead", base_url="http://127.0.0.1:9/api/v1")
    outcomes = {outcome.meter.name: outcome.error for outcome in polling.poll_now()}
    assert outcomes["Main"] == ""
    assert outcomes["Dead"]


def test_one_broken_meter_leaves_the_others_polled(team, key):
    make_key(team, name="Second", base_url=key.base_url)
    polling.poll_now()
    Meter.objects.filter(key=key).update(state={"at": "a word where a number was"})
    polling.poll_now(timezone.now() + MINUTE)
    assert RawPoll.objects.filter(meter__key__name="Second").exclude(at=None).count() == 2
    counted, broken = RawPoll.objects.filter(meter__key=key).order_by("slot")
    assert (counted.error, broken.error, broken.at) == ("", "It could not be stored: KeyError.", None)
    assert '"total_tokens"' in broken.body.text
    assert Meter.objects.get(key=key).answer_error == broken.error


def test_a_secret_that_does_not_open_leaves_the_others_polled(team, key):
    lost = make_key(team, name="Lost", base_url=key.base_url)
    Key.objects.filter(pk=lost.pk).update(encryption_key_id="gone")
    assert [outcome.meter.name for outcome in polling.poll_now()] == ["Main"]
    meter = Meter.objects.get(key=lost)
    assert meter.last_error == "The stored secret cannot be opened."
    assert meter.lease_until is None


@pytest.mark.parametrize("fault", ["401", "403"])
def test_a_key_that_may_not_ask_is_refused(key, wish, fault):
    wish(fault)
    polling.poll_now()
    key.refresh_from_db()
    assert (key.status, Meter.objects.get().status) == (Key.Status.REFUSED, Meter.Status.REFUSED)


def test_poll_now_makes_the_team_s_meters_due(team, key):
    polling.poll_now()
    assert due.claim_due(timezone.now()) == []
    assert due.request_poll(team) == 1
    assert len(due.claim_due(timezone.now())) == 1


def test_the_command_prints_a_line_for_each_key(key):
    out = StringIO()
    call_command("poll", stdout=out)
    assert out.getvalue().startswith("Main: ")


def test_the_command_polls_what_a_worker_leased_and_never_asked(key):
    polling.poll_now()
    Meter.objects.update(next_poll_at=timezone.now())
    (claim,) = due.claim_due(timezone.now())
    told = StringIO()
    call_command("poll", stdout=told)
    assert told.getvalue().startswith("Main: ")
    assert polling.poll_claimed(claim) == []


def test_the_command_fails_when_a_key_told_nothing(key, wish):
    wish("500")
    with pytest.raises(SystemExit):
        call_command("poll", stdout=StringIO())


def test_a_run_and_a_poll_share_one_limiter(key):
    until = timezone.now() + MINUTE
    limiter.block({key.pk: until})
    assert polling.poll_now() == []
    meter = Meter.objects.get()
    assert (meter.next_poll_at, meter.lease_until) == (until, None)


@pytest.mark.parametrize("fault", ["", "500", "no-usage"])
def test_no_query_is_asked_for_each_key(team, key, wish, fault, django_assert_max_num_queries):
    """Neither a column left unread nor a row written on its own."""
    polling.poll_now()
    wish(fault)
    with CaptureQueriesContext(connection) as one:
        polling.poll_now(timezone.now() + MINUTE)
    for number in range(4):
        make_key(team, name=f"Key {number}", base_url=key.base_url, tokens_per_day=1_000, plan=Plan.OWN)
    wish("")
    polling.poll_now(timezone.now() + 2 * MINUTE)
    wish(fault)
    with django_assert_max_num_queries(len(one)):
        polling.poll_now(timezone.now() + 3 * MINUTE)
