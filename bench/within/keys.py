"""Many keys with their meters, and what these were told."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from bench.within.answers import answer
from rax import Model
from teams.models import Key, Plan, Team, User
from usage.books.ingest import store
from usage.catalogue.changes import take_models
from usage.catalogue.offers import take_offers
from usage.models import Meter, TeamModel
from usage.polls.claims.adoption import adopt_all

BATCH = 500


def add(count: str, base_url: str) -> None:
    """Add keys of the team to a server, each with a meter, due far in the future."""
    team, owner = Team.objects.get(), User.objects.earliest("pk")
    keys = [
        Key(team=team, owner=owner, name=f"Key {number}", base_url=base_url, plan=Plan.OWN)
        for number in range(int(count))
    ]
    for number, key in enumerate(keys):
        key.set_secret(f"rax_bench_{number}")
    Key.objects.bulk_create(keys, batch_size=500)
    adopt_all(timezone.now())
    Meter.objects.update(next_poll_at=timezone.now() + timedelta(days=1))


def tell() -> None:
    """Let every meter be polled twice, a day apart, in the middle of a billing period."""
    meters, now = list(Meter.objects.values_list("pk", flat=True)), timezone.now()
    period = now - timedelta(days=20), now + timedelta(days=10)
    for round_number, at in enumerate((now - timedelta(days=1), now), 1):
        for place in range(0, len(meters), BATCH):
            batch = meters[place : place + BATCH]
            store(answer(meter, at, round_number * 1000 + meter, period) for meter in batch)


def limit() -> None:
    """Give every key limits of the day and of its billing period; some of them run out, as polls say."""
    Key.objects.update(tokens_per_day=2_000_000, tokens_per_period=50_000_000)
    Meter.objects.update(limit_share=F("pk") % 90 / 100.0)
    ending = Meter.objects.annotate(place=F("pk") % 10).filter(place=0)
    ending.update(runs_out_at=timezone.now() + timedelta(hours=3))


def offer() -> None:
    """Let each key be told of a few models, among them those that were used."""
    team, now = Team.objects.get(), timezone.now()
    names = TeamModel.objects.filter(team=team).values_list("model", flat=True)
    models = [Model(name, context_window=8_192, max_tokens=4_096) for name in names]
    for key in Key.objects.filter(team=team):
        take_models(team, key.base_url, models, now, key)
        take_offers(key, models, now)


def retire_others() -> None:
    """Retire all keys of each team but its first: runs go by that one, and the numbers of all stay."""
    for team in Team.objects.all():
        mine = Key.objects.filter(team=team)
        mine.exclude(pk=mine.order_by("name").values("pk")[:1]).update(status=Key.Status.RETIRED)
