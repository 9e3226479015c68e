"""The breaker of each host: one that failed for all is only probed, with a few keys, until it answers.

A host is a scheme, a name and a port. It fails where no key of a batch got an answer: no connection, none in
time, none that ends, or 5xx; what is said of one key (401, 403, 429, …) is an answer. One batch that failed
is a suspicion, for its keys may be odd: keys of other teams are asked at once, and where none of them is
answered either, the host is down.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from statistics import median

from django.db.models import Case, F, When, Window
from django.db.models.functions import RowNumber

from usage.models import Host, Meter
from usage.polls.asking import Told

# So many keys probe a host, of as many teams as there are, those first that were asked longest ago.
PROBES = 5

# How long until the next probe: of a suspicion, then doubling. A host that is back is found out soon.
SUSPECTED = timedelta(seconds=1)
PROBE_FIRST = timedelta(seconds=5)
PROBE_LONGEST = timedelta(seconds=20)
# A probe that was handed out says what became of it before this.
PROBE_TAKES = timedelta(seconds=45)

# Answers that take so long make a host slow, and so short no longer.
SLOW_SECONDS, QUICK_SECONDS = 4.0, 2.0
MIN_ANSWERS = 5


def probes(now: datetime, most: int) -> list[int]:
    """Return the meters that probe the hosts whose time has come; others that ask get none of these.

    Where these would be more than `most`, the other hosts wait; teams have their turns.
    """
    due = {host.address: host for host in Host.objects.to_probe(now, PROBE_TAKES)}
    found: list[int] = []
    asked: list[Host] = []
    for address, ids in in_turns_of_teams(probing(due, now)):
        if found and len(found) + len(ids) > most:
            break
        found += ids
        asked.append(due.pop(address))
    Host.objects.filter(pk__in=[host.pk for host in asked]).update(probe_at=now + PROBE_TAKES)
    return found


def probing(addresses: Collection[str], now: datetime) -> dict[str, list[tuple[int, int]]]:
    """Return the meters that ask hosts whether they are back, due or not, with their teams, by the host."""
    is_new = Case(When(answered_at=None, then=1), default=0)
    order = ("is_new", F("asked_at").asc(nulls_first=True), "pk")
    meters = Meter.objects.pollable().free(now).filter(host__among=addresses).annotate(is_new=is_new)
    turn = Window(RowNumber(), partition_by=[F("host"), F("team")], order_by=order)
    in_turns = meters.annotate(turn=turn).filter(turn__lte=PROBES).order_by("turn", *order)
    found: dict[str, list[tuple[int, int]]] = {address: [] for address in addresses}
    for host, pk, team in in_turns.values_list("host", "pk", "team"):
        if len(found[host]) < PROBES:
            found[host].append((pk, team))
    return found


def in_turns_of_teams(hosts: dict[str, list[tuple[int, int]]]) -> list[tuple[str, list[int]]]:
    """Return the hosts with their meters, no team's many before another's first."""
    turns: Counter[int] = Counter()
    ranked = []
    for address, asking in hosts.items():
        teams = {team for _, team in asking}
        turns.update(teams)
        ranked.append((min((turns[team] for team in teams), default=0), address))
    ranked.sort(key=itemgetter(0))
    return [(address, [pk for pk, _ in hosts[address]]) for _, address in ranked]


@dataclass
class Tally:
    """What the keys of one host were told in a batch."""

    seconds: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))  # by team
    silent: list[int] = field(default_factory=list)
    error: str = ""

    def add(self, told: Told, team_id: int) -> None:
        """Count what one key of a team was told; what never left this machine says nothing of the host."""
        if told.is_silent:
            self.silent.append(told.meter_id)
            self.error = str(told.usage)[:200]
        elif told.is_answered:
            self.seconds[team_id].append((told.ended_at - told.started_at).total_seconds())


class Watch:
    """What becomes of the hosts of one batch."""

    def __init__(self, meters: Collection[Meter], now: datetime) -> None:
        self._began = now
        self._hosts = {meter.pk: meter.host for meter in meters}
        self._teams = {meter.pk: meter.team_id for meter in meters}
        rows = Host.objects.filter(address__in=set(self._hosts.values()))
        self._known = {host.address: host for host in rows}
        self._tallies: dict[str, Tally] = defaultdict(Tally)

    def failing(self) -> set[str]:
        """The hosts that are only probed."""
        return {address for address, host in self._known.items() if host.failing_since}

    def see(self, told: Iterable[Told], now: datetime) -> None:
        """Count what was told; a host that answers again is back at once."""
        for each in told:
            self._tallies[self._hosts[each.meter_id]].add(each, self._teams[each.meter_id])
        for address in self.failing():
            if self._tallies[address].seconds:
                welcome(self._known.pop(address), now)

    def conclude(self, now: datetime) -> None:
        """Say what the batch showed of each host."""
        for address, tally in self._tallies.items():
            if not address:
                continue
            if tally.silent and not tally.seconds:
                doubt(address, tally, self._began, now)
            elif sum(map(len, tally.seconds.values())) >= MIN_ANSWERS:
                self._time(address, tally, now)

    def _time(self, address: str, tally: Tally, now: datetime) -> None:
        """Say whether a host is slow, which it is where it is for every team: addresses are of its choice."""
        seconds = min(map(median, tally.seconds.values()))
        known = self._known.get(address)
        is_slow = known is not None and known.slow_since is not None
        if seconds > SLOW_SECONDS and not is_slow and not is_asked_by_others(address, tally.seconds):
            Host.objects.update_or_create(address=address, defaults={"slow_since": now})
        elif seconds < QUICK_SECONDS and is_slow:
            Host.objects.filter(address=address).update(slow_since=None)


def is_asked_by_others(address: str, teams: Collection[int]) -> bool:
    """Tell whether a host is asked by other teams than the one of these that is alone."""
    return len(teams) == 1 and Meter.objects.pollable().filter(host=address).exclude(team__in=teams).exists()


def doubt(address: str, tally: Tally, began: datetime, now: datetime) -> None:
    """A batch or a probe failed for all: ask no other key of the host but probes.

    Where another batch was answered meanwhile, it was these keys that were odd.
    """
    others = Meter.objects.filter(host=address, answered_at__gte=began).exclude(pk__in=tally.silent)
    if others.exists():
        return
    host, _ = Host.objects.get_or_create(address=address)
    failures = host.failures + 1 if host.failing_since else 1
    wait = SUSPECTED if failures == 1 else _backoff(failures)
    since = host.failing_since or began
    values = {"failing_since": since, "failures": failures, "error": tally.error, "probe_at": now + wait}
    # Another batch may have said so meanwhile, or that the host is back.
    Host.objects.filter(pk=host.pk, failures=host.failures, failing_since=host.failing_since).update(**values)


def welcome(host: Host, now: datetime) -> None:
    """A host answers again: it is asked as a rule, and what failed there meanwhile is due."""
    back = Host.objects.filter(pk=host.pk).exclude(failing_since=None)
    was_down = host.failures > 1
    lasted = {"down_since": host.failing_since, "back_at": now} if was_down else {}
    if not back.update(failing_since=None, failures=0, probe_at=None, **lasted) or not was_down:
        return
    failed = Meter.objects.pollable().filter(host=host.address, failures__gt=0, next_poll_at__gt=now)
    failed.update(next_poll_at=now, closing_at=None, planned_at=now)


def _backoff(failures: int) -> timedelta:
    longest = min(PROBE_FIRST * 2 ** min(failures - 2, 10), PROBE_LONGEST)
    return longest * random.uniform(0.75, 1.0)  # noqa: S311 (spreading load, not keeping secrets)
