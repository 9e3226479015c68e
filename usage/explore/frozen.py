"""Freeze a team's numbers as they stand, and say later what changed since.

What is frozen is the text itself, so it reads the same for ever, whatever polls, corrections, merges or
rebuilds come after. Edges must stand on quarters of an hour in UTC, as days of every zone do.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from teams.models import Team
from usage.explore.reading import numbers
from usage.explore.reading.stretches import Block
from usage.ledger import METRICS
from usage.ledger.words import moment
from usage.models import FrozenReport

GROUPS = (numbers.BY_MODEL, numbers.BY_KEY)


class Tampered(Exception):
    """The stored text is not the one that was frozen."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One number that is not what it was: `name` is a model or key, [start, end) its bucket (ISO)."""

    metric: str
    group: str
    name: str
    start: str
    end: str
    before: int
    after: int


@transaction.atomic
def freeze(team: Team, title: str, edges: Sequence[datetime], now: datetime | None = None) -> FrozenReport:
    """Keep the numbers between `edges` (ascending, aware) as they are now."""
    now = now or timezone.now()
    # With the team locked no poll is accepted between the first number and the last.
    team = Team.objects.select_for_update().get(pk=team.pk)
    text = canonical(snapshot(team, edges, now))
    return FrozenReport.objects.create(
        team=team,
        title=title[:200],
        frozen_at=now,
        generation=team.generation,
        numbers=text,
        digest=digest(text),
    )


def contents(report: FrozenReport) -> dict[str, Any]:
    """The frozen numbers, as `snapshot` gave them. Raises Tampered where the text is not the frozen one."""
    if digest(report.numbers) != report.digest:
        raise Tampered(f"The text of frozen report {report.pk} was changed.")
    found: dict[str, Any] = orjson.loads(report.numbers)
    return found


def differences(report: FrozenReport, now: datetime | None = None) -> list[Difference]:
    """What the ledger says otherwise now, in the order of metric, group, name and time."""
    frozen = contents(report)
    if report.generation == Team.objects.values_list("generation", flat=True).get(pk=report.team_id):
        return []
    edges = [datetime.fromisoformat(edge) for edge in frozen["edges"]]
    current = snapshot(report.team, edges, now or timezone.now())
    return list(_compare(frozen, current))


def snapshot(team: Team, edges: Sequence[datetime], now: datetime) -> dict[str, Any]:
    """All numbers between `edges`: {edges, as_of, amounts: {metric: {group: {name: [integers]}}}, seen}, and
    {stretches: {metric: {group: [block]}}} for what lies in no bucket.
    """
    amounts: dict[str, dict[str, Any]] = {}
    stretches: dict[str, dict[str, Any]] = {}
    for metric in METRICS:
        reads = {group: numbers.read(team, edges, metric, group, now) for group in GROUPS}
        amounts[metric] = {group: dict(read.amounts) for group, read in reads.items()}
        stretches[metric] = {group: list(map(_block, read.blocks)) for group, read in reads.items()}
    read = reads[numbers.BY_MODEL]
    return {
        "edges": [edge.isoformat() for edge in edges],
        "time_zone": team.time_zone,
        "as_of": read.as_of.isoformat() if read.as_of else None,
        "amounts": amounts,
        "stretches": stretches,
        "seen": list(read.qualities),
        "is_exact": read.is_exact,
    }


def _block(block: Block) -> dict[str, Any]:
    start, end = moment(block.start).isoformat(), moment(block.end).isoformat()
    return {"start": start, "end": end, "quality": block.quality, "amounts": dict(block.amounts)}


def canonical(value: Any) -> str:
    """One text for one value."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _compare(frozen: dict[str, Any], current: dict[str, Any]) -> Iterator[Difference]:
    for metric in METRICS:
        for group in GROUPS:
            then, now = _parts(frozen, metric, group), _parts(current, metric, group)
            for name, start, end in sorted({*then, *now}):
                before, after = then.get((name, start, end), 0), now.get((name, start, end), 0)
                if before != after:
                    yield Difference(metric, group, name, start, end, before, after)


def _parts(told: dict[str, Any], metric: str, group: str) -> dict[tuple[str, str, str], int]:
    """{(name, start, end): amount} of all buckets and blocks; a text of before there were blocks has none."""
    parts: Counter[tuple[str, str, str]] = Counter()
    for name, amounts in told["amounts"][metric][group].items():
        for (start, end), amount in zip(pairwise(told["edges"]), amounts, strict=True):
            parts[name, start, end] += amount
    for block in told.get("stretches", {}).get(metric, {}).get(group, []):
        for name, amount in block["amounts"].items():
            parts[name, block["start"], block["end"]] += amount
    return parts
