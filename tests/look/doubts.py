"""Doubts about the demo's accounts, and a key's past; run by `manage.py shell` in what is looked at."""

from datetime import timedelta

from django.utils import timezone

from common.models import Job
from teams.jobs import scope_of
from teams.keys.attributes import change_attributes
from teams.models import Key, KeyLimits, Label, Terms
from usage.accounts import recount
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.verify import rebuild
from usage.models import CounterReset, Meter, RawPoll, SharingSuggestion

MINUTE = timedelta(minutes=1)
now = timezone.now()
first, second, third, *_ = Meter.objects.filter(team__slug="demo").order_by("pk")
evidence = [
    {
        "first_at": (now - MINUTE * ago).isoformat(),
        "second_at": (now - MINUTE * ago + MINUTE / 60).isoformat(),
        "period_start": (first.period_start or now).isoformat(),
        "tokens": 1_234_567_890 - 4_321 * ago,
        "requests": 1_234_567 - ago,
    }
    for ago in range(40, 0, -5)
]
for other, state in ((second, "open"), (third, "dismissed")):
    SharingSuggestion.objects.create(
        team=first.team,
        first=first,
        second=other,
        changes=11,
        evidence=evidence,
        noticed_at=now,
        state=state,
        decided_at=None if state == "open" else now,
    )
# Nightly batch has two keys that are counted once.
key = Key.objects.create(team=first.team, name="Nightly batch, second key", base_url=first.base_url)
Meter.objects.create(team=first.team, key=key, name=key.name, next_poll_at=now, merged_into=third)
# Trial has another secret since yesterday.
Key.objects.filter(name="Trial", team=first.team).update(secret_set_at=now - timedelta(days=1))
# Production was of another project for a month, and has had numbers of its own for a week.
key = Key.objects.select_related("team").get(name="Production", team=first.team)
labels = Label.objects.named(key.team, ["support", "night shift", "a label as long as a label may ever be"])
own = Terms.of("own", KeyLimits(6_000, 50_000_000_000, 1_000_000_000_000))
today = key.team.today()
change_attributes([key], today - timedelta(days=30), {"project": "Customer support", "labels": labels})
change_attributes([key], today - timedelta(days=7), {"terms": own})
# A server forgot its counters: somebody said so; it is taken for a correction; it is waited for.
key = Key.objects.create(team=first.team, name="Forgetful server, in the cellar", base_url=first.base_url)
meter = Meter.objects.create(team=first.team, key=key, name=key.name, next_poll_at=now + timedelta(days=1))
counters = [1_200_000, 1_234_567, 890, 1_900, 2_900, 3_900, 4_900, 12, 34, 56, 78, 90, 1]
for place, tokens in enumerate(counters):
    at = now - 10 * MINUTE * (len(counters) - place)
    start = now - timedelta(days=20)
    told = Answer(
        meter.pk, place, at, at, 600, 200, period_start=start, total_tokens=tokens, total_requests=1
    )
    store([told])
fallen = RawPoll.objects.get(meter=meter, total_tokens=890).at
alice = first.team.memberships.get(role="owner").user
CounterReset.objects.create(meter=meter, at=fallen, decided_at=now, decided_by=alice)
rebuild(meter)
# Counting anew stopped half way, and waits for somebody to say "again".
Job.objects.create(
    kind=recount.KIND,
    scope=scope_of(first.team),
    state="failed",
    error="OperationalError: the disk is full",
    done=8_600,
    total=17_000,
    asked_by="Alice",
    ended_at=now,
)
