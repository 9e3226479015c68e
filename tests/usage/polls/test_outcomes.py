"""What a poll leaves at its meter: when it was asked and answered, and how many were missed since."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rax import AuthenticationError, Kind, RawAnswer, RaxError
from rax.simulator import Simulator, running_simulator
from tests.usage.conftest import make_key
from usage.models import Meter, RawPoll
from usage.polls import polling
from usage.polls.asking import Told
from usage.polls.outcomes import PollOutcome, save

INTERVAL = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


@pytest.fixture
def meter(team, settings):
    """A meter that was made yesterday, and answered a moment ago."""
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    settings.POLL_INTERVAL_SECONDS = INTERVAL.total_seconds()
    with running_simulator(Simulator()) as provider:
        make_key(team, base_url=provider.base_url)
        polling.poll_now()
        Meter.objects.update(created_at=timezone.now() - 288 * INTERVAL)
        yield Meter.objects.get()


def fail(meter, at, **details):
    """Let a poll end without an answer, as a worker would have it."""
    error = RaxError("The server is away.", kind=Kind.CONNECT_FAILED, **details)
    meter = Meter.objects.get(pk=meter.pk)
    save([PollOutcome.of(meter, Told(meter.pk, at - SECOND, at, error), INTERVAL)])
    return Meter.objects.get(pk=meter.pk)


def test_each_interval_without_an_answer_is_a_missed_poll(meter):
    answered = meter.answered_at
    missed = [fail(meter, answered + number * INTERVAL).missed_polls for number in (1, 2, 3)]
    assert missed == [1, 2, 3]
    assert Meter.objects.get().is_blind()


def test_what_an_older_process_left_of_an_outage_that_it_saw_end_counts_for_nothing(meter):
    fail(meter, meter.answered_at + INTERVAL)
    # Its success is written without a column that it does not know.
    Meter.objects.update(failures=0, last_error="")
    at = meter.answered_at + 9 * INTERVAL
    assert fail(meter, at).failing_since == at
    assert fail(meter, at + INTERVAL).failing_since == at


def test_asking_again_before_the_next_regular_poll_misses_none(meter):
    assert fail(meter, meter.answered_at + INTERVAL - SECOND).missed_polls == 0
    assert fail(meter, meter.answered_at + INTERVAL + SECOND).missed_polls == 1
    assert fail(meter, meter.answered_at + INTERVAL + 2 * SECOND).missed_polls == 1


def test_a_failure_was_asked_and_not_answered(meter):
    at = meter.answered_at + INTERVAL
    failed = fail(meter, at)
    assert (failed.asked_at, failed.answered_at) == (at, meter.answered_at)
    assert failed.models_asked_at == meter.models_asked_at
    assert failed.last_error == "The server is away."


def test_an_answer_ends_what_failures_began(meter):
    fail(meter, meter.answered_at + 4 * INTERVAL)
    polling.poll_now()
    again = Meter.objects.get()
    assert (again.missed_polls, again.failures, again.last_error) == (0, 0, "")
    assert again.asked_at == again.answered_at > meter.answered_at


def test_who_never_answered_misses_polls_since_the_beginning(key):
    meter = Meter.objects.create(team=key.team, key=key, name=key.name, next_poll_at=key.created_at)
    assert fail(meter, meter.created_at + 7 * INTERVAL).missed_polls == 7


@pytest.mark.parametrize(("said", "meant"), [(700, 700), (0, 1)])
def test_a_provider_that_names_its_wait_is_asked_after_it(meter, said, meant):
    at = meter.answered_at + INTERVAL
    assert fail(meter, at, retry_after_seconds=said).next_poll_at == at + meant * SECOND


def test_the_wait_between_failures_grows(meter):
    waits = []
    for number in range(1, 6):
        at = meter.answered_at + number * INTERVAL
        waits.append(fail(meter, at).next_poll_at - at)
    # Each is twice the one before, and up to half of it is chance.
    assert all(longer > shorter for shorter, longer in zip(waits, waits[2:], strict=False))


def test_a_refusal_inside_an_answer_refuses_the_key_and_has_no_other_status(meter):
    answer = RawAnswer(200, {}, None)
    error = AuthenticationError("No.", kind=Kind.AUTHENTICATION, code="invalid_api_key", answer=answer)
    at = meter.answered_at + INTERVAL
    save([PollOutcome.of(meter, Told(meter.pk, at - SECOND, at, error), INTERVAL)])
    assert Meter.objects.get().status == Meter.Status.REFUSED
    assert RawPoll.objects.latest("pk").status == 200
