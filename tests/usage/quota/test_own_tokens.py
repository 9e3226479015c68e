"""What raxdash itself spent is added up by the database, as it would be by hand."""

import random
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from teams.models import Plan
from tests.usage.conftest import make_key
from usage.books.local_usage import record_local_usage
from usage.models import LocalUsage, Meter
from usage.quota import limiter
from usage.quota.use import OwnTokens, own_tokens

DAY = datetime(2026, 5, 9, tzinfo=UTC)
NOON = DAY + timedelta(hours=12)
MINUTE = timedelta(minutes=1)


def spend(key, at, prompt, completion):
    record_local_usage(
        team_id=key.team_id,
        key_id=key.pk,
        member_id=None,
        source=LocalUsage.Source.PLAYGROUND,
        run=uuid.uuid4(),
        model="rax",
        prompt_tokens=prompt,
        completion_tokens=completion,
        is_reported=True,
        at=at,
    )


@pytest.fixture
def keys(team):
    """A key polled at noon, one counted with it and polled with it, one never polled, one without a meter."""
    keys = [make_key(team, name=name, plan=Plan.FREE) for name in ("Polled", "Merged", "New", "None")]
    root = Meter.objects.create(team=team, key=keys[0], name="Polled", next_poll_at=NOON, watched_until=NOON)
    Meter.objects.create(
        team=team, key=keys[1], name="Merged", next_poll_at=NOON, watched_until=DAY, merged_into=root
    )
    Meter.objects.create(team=team, key=keys[2], name="New", next_poll_at=NOON)
    return keys


def by_hand(key, until):
    lines = [line for line in LocalUsage.objects.filter(key=key) if line.at >= DAY]
    tokens = [(line.at, line.prompt_tokens + line.completion_tokens) for line in lines]
    later = [used for at, used in tokens if until is None or at > until]
    return OwnTokens(sum(used for _, used in tokens), sum(later))


def test_it_is_the_plain_sum_of_each_key(keys):
    chance = random.Random(9)
    for _ in range(200):
        at = DAY + chance.randrange(-120, 1_440) * MINUTE
        spend(chance.choice(keys), at, chance.randrange(9_999), chance.randrange(9_999))
    spend(keys[0], NOON, 1, 0)
    untils = (NOON, NOON, None, None)
    expected = {key.pk: by_hand(key, until) for key, until in zip(keys, untils, strict=True)}
    assert own_tokens(keys, DAY) == expected


def test_one_query_serves_any_number_of_keys_and_runs(keys, django_assert_num_queries):
    for key in keys * 5:
        spend(key, NOON, 7, 7)
    with django_assert_num_queries(1):
        own_tokens(keys, DAY)


def test_a_key_that_spent_nothing_has_spent_nothing(keys):
    assert own_tokens(keys, DAY) == {key.pk: OwnTokens(0, 0) for key in keys}


def test_absurd_numbers_of_a_server_are_more_than_any_limit_and_no_error(keys):
    for _ in range(5):
        spend(keys[0], NOON + MINUTE, 2**63 - 1, 2**63 - 1)
    assert own_tokens(keys, DAY)[keys[0].pk].since_poll > 2**50


def test_a_place_costs_no_more_queries_with_more_runs(keys):
    key, counts = keys[0], []
    for _ in range(2):
        for _ in range(30):
            spend(key, NOON + MINUTE, 1, 1)
        with CaptureQueriesContext(connection) as queries:
            assert limiter.acquire(key, uuid.uuid4(), 1, NOON + 2 * MINUTE) is None
        counts.append((len(queries), sum("local" in query["sql"] for query in queries)))
    assert counts[1][1] == 1
    assert counts[1][0] <= counts[0][0]
