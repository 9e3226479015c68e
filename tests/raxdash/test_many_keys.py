"""The pages of a team with five thousand polled keys are no larger, and ask no more, than those of a few."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.within.answers import answer
from teams.models import Key, Plan
from tests.cast import Cast
from usage.books.ingest import store
from usage.models import Meter, Stretch
from usage.polls.claims.adoption import adopt_all

MANY = 5_000
MOST_BYTES = 200_000
# Of each page the most queries, the first ones of a session included.
MOST_QUERIES = {
    "keys/": 15,
    "keys/?q=Key+12": 15,
    "keys/?state=polled&page=9": 15,
    "playground/": 14,
    "usage/": 14,
    "usage/?period=30d": 14,
    "usage/?period=billing": 14,
    "usage/proof/": 13,
    "usage/proof/seen/": 13,
    "usage/proof/own/": 13,
    "quota/": 16,
}
BATCH = 500


@pytest.fixture
def many(cast: Cast) -> Cast:
    """Keys that were polled once: each has the time before it whose spread nobody saw."""
    of_cast = cast.key
    keys = [
        Key(
            team=cast.team,
            owner=cast.alice,
            name=f"Key {number:04}",
            base_url=of_cast.base_url,
            plan=Plan.PRO,
        )
        for number in range(MANY - 1)
    ]
    for key in keys:
        key.ciphertext, key.encryption_key_id = of_cast.ciphertext, of_cast.encryption_key_id
    Key.objects.bulk_create(keys, batch_size=BATCH)
    now = timezone.now()
    adopt_all(now)
    meters = list(Meter.objects.values_list("pk", flat=True))
    period = now - timedelta(days=20), now + timedelta(days=10)
    for place in range(0, MANY, BATCH):
        store(answer(meter, now, 100 + meter, period) for meter in meters[place : place + BATCH])
    return cast


def test_no_page_grows_with_the_keys(many: Cast) -> None:
    assert Stretch.objects.for_team(many.team).count() == MANY
    client = many.client("alice")
    for address, most in MOST_QUERIES.items():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/t/acme/{address}")
        assert page.status_code == 200, address
        assert len(page.content) < MOST_BYTES, address
        assert len(queries) <= most, (address, len(queries))
