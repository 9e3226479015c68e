"""Claims: which meters are asked together, by whom, and until when.

A claim is a lease: a worker that dies gives it back by letting it end. A batch asks one host; hosts of few
keys share one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import RowNumber

from usage.models import Host, Meter, MeterQuerySet
from usage.models.hosts import host_of
from usage.models.meters.meter import LEASE
from usage.polls.schedule.closings import AHEAD

# One batch of a host follows the other: a long one keeps its worker busy. On SQLite others wait to write.
BATCH, BATCH_BESIDE_OTHERS = 600, 2_000
# Hosts of so few due keys share batches of so many.
FEW, SHARED = 30, 300

# A closing poll that was handed out as planned waits no longer for its instant; one that somebody asked for
# before, by "Poll now", is asked at once.
SOON = AHEAD + timedelta(seconds=1)
TOGETHER = timedelta(seconds=0.5)


class Due(NamedTuple):
    """A meter whose time has come. One that was never answered, or whose host is slow, stands behind."""

    pk: int
    closing_at: datetime | None
    host: str
    stands_behind: bool
    team_id: int


class Batch(NamedTuple):
    """Meters to be asked together: of one host, or of several with few keys each, whose `host` is empty."""

    host: str
    meter_ids: Sequence[int]
    ask_at: datetime | None = None
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """Meters that are ours to ask until the lease ends; its end is also its name.

    They are asked at `ask_at`, at once where that is None. Those that are `aside` are asked also where their
    host fails.
    """

    meter_ids: tuple[int, ...]
    until: datetime
    ask_at: datetime | None = None
    is_aside: bool = False
    host: str = ""


def most() -> int:
    """How many meters of one host a batch has at most."""
    return BATCH if connection.vendor == "sqlite" else BATCH_BESIDE_OTHERS


def waiting(meters: MeterQuerySet, each: int, limit: int) -> list[Due]:
    """Return up to `limit` of these meters, the longest waiting first, `each` of a team at a host at most.

    Teams have their turns, whatever the number of their keys and hosts.
    """
    behind = Q(answered_at=None, closing_at=None) | Q(host__in=Host.objects.slow().values("address"))
    of_team = [F("team"), F("stands_behind")]
    rows = (
        meters.annotate(stands_behind=Case(When(behind, then=True), default=False))
        .annotate(turn=Window(RowNumber(), partition_by=of_team, order_by=F("next_poll_at")))
        .annotate(at_host=Window(RowNumber(), partition_by=[F("host"), *of_team], order_by=F("next_poll_at")))
        .filter(at_host__lte=each)
        .order_by("turn", "next_poll_at")
        .values_list("pk", "closing_at", "host", "base_url", "stands_behind", "team")[:limit]
    )
    # A process of the version before writes no host.
    return [Due(pk, at, host or host_of(url), behind, team) for pk, at, host, url, behind, team in rows]


def by_instant(found: Iterable[Due], now: datetime) -> dict[datetime | None, list[Due]]:
    """{when to ask: meters}, the first instants first, None last: regular polls wait for no closing ones.

    Closing polls of the same half second are asked together at the first of their instants.
    """
    found = list(found)
    closing = sorted((each.closing_at, each) for each in found if waits(each, now) and each.closing_at)
    groups: dict[datetime | None, list[Due]] = {}
    first = None
    for at, each in closing:
        first = at if first is None or at >= first + TOGETHER else first
        groups.setdefault(first, []).append(each)
    if regular := [each for each in found if not waits(each, now)]:
        groups[None] = regular
    return groups


def waits(each: Due, now: datetime) -> bool:
    """Tell whether a meter is to be asked at its instant, a moment ahead."""
    return each.closing_at is not None and now < each.closing_at <= now + SOON


def cut(found: Iterable[Due]) -> Iterator[Batch]:
    """Cut meters into batches by host, in the order of their first meters."""
    hosts: dict[str, list[int]] = defaultdict(list)
    for each in found:
        hosts[each.host].append(each.pk)
    groups: dict[str, list[int]] = defaultdict(list)
    for host, ids in hosts.items():
        groups[host if len(ids) > FEW or len(hosts) == 1 else ""] += ids
    for host, ids in groups.items():
        yield from (Batch(host, batch) for batch in batched(ids, most() if host else SHARED, strict=False))


def batches(found: Iterable[Due], now: datetime) -> Iterator[Batch]:
    """Cut meters into batches to be asked together, each at its instant."""
    for ask_at, group in by_instant(found, now).items():
        yield from (batch._replace(ask_at=ask_at) for batch in cut(group))


def lease(batches: Iterable[Batch], now: datetime) -> list[Claim]:
    """Lease the meters of each batch that nobody else has leased meanwhile; none of two callers get both."""
    claims = []
    with transaction.atomic():
        for number, batch in enumerate(batches):
            # Each lease has a name of its own.
            until = now + LEASE + timedelta(microseconds=number)
            # What probes a host may not be due.
            waiting = Meter.objects.free(now) if batch.is_aside else Meter.objects.due(now)
            free = waiting.filter(pk__among=batch.meter_ids).order_by("pk")
            locked = free.select_for_update(skip_locked=True, of=("self",))
            mine = set(locked.values_list("pk", flat=True))
            Meter.objects.filter(pk__among=list(mine)).update(lease_until=until)
            if ids := tuple(pk for pk in batch.meter_ids if pk in mine):
                claims.append(Claim(ids, until, batch.ask_at, batch.is_aside, batch.host))
    return claims
