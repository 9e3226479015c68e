"""What the page asks of the database: no more with 500 keys than with a few, whatever there is to be said."""

from datetime import UTC, datetime, timedelta

import pytest

from teams.models import Key, Plan
from tests.cast import Cast, make_key
from tests.usage.polled import make_meter, make_suggestion, poll_regularly, run
from tests.usage.quota.page.test_alarm import polled
from usage.models import Meter

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEYS, MOST_QUERIES, MOST_BYTES = 500, 12, 300_000


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def many(cast: Cast) -> Cast:
    """500 keys, one limited in its period, one without usage, one young, one that runs out
    and is spent by Bob, two that may share an account.
    """
    told = {"next_poll_at": NOON + HOUR, "watched_from": NOON - HOUR, "watched_until": NOON - HOUR / 60}
    for number in range(KEYS):
        key = make_key(cast.team, cast.alice, f"Key {number:03}", secret="")
        Meter.objects.create(team=cast.team, key=key, name=key.name, limit_share=number / 1_000, **told)
    trial = polled(cast, "Trial", 60_000, 10_000)
    Meter.objects.filter(key=trial).update(runs_out_at=NOON + 3 * HOUR, limit_share=0.9)
    run(trial, NOON - HOUR, 900, member_id=cast.bob.pk)
    polled(cast, "Period", 60_000, 10, plan=Plan.OWN, tokens_per_day=10**6, tokens_per_period=80_000)
    Meter.objects.filter(name="Period").update(limit_share=0.95)
    alone = make_key(cast.team, cast.alice, "Alone")
    make_meter(alone, NOON, status=Meter.Status.NO_USAGE, asked_at=NOON, limit_share=0.9)
    Key.objects.filter(pk=alone.pk).update(plan=Plan.FREE)
    young = make_meter(make_key(cast.team, cast.alice, "Young"), NOON, limit_share=0.9)
    for minutes in (20, 10, 0):
        poll_regularly(young, NOON - minutes * HOUR / 60, {"rax": (90_000 - minutes, 1)}, *NOVEMBER)
    make_suggestion(cast.team, cast.key, NOON)
    return cast


def test_500_keys_take_no_more_queries_than_a_few(many: Cast, django_assert_max_num_queries) -> None:
    alice = many.client("alice")
    alice.get("/t/acme/quota/")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = alice.get("/t/acme/quota/")
    assert "Trial</bdi> runs out" in page.text
    assert len(page.content) < MOST_BYTES
    with django_assert_max_num_queries(MOST_QUERIES):
        alice.get("/t/acme/quota/?page=3&q=Key&sort=name")


def test_a_row_opens_in_a_few_queries(many: Cast, django_assert_max_num_queries) -> None:
    alice, trial = many.client("alice"), Key.objects.get(name="Trial")
    alice.get("/t/acme/quota/")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = alice.get(
            f"/t/acme/quota/{trial.pk}/", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
        )
    assert "<html" not in page.text
    assert "Bob" in page.text
