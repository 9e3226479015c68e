"""One hostile answer after the other, each polled for real; also run by `manage.py shell` on PostgreSQL."""

import sys

from django.test import override_settings
from hypothesis import given, settings

from teams.models import Key, Team
from tests.usage.polls.shapes import BODIES
from tests.usage.polls.telling import Provider, running_provider
from usage.models import Meter, RawPoll
from usage.polls import polling

UNFORESEEN = ("It could not be stored", "It could not be read")


def poll_once(provider: Provider, body: bytes) -> tuple[RawPoll, Meter]:
    """Poll a new key of a new team whose provider tells this, and once more; return what that left."""
    provider.usage = body
    Key.objects.all().delete()
    Meter.objects.all().delete()
    team = Team.objects.get_or_create(slug="acme", defaults={"name": "Acme"})[0]
    key = Key(team=team, name="Main", base_url=provider.base_url)
    key.set_secret("rax_demo_pro")
    key.save()
    polling.poll_now()
    meter = Meter.objects.get()
    return RawPoll.objects.get(), meter


def check(provider: Provider, body: bytes) -> None:
    """Whatever is told is stored once with its body and its reason, and the meter has numbers or says why."""
    raw, meter = poll_once(provider, body)
    assert not raw.error.startswith(UNFORESEEN), raw.error
    assert raw.body is None or raw.body.size == len(body)
    assert raw.body is not None or not body
    assert bool(raw.error) == (raw.at is None) == (meter.watched_until is None)
    assert bool(raw.error) == bool(meter.last_error)
    names = [name for name in raw.breakdown if len(name) > 200 or not name]
    assert (names, len(raw.breakdown) <= 1_001) == ([], True)


def main(examples: int = 50) -> None:
    """Try so many answers; fail with the smallest that breaks."""
    with override_settings(UPSTREAM_ALLOW=("127.0.0.1",)), running_provider() as provider:

        @settings(max_examples=examples, deadline=None, database=None)
        @given(BODIES)
        def any_answer_is_kept(body: bytes) -> None:
            check(provider, body)

        any_answer_is_kept()
    sys.stdout.write("kept")
