"""What raxdash itself ran with keys whose servers tell no usage, quarter by quarter of an hour."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from common.database.together import Reading, ask
from teams.models import Key
from usage.claims import Amount, known
from usage.explore.reading.local import QuarterOf
from usage.ledger.grid import QUARTER
from usage.ledger.words import moment
from usage.models import LocalUsage, Meter
from usage.quota.day import QuotaDay
from usage.quota.page.account_day import Step


def reading_own_steps(
    keys: Sequence[Key], since: datetime, until: datetime
) -> Reading[Mapping[UUID, list[Step]]]:
    """The steps of those of some keys whose servers tell no usage, in order. One step."""
    runs = LocalUsage.objects.filter(key__in=keys, key__meter__status=Meter.Status.NO_USAGE)
    rows = runs.between(since, until).with_tokens().order_by().values_list("key_id", QuarterOf("at"))
    found: dict[UUID, list[Step]] = defaultdict(list)
    for key_id, number, tokens in (yield from ask(rows.annotate(sum=Sum("tokens")))):
        start, end = moment(number * QUARTER), moment((number + 1) * QUARTER)
        found[key_id].append(Step(start, end, int(tokens)))
    return {key_id: sorted(steps) for key_id, steps in found.items()}


def by_day(
    days: Iterable[QuotaDay], told: Iterable[Amount], steps: Sequence[Step], since: datetime | None
) -> Iterator[Amount]:
    """What was used on each day: what the provider `told` of it before `since`, and what raxdash ran after;
    None is always.
    """
    for day, amount in zip(days, told, strict=True):
        if since is not None and day.start < since:
            yield amount
        else:
            yield known(sum(step.amount for step in steps if day.start <= step.start < day.end))
