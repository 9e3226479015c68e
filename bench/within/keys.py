"""Many keys with their meters."""

from datetime import timedelta

from django.utils import timezone

from teams.models import Key, Plan, Team, User
from usage.models import Meter
from usage.polls.adoption import adopt_all


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
