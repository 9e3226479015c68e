"""Whatever a provider tells, its answer is kept with its reason, what can be read counts, and nobody else is
troubled.
"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from rax import UsageAnswer
from rax.simulator import Simulator, running_simulator
from tests.installed import prepared
from tests.servers import new_database
from tests.usage.conftest import make_key
from tests.usage.polls import hostile
from tests.usage.polls.telling import running_provider
from tests.usage.stored import assert_stored_equals_fold
from usage.models import CatalogueModel, Meter, RawPoll, Series
from usage.polls import polling, readings
from usage.polls.asking import Question, ask

SECRET = "rax_demo_pro"
NOW = datetime.now(UTC)
FAR = (NOW + timedelta(days=3)).isoformat()


@pytest.fixture
def provider(settings):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_provider() as running:
        yield running


@pytest.fixture
def polled(team, provider):
    """Poll a key whose provider tells something, and return the raw poll and the meter."""
    make_key(team, base_url=provider.base_url)

    def poll(**told):
        if told:
            provider.tell(**told)
        polling.poll_now()
        raw = RawPoll.objects.latest("pk")
        return raw, raw.meter

    return poll


@pytest.mark.parametrize(
    "body", [b'{"error": {"code": "\xc2\xb2"}}', b"[" * 100_000, b'{"total_tokens": 1e308}']
)
def test_a_hostile_answer_costs_the_rest_of_the_batch_nothing(provider, body):
    provider.usage = provider.models = body
    with running_simulator(Simulator()) as server:
        questions = [
            Question(1, provider.base_url, SECRET, True),
            Question(2, server.base_url, SECRET, True),
        ]
        _, second = ask(questions)
    assert isinstance(second.usage, UsageAnswer)
    assert second.usage.total_tokens >= 0


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"period_end": "2020-01-01T00:00:00Z"}, "Its period ends before it begins."),
        ({"period_end": "0001-01-01T00:00:00Z"}, "Its period ends before it begins."),
        ({"period_start": FAR, "period_end": None}, "Its period begins more than a day ahead."),
        ({"period_start": "9999-12-31T23:59:59Z"}, "Its period ends before it begins."),
        ({"period_start": "0001-01-01T00:00:00Z"}, "Its billing period begins before 1970."),
        ({"period_start": None}, "It names no billing period."),
        (
            {"period_start": "soon"},
            "It cannot be counted without the start of the billing period (not a time).",
        ),
        ({"total_tokens": -1}, "It counts below zero."),
        ({"total_tokens": 1 << 60}, "It counts more than can be added up."),
        (
            {"total_tokens": "1500", "total_requests": None},
            "It cannot be counted without the total of tokens (text, not a number), "
            "the total of requests (missing).",
        ),
    ],
)
def test_an_answer_that_cannot_be_used_is_kept_with_its_reason(polled, told, reason):
    raw, meter = polled(**told)
    assert (raw.error, raw.at, raw.status) == (reason, None, 200)
    assert json.loads(raw.body.text)["object"] == "usage"
    assert (meter.answer_error, meter.last_error) == (
        reason,
        f"The API's answer cannot be read: {reason}"[:200],
    )
    assert (meter.watched_until, meter.answered_at) == (None, None)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "It is empty."),
        (b"  <html>Sign in</html>", "It is a page of HTML, not JSON."),
        (b"total_tokens: 5", "It is not JSON."),
        (b"[]", "It is not an object of usage counters."),
        (b"null", "It is not an object of usage counters."),
        (b"{}", "It is not an object of usage counters."),
        (b" " * (8 * 1024 * 1024 + 1), "It is larger than raxdash accepts."),
    ],
    ids=["empty", "HTML", "text", "list", "null", "object", "large"],
)
def test_a_body_that_is_no_answer_is_kept_with_its_reason(polled, provider, body, reason):
    provider.usage = body
    raw, meter = polled()
    assert (raw.error, raw.status, meter.answer_error) == (reason, 200, reason)
    assert (raw.body.text if body else raw.body) == (body.decode()[: 256 * 1024] or None)


def test_an_unknown_compression_is_kept_with_its_reason(polled, provider):
    provider.headers = {"Content-Encoding": "br"}
    raw, _ = polled()
    assert (raw.error, raw.status) == ("Its compression cannot be read.", 200)


@pytest.mark.parametrize(
    ("told", "totals", "named"),
    [
        ({"total_requests": None}, (1_500, None), "the total of requests (missing)"),
        ({"total_tokens": "1500"}, (None, 15), "the total of tokens (text, not a number)"),
    ],
)
def test_a_total_that_cannot_be_read_leaves_the_other(polled, told, totals, named):
    raw, meter = polled(**told)
    assert (raw.error, raw.total_tokens, raw.total_requests) == ("", *totals)
    assert meter.unread_parts == named
    told_metric = "tokens" if totals[0] else "requests"
    lines = Series.objects.filter(model="rax-4.0").values_list("metric", flat=True)
    assert list(lines) == [told_metric]


@pytest.mark.parametrize(
    ("told", "metric"),
    [
        ({}, "cost"),
        ({"currency": "USD"}, "cost"),
        ({"currency": "eur"}, "cost:EUR"),
        ({"currency": 7}, "cost:?"),
    ],
)
def test_what_a_period_costs_is_a_third_counter(team, polled, told, metric):
    polled(total_cost="12.5000017", **told)
    _, meter = polled(total_cost=13, **told)
    assert meter.ledger_state.total(metric) == 13_000_000
    assert_stored_equals_fold(team, meter)


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", None, "soon"])
def test_an_end_that_never_comes_is_none(polled, end):
    raw, meter = polled(period_end=end)
    assert (raw.error, raw.total_tokens) == ("", 1_500)
    assert (meter.period_tokens, meter.period_end) == (1_500, None)


def test_what_cannot_be_read_of_models_is_named_and_the_others_count(polled):
    breakdown = {
        "rax-4.0": {"tokens": "1000", "requests": 10},
        "rax-4.5": {"tokens": 500, "requests": 5.5},
        "": {"tokens": 1},
        "(unattributed)": {"tokens": 7},
        "(run by raxdash) rax-4.5": {"tokens": 7},
        "rax-big": {"tokens": 1 << 60},
        "rax-list": [],
    }
    raw, meter = polled(breakdown=breakdown)
    assert raw.breakdown == {"rax-4.0": [None, 10], "rax-4.5": [500, None]}
    assert (raw.error, meter.period_tokens, meter.unattributed_tokens) == ("", 1_500, 1_000)
    named = meter.unread_parts.replace("\u2068", "").replace("\u2069", "")
    assert named == (
        "the tokens of “rax-4.0” (text, not a number), the requests of “rax-4.5” (not a whole number), "
        "a model without a name, “rax-list” (not an object), "
        "the name “(unattributed)” (a name that raxdash keeps for itself), and 2 more"
    )
    assert set(Series.objects.filter(metric="tokens").values_list("model", flat=True)) == {
        "rax-4.5",
        "(unattributed)",
    }


def test_the_next_answer_that_can_be_read_ends_what_was_said(polled):
    polled(breakdown={"": {"tokens": 1}})
    _, troubled = polled(period_start=None)
    assert (bool(troubled.answer_error), bool(troubled.unread_parts)) == (True, True)
    _, mended = polled(total_tokens=1_501)
    assert (mended.answer_error, mended.unread_parts, mended.last_error) == ("", "", "")


def test_where_no_answer_comes_what_the_last_one_was_is_still_said(polled, provider):
    polled(period_start=None)
    provider.status = 503
    _, meter = polled()
    assert meter.answer_error == "It names no billing period."
    assert meter.last_error.startswith("The API answered 503")


def test_of_a_hundred_thousand_models_the_largest_thousand_keep_their_names(polled):
    many = {f"m{number:06}": {"tokens": number, "requests": 1} for number in range(100_000)}
    totals = {"total_tokens": sum(range(100_000)), "total_requests": 100_000}
    raw, _ = polled(**totals, breakdown=many, period_start=NOW.isoformat())
    kept = {f"m{number:06}" for number in range(99_000, 100_000)}
    assert raw.breakdown.keys() == kept | {"(other models)"}
    assert raw.breakdown["(other models)"] == [sum(range(99_000)), 99_000]


def test_a_catalogue_with_absurd_models_costs_no_numbers(polled, provider):
    listed = [
        {"id": name, "owned_by": "a\x00", "max_tokens": 1e300} for name in ("", "a\x00", "x" * 300, "rax")
    ]
    provider.models = json.dumps({"data": listed}).encode()
    _, meter = polled()
    assert meter.period_tokens == 1_500
    provider.models = json.dumps({"data": [{**model, "max_tokens": 5} for model in listed]}).encode()
    Meter.objects.update(models_asked_at=None)
    polled()
    assert [len(name) for name in CatalogueModel.objects.order_by("name").values_list("name", flat=True)] == [
        3,
        200,
    ]


def test_an_answer_at_which_we_break_is_kept_and_costs_no_other_meter(team, polled, provider, monkeypatch):
    with running_simulator(Simulator()) as server:
        make_key(team, name="Second", base_url=server.base_url)
        monkeypatch.setattr(readings, "_part", lambda _: 1 / 0)
        polled(breakdown=[])
    broken, other = RawPoll.objects.order_by("error")[::-1]
    assert (broken.error, other.error) == ("It could not be stored: ZeroDivisionError.", "")
    assert (broken.status, json.loads(broken.body.text)["breakdown"]) == (200, [])


@pytest.mark.django_db
def test_any_answer_is_kept(settings):
    hostile.main(examples=60)


@pytest.mark.processes
def test_any_answer_is_kept_by_postgresql(postgres, tmp_path):
    with prepared(tmp_path, DATABASE_URL=new_database(postgres)) as raxdash:
        run = "from tests.usage.polls.hostile import main; main(20)"
        assert raxdash.manage("shell", "--verbosity", "0", "--command", run).stdout == "kept"
