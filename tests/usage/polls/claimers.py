"""Eight claimers at once on a database of their own; run by `manage.py shell` in an installation."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from django.utils import timezone

from teams.models import Key, Team
from usage.models import Meter
from usage.polls.claims.adoption import adopt_all
from usage.polls.claims.due import claim_due

CLAIMERS, ROUNDS, METERS = 8, 6, 60


def main() -> None:
    """Print every claim that was made: a list of lists of meter ids, and the ids there are."""
    team = Team.objects.create(name="Acme", slug="acme")
    for number in range(METERS):
        key = Key(team=team, name=f"Key {number}", base_url="http://127.0.0.1:9/api/v1")
        key.set_secret("rax_demo_pro")
        key.save()
    adopt_all(timezone.now())
    start = Barrier(CLAIMERS)
    with ThreadPoolExecutor(CLAIMERS) as pool:
        claims = [claim for found in pool.map(claim_often, [start] * CLAIMERS) for claim in found]
    sys.stdout.write(
        json.dumps({"claims": claims, "meters": sorted(Meter.objects.values_list("pk", flat=True))})
    )


def claim_often(start: Barrier) -> list[list[int]]:
    """Claim a few meters again and again, beginning together with the others."""
    start.wait()
    try:
        return [list(claim.meter_ids) for _ in range(ROUNDS) for claim in claim_due(timezone.now(), limit=3)]
    finally:
        connection.close()
