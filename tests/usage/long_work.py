"""A small history for long jobs of a running installation; run by `manage.py shell` in it."""

from datetime import UTC, datetime, timedelta

from teams.models import Key, Team
from tests.usage.polled import answer
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.models import Meter, SharingSuggestion

START = datetime(2026, 3, 1, tzinfo=UTC)
PERIOD = START, START + timedelta(days=31)
POLLS = 1_500
FAR = datetime(2099, 1, 1, tzinfo=UTC)
EACH = 40
# The poll after which a server forgot its counters.
FORGOT = 200


def make_forgetful() -> None:
    """Give the team a key whose server forgot its counters, polled for five days."""
    key = Key(team=Team.objects.get(), name="Forgetful", base_url="http://127.0.0.1:9/api/v1")
    key.set_secret("rax_forgetful")
    key.save()
    meter = Meter.objects.create(team=key.team, key=key, name=key.name, next_poll_at=FAR)
    counts = [*range(1, FORGOT + 1), *range(1, POLLS - FORGOT + 1)]
    store(told(meter, number, 0, requests) for number, requests in enumerate(counts, 1))


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


def told(meter: Meter, number: int, seconds: int, requests: int | None = None) -> Answer:
    """One answer, every five minutes, after so many requests: one for each answer, unless it is said."""
    requests = number if requests is None else requests
    at = START + number * timedelta(minutes=5) + timedelta(seconds=seconds)
    return answer(meter, at, {"rax-4.0": (EACH * requests, requests)}, *PERIOD)
