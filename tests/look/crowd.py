"""A team with more of everything than a page shows; run by `manage.py shell` in what is looked at."""

from datetime import timedelta

from django.utils import timezone

from playground.models import Conversation, Run, RunState
from teams import audit
from teams.keys.attributes import change_attributes
from teams.models import Deed, Key, Label, User
from teams.team import life
from tests.usage.polled import poll
from tests.usage.prices.priced import make_price
from usage.models import Meter

MANY, DAY = 60, timedelta(days=1)
now = timezone.now()
owner = User.objects.get(email="demo@example.com")
team = life.create_team(owner, "Crowd", "Europe/Berlin", "")
keys = Key.objects.bulk_create(
    Key(
        team=team,
        owner=owner if number % 3 else None,
        name=f"Batch {number:02}, of the department for words that are longer than anybody expects"[
            : 9 + number
        ],
        base_url="https://api.example.com/v1",
        status=("active", "refused", "retired")[number % 7 % 3],
        status_reason="The provider does not know this key." if number % 7 % 3 == 1 else "",
        project=f"Project {number % 5}" if number % 2 else "",
    )
    for number in range(MANY)
)
labels = Label.objects.named(team, ["night shift", "a label as long as a label may ever be"])
change_attributes(keys[:30], team.today(), {"labels": labels})
Meter.objects.bulk_create(
    Meter(
        team=team,
        key=key,
        name=key.name,
        next_poll_at=now + timedelta(days=30),
        watched_from=now,
        watched_until=now,
        limit_share=number / MANY,
    )
    for number, key in enumerate(keys)
)
for key in keys:
    audit.record(team, Deed.KEY_CHECKED, by=owner, about=key)
for _ in range(MANY):
    conversation = Conversation.objects.create(team=team, author=owner)
    Run.objects.create(
        team=team, conversation=conversation, author=owner, model="rax-4.5", state=RunState.COMPLETED
    )

# Two keys of which figures of fifteen digits are told, now and before, by models with a price and without.
make_price(team, "rax-4.5", team.today() - 90 * DAY)
for meter in Meter.objects.filter(team=team)[:2]:
    for days in (58, 44, 30.1, 30, 16, 2, 1):
        tokens = round((60 - days) * 10**13)
        counters = {"rax-4.5": (tokens, 60 - int(days)), "rax-5-mini": (tokens // 3, 1)}
        poll(meter, now - days * DAY, counters, now - 60 * DAY, now + 30 * DAY)
