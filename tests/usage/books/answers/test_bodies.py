"""What a provider sent is kept as it came: once in a team, within bounds, as long as a poll needs it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from rax import Kind, RawAnswer, RaxError
from rax.simulator import Simulator, running_simulator
from teams.models import Team
from tests.usage.conftest import make_key
from tests.usage.stored import make_meter
from tests.usage.worlds import START
from usage.books import retention
from usage.books.answers.answer import Answer
from usage.books.answers.bodies import BYTES_A_DAY, SMALL_BYTES
from usage.books.ingest import store
from usage.ledger.words import moment
from usage.models import PollBody, RawPoll
from usage.polls import polling
from usage.polls.asking import Told
from usage.polls.outcomes import PollOutcome, save

NOON = moment(START) + timedelta(hours=12)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LARGE = 256 * 1024


@pytest.fixture
def meter(team):
    return make_meter(team)


def tell(meter, at, body, **told):
    """Store an answer without counters, whatever its body."""
    received = RawAnswer(200, {}, at - MINUTE, body)
    answer = Answer(meter.pk, int(at.timestamp()), at, at, 300, 200, "unusable", received=received, **told)
    return store([answer])


def test_a_poll_keeps_what_was_sent(team, settings):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_simulator(Simulator()) as provider:
        make_key(team, base_url=provider.base_url)
        polling.poll_now()
    raw = RawPoll.objects.get()
    assert f'"total_tokens":{raw.total_tokens}' in raw.body.text.replace(" ", "")
    assert raw.body.hash == raw.body_hash
    assert abs(raw.provider_date - raw.ended_at) < 5 * MINUTE


@pytest.mark.parametrize("fault", ["500", "401", "garbage"])
def test_an_answer_that_cannot_be_used_is_kept_too(team, settings, fault):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_simulator(Simulator()) as provider:
        provider.simulator.settings.faults = fault
        make_key(team, base_url=provider.base_url)
        polling.poll_now()
    raw = RawPoll.objects.get()
    assert raw.error
    assert raw.body.size == len(raw.body.text.encode()) > 0


def test_a_key_that_a_server_repeats_is_kept_blotted(team, settings):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_simulator(Simulator()) as provider:
        provider.simulator.settings.faults = "echo-key"
        make_key(team, base_url=provider.base_url, secret="rax_demo_pro")
        polling.poll_now()
    text = RawPoll.objects.get().body.text
    assert "***" in text
    assert "rax_demo_pro" not in text


def test_where_nothing_was_answered_nothing_is_kept(meter):
    error = RaxError("The server is away.", kind=Kind.CONNECT_FAILED)
    save([PollOutcome.of(meter, Told(meter.pk, NOON, NOON, error), MINUTE)])
    raw = RawPoll.objects.get()
    assert (raw.body, raw.body_hash, raw.provider_date) == (None, "", None)


def test_the_same_body_is_kept_once_in_a_team(team, meter):
    other = make_meter(team, name="Other")
    for number, asked in enumerate((meter, meter, other)):
        tell(asked, NOON + number * MINUTE, b'{"total": 1}')
    body = PollBody.objects.get()
    assert body.polls.count() == 3
    assert body.first_seen_at == NOON


def test_no_team_reads_the_row_of_another(meter):
    stranger = make_meter(Team.objects.create(name="Other", slug="other"))
    for asked in (meter, stranger):
        tell(asked, NOON, b'{"total": 1}')
    assert PollBody.objects.filter(team=meter.team).count() == 1
    assert RawPoll.objects.get(meter=stranger).body.team == stranger.team


def test_text_that_no_database_takes_is_kept_readable(meter):
    tell(meter, NOON, b"nul \x00, half \xff")
    body = PollBody.objects.get()
    assert (body.text, body.size) == ("nul  , half �", 13)


def large(number):
    return str(number).encode().ljust(LARGE, b"x")


def test_a_server_that_sends_much_is_kept_so_much_of_a_day(meter):
    for number in range(12):
        tell(meter, NOON + number * MINUTE, large(number))
    most = BYTES_A_DAY // LARGE
    assert PollBody.objects.count() == most
    assert RawPoll.objects.filter(body=None).count() == 12 - most
    assert not RawPoll.objects.filter(body_hash="").exists()
    tell(meter, NOON + 15 * MINUTE, b"x" * SMALL_BYTES)
    tell(meter, NOON + DAY, large(99))
    assert PollBody.objects.count() == most + 2


def test_a_large_body_that_repeats_takes_its_place_once(meter):
    for number in range(12):
        tell(meter, NOON + number * MINUTE, large(0))
    assert not RawPoll.objects.filter(body=None).exists()
    meter.refresh_from_db()
    assert meter.body_bytes == LARGE


def test_bodies_go_when_no_poll_needs_them(meter):
    old = NOON + DAY
    tell(meter, NOON, b"of then")
    tell(meter, NOON + MINUTE, b"of then and now")
    tell(meter, old, b"of then and now")
    retention.run(NOON + 90 * DAY + 10 * MINUTE)
    assert list(PollBody.objects.values_list("text", flat=True)) == ["of then and now"]
    retention.run(old + 90 * DAY + 10 * MINUTE)
    assert not PollBody.objects.exists()


@pytest.mark.parametrize(
    ("cost", "text", "millionths"),
    [
        (Decimal("12.5"), "12.5", 12_500_000),
        (Decimal("0.123456789012345678901234567890"), "0.123456789012345678901234567890", 123_456),
        (Decimal("9007199254740993.000001"), "9007199254740993.000001", None),
        (Decimal("1E+3"), "1000", 1_000_000_000),
        (None, None, None),
    ],
)
def test_a_cost_is_kept_to_the_last_digit(meter, cost, text, millionths):
    tell(meter, NOON, b"{}", cost=cost, currency="USD")
    raw = RawPoll.objects.get()
    assert (raw.cost, raw.cost_millionths, raw.currency) == (text, millionths, "USD")


def test_a_deleted_team_takes_its_bodies_with_it(meter):
    tell(meter, NOON, b"{}")
    meter.team.delete()
    assert not PollBody.objects.exists()
