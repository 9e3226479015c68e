"""A small history for long jobs of a running installation; run by `manage.py shell` in it."""

from datetime import UTC, datetime, timedelta

from teams.models import Key, Team
from tests.usage.polled import answer
from usage.books.answers import Answer
from usage.books.ingest import store
from usage.models import Meter, SharingSuggestion

START = datetime(2026, 3, 1, tzinfo=UTC)
PERIOD = START, START + timedelta(days=31)
POLLS = 1_500
FAR = datetime(2099, 1, 1, tzinfo=UTC)
EACH = 40


def make_twins() -> None:
    """Give the team two keys of one account that were polled for five days, and notice it."""
    team = Team.objects.get()
    meters = []
    for place, name in enumerate(("One", "Two")):
        key = Key(team=team, name=name, base_url="http://127.0.0.1:9/api/v1")
        key.set_secret(f"rax_{name}")
        key.save()
        meter = Meter.objects.create(team=team, key=key, name=name, next_poll_at=FAR)
        store(told(meter, number, place) for number in range(1, POLLS + 1))
        meters.append(meter)
    first, second = meters
    SharingSuggestion.objects.create(team=team, first=first, second=second, changes=4, noticed_at=START)


def told(meter: Meter, number: int, seconds: int) -> Answer:
    """One answer, every five minutes."""
    at = START + number * timedelta(minutes=5) + timedelta(seconds=seconds)
    return answer(meter, at, {"rax-4.0": (EACH * number, number)}, *PERIOD)
