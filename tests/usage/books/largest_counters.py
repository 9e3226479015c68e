"""A team each of whose keys has come to as much as any may, more keys than a company has."""

import json

from django.utils import timezone

from tests.cast import make_cast, make_key
from tests.usage.polled import SECOND, answer, make_meter
from usage.books.ingest import store
from usage.explore.answering import usage_report
from usage.ledger.adding import LARGEST
from usage.models import Meter, TeamDay

KEYS = 40
STEP = LARGEST // 2


def main() -> None:
    """Store and show them; print what the database and the page say."""
    cast, now = make_cast(), timezone.now()
    start = now.replace(hour=0, minute=0, second=0, microsecond=0) - 86_400 * SECOND
    meters = [make_meter(make_key(cast.team, cast.alice, f"Key {n}"), now) for n in range(KEYS)]
    for minutes, tokens in ((10, 0), (15, STEP), (20, 2 * STEP), (25, 2 * STEP + 2)):
        at = start + 60 * minutes * SECOND
        store(
            answer(meter, at, {"rax": (tokens, 1)}, start, start + 86_400 * 30 * SECOND) for meter in meters
        )
    # All that any number of keys may come to in a day is stored as one row.
    days = sum(TeamDay.objects.filter(metric="tokens").values_list("amount", flat=True))
    facts = Meter.objects.for_team(cast.team).facts(now)
    report = usage_report(cast.team, facts, {"period": "billing"}, now)
    told = {"days": days, "shown": report.totals["tokens"].certain, "claim": report.agreement.words}
    print(json.dumps(told))  # noqa: T201  read by the test
