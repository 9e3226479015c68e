"""What is handed to the workers: so much that nobody waits for another one's trouble.

Polls of meters that are answered as a rule go first, of each host only so many batches at a time. What may
take long, or is new, stands aside in a lane of its own: probes of hosts that fail, hosts that answer slowly,
first polls. So a part of the workers' places is always free for the others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from usage.models import Host, Meter, MeterQuerySet, PollBatch
from usage.models.meters.meter import LEASE
from usage.polls.claims import hosts, leases
from usage.polls.claims.leases import SHARED, Batch, Claim, Due

# Of how many places is to be thought where nobody said how many there are.
PLACES = 2

# Closing polls are handed out whatever places there are: of so many hosts of a team in one tick, and none
# while its last ones have no answer for so long. The others are asked as a rule, once their instant is over.
CLOSING_HOSTS = 4
HANGS = timedelta(seconds=3)

# What one tick hands out, five seconds before the next, at most.
AT_ONCE = 5_000


@dataclass
class Room:
    """How many batches more may be handed out: of each host, of all of them, and aside."""

    per_host: int
    regular: int
    aside: int
    busy: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, places: int, under_way: Iterable[PollBatch]) -> Self:
        """Return what is left of the workers' places. One place, where there is one, is no host's alone."""
        aside = min(max(places // 2, 1), 2)
        room = cls(max(places - aside - 1, 1), places, aside)
        for batch in under_way:
            if batch.is_aside:
                room.aside -= 1
            else:
                room.regular -= 1
                room.busy[batch.host] += 1
        return room

    def take(self, batch: Batch) -> bool:
        """Take a place for a batch, where there is one.

        No more than the workers have: what waits for a worker would be in front of all that is due later.
        """
        if batch.is_aside:
            self.aside -= 1
            return self.aside >= 0
        if self.regular <= 0 or self.busy[batch.host] >= self.per_host:
            return False
        self.regular -= 1
        self.busy[batch.host] += 1
        return True


def claim(now: datetime, places: int = PLACES) -> tuple[list[Claim], bool]:
    """Lease what may be asked now; return the claims, and whether something must wait for its place."""
    PollBatch.objects.lost(now).delete()
    room = Room.of(places, PollBatch.objects.all())
    found = leases.waiting(_asked_as_a_rule(now, room), room.per_host * leases.most(), AT_ONCE)
    found = list(_without_storms(found, now))
    answered = [each for each in found if not each.stands_behind]
    planned = [*leases.batches(answered, now), *_aside(found, now, room)]
    taken = [batch for batch in planned if batch.ask_at or room.take(batch)]
    leased = leases.lease(taken, now)
    PollBatch.objects.bulk_create(
        PollBatch(lease=each.until, host=each.host, is_aside=each.is_aside, seen_at=now)
        for each in leased
        if each.ask_at is None
    )
    return leased, len(taken) < len(planned) or Host.objects.failing().filter(failures=1).exists()


def _asked_as_a_rule(now: datetime, room: Room) -> MeterQuerySet:
    """The due meters of hosts that answer, and of which not as many are under way as may be."""
    full = [host for host, count in room.busy.items() if host and count >= room.per_host]
    due = Meter.objects.due(now).exclude(host__in=Host.objects.failing().values("address"))
    return due.exclude(host__in=full)


def _without_storms(found: Iterable[Due], now: datetime) -> Iterator[Due]:
    """Leave out closing polls by which one team's hosts could take the places of everybody."""
    hosts_of: defaultdict[int, set[str]] = defaultdict(set)
    hanging: set[int] | None = None
    for each in found:
        if leases.waits(each, now):
            hanging = _hanging(now) if hanging is None else hanging
            if each.host not in hosts_of[each.team_id]:
                if each.team_id in hanging or len(hosts_of[each.team_id]) >= CLOSING_HOSTS:
                    continue
                hosts_of[each.team_id].add(each.host)
        yield each


def _hanging(now: datetime) -> set[int]:
    """The teams whose closing polls of a moment ago are still waited for."""
    asked = Meter.objects.filter(closing_at__gt=now - LEASE, closing_at__lt=now - HANGS, lease_until__gt=now)
    return set(asked.values_list("team", flat=True))


def _aside(found: Iterable[Due], now: datetime, room: Room) -> Iterator[Batch]:
    """What stands aside: probes alone where there is room for two batches, else both in one, half of each."""
    behind = [each.pk for each in found if each.stands_behind]
    most = SHARED // 2 if behind and room.aside == 1 else SHARED
    probes = hosts.probes(now, most) if room.aside > 0 else []
    groups = [probes, behind] if room.aside > 1 else [[*probes, *behind]]
    for ids in groups:
        if ids:
            yield Batch("", ids[:SHARED], is_aside=True)
