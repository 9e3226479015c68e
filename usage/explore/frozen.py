"""Freeze a team's numbers as they stand, and say later what changed since.

What is frozen is the text itself, so it reads the same for ever, whatever polls, corrections, merges or
rebuilds come after. Edges must stand on quarters of an hour in UTC, as days of every zone do.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from teams.models import Team, User
from usage.books.answers.breakdown import BY_RAXDASH
from usage.explore.query.dimensions import SeriesId, series_text
from usage.explore.reading import numbers
from usage.explore.reading.names import RUN_BY_RAXDASH
from usage.explore.reading.scope.series import OWN, RESERVED
from usage.explore.reading.sums.stretches import Block
from usage.ledger import METRICS
from usage.ledger.words import moment
from usage.models import FrozenReport
from usage.models.frozen import LONGEST_AUTHOR

GROUPS = {"model": numbers.BY_MODEL, "key": numbers.BY_KEY}


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

    @property
    def begin(self) -> datetime:
        """When it begins."""
        return datetime.fromisoformat(self.start)


@transaction.atomic
def freeze(
    team: Team,
    title: str,
    edges: Sequence[datetime],
    now: datetime | None = None,
    page: Mapping[str, Any] | None = None,
    author: User | None = None,
) -> FrozenReport:
    """Keep the numbers between `edges` (ascending, aware) as they are now, and the `page` on which its author
    saw some of them.
    """
    now = now or timezone.now()
    # With the team locked no poll is accepted between the first number and the last.
    team = Team.objects.select_for_update().get(pk=team.pk)
    text = canonical(snapshot(team, edges, now) | ({"page": page} if page else {}))
    return FrozenReport.objects.create(
        team=team,
        title=title[:200],
        frozen_at=now,
        generation=team.generation,
        numbers=text,
        digest=digest(text),
        author=author,
        author_name=str(author or "")[:LONGEST_AUTHOR],
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
    """All numbers between `edges`: {edges, as_of, amounts: {metric: {group: {id: [integers]}}}, seen}, and
    {stretches: {metric: {group: [block]}}} for what lies in no bucket; {names: {group: {id: name}}} is how
    people call it all then. A text of before there were ids has none of these, and names in their places.
    """
    amounts: dict[str, dict[str, Any]] = {}
    stretches: dict[str, dict[str, Any]] = {}
    names: dict[str, dict[str, str]] = {group: {} for group in GROUPS}
    for metric in METRICS:
        reads = {group: numbers.read(team, edges, metric, by, now, most=None) for group, by in GROUPS.items()}
        amounts[metric] = {group: _by_id(read.amounts) for group, read in reads.items()}
        stretches[metric] = {group: list(map(_block, read.blocks)) for group, read in reads.items()}
        for group, read in reads.items():
            names[group] |= {series_text(one): read.names.of_series(read.by, one) for one in read.sums}
    read = reads["model"]
    return {
        "edges": [edge.isoformat() for edge in edges],
        "time_zone": team.time_zone,
        "as_of": read.as_of.isoformat() if read.as_of else None,
        "names": names,
        "amounts": amounts,
        "stretches": stretches,
        "seen": list(read.qualities),
        "is_exact": read.is_exact,
    }


def _block(block: Block) -> dict[str, Any]:
    start, end = moment(block.start).isoformat(), moment(block.end).isoformat()
    return {"start": start, "end": end, "quality": block.quality, "amounts": _by_id(block.amounts)}


def _by_id[Value](amounts: Mapping[SeriesId, Value]) -> dict[str, Value]:
    return {series_text(series): value for series, value in amounts.items()}


def canonical(value: Any) -> str:
    """One text for one value."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _compare(frozen: dict[str, Any], current: dict[str, Any]) -> Iterator[Difference]:
    is_by_name = "names" not in frozen
    for metric in METRICS:
        for group in GROUPS:
            called = {} if is_by_name else current["names"][group] | frozen["names"][group]
            then = _parts(frozen, metric, group)
            now = _parts(current, metric, group, _as_before(current["names"][group]) if is_by_name else {})
            for name, start, end in sorted({*then, *now}):
                before, after = then.get((name, start, end), 0), now.get((name, start, end), 0)
                if before != after:
                    yield Difference(metric, group, called.get(name, name), start, end, before, after)


def _as_before(names: Mapping[str, str]) -> dict[str, str]:
    """{id: what it was called in texts of before there were ids}."""
    words = {name: line for line, name in RESERVED.items()}
    return {
        one: f"{BY_RAXDASH}{name.removesuffix(RUN_BY_RAXDASH)}"
        if one.startswith(OWN)
        else words.get(one, name)
        for one, name in names.items()
    }


def _parts(
    told: dict[str, Any], metric: str, group: str, called: Mapping[str, str] | None = None
) -> dict[tuple[str, str, str], int]:
    """{(id, start, end): amount} of all buckets and blocks, or by what an id is `called`; a text of before
    there were blocks has none.
    """
    called = called or {}
    parts: Counter[tuple[str, str, str]] = Counter()
    for name, amounts in told["amounts"][metric][group].items():
        for (start, end), amount in zip(pairwise(told["edges"]), amounts, strict=True):
            parts[called.get(name, name), start, end] += amount
    for block in told.get("stretches", {}).get(metric, {}).get(group, []):
        for name, amount in block["amounts"].items():
            parts[called.get(name, name), block["start"], block["end"]] += amount
    return parts
