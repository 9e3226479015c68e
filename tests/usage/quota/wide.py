"""A team whose names and counters are as long as a provider may make them; run by `manage.py shell`."""

from datetime import timedelta

from django.utils import timezone

from teams.models import Key, Plan, User
from teams.team import life
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.models import Meter

now = timezone.now()
alice = User.objects.get(email="alice@example.com")
team = life.create_team(alice, "Wide", "UTC", "")
limits = {"tokens_per_day": 10**15, "tokens_per_period": 10**15, "requests_per_minute": 10**9}
for name, reason in (
    ("n" * 80, "e" * 195),
    ("\N{RIGHT-TO-LEFT OVERRIDE}gnp.live, " + "w" * 60, ""),
):
    key = Key.objects.create(team=team, owner=alice, name=name, plan=Plan.OWN, **limits)
    meter = Meter.objects.create(
        team=team, key=key, name=name, next_poll_at=now, last_error=reason, missed_polls=len(reason)
    )
    for minutes, tokens in ((20, 9 * 10**14), (10, 9 * 10**14 + 10**13), (0, 10**15)):
        at = now - timedelta(minutes=minutes)
        period = now - timedelta(days=20), now + timedelta(days=10)
        counters = {"m" * 195: (tokens, tokens)}
        slot = int(at.timestamp())
        store([Answer(meter.pk, slot, at, at, 600, 200, "", *period, tokens, tokens, counters)])
