"""Whom a question is about: the team's meters, the local days on which each counts, and in which groups.

What a team says of its keys (owner, project, labels) is that of each day, or of today.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain, product
from typing import Any
from zoneinfo import ZoneInfo

from usage.explore.query.dimensions import Dimension, Filter, SeriesId
from usage.explore.reading.scope.attributes import Attributes
from usage.explore.reading.scope.meter_rows import Alike, MeterRow
from usage.explore.reading.scope.series import DATED, NONE, OF_KEYS, SINGLE, plain
from usage.ledger.grid import day_start

# Before and after all days, and all instants in microseconds, of which anything was ever told.
FIRST, LAST = date.min, date.max
EVER = 1 << 62

type Days = tuple[date, date]
type Ids = Mapping[Dimension, tuple[str, ...]]
# Attributes on the local days [first, last).
type Dated = tuple[date, date, Ids]

# Many keys change on the same few days, and many rows are of the same day.
start_of_day = lru_cache(maxsize=4_096)(day_start)

NOBODY: Ids = dict.fromkeys(OF_KEYS, (NONE,))


@dataclass(frozen=True, slots=True)
class Part:
    """The local days [first, last) of some meters, and the groups that each counts in: ids in the order of
    the question's dimensions, with an empty text for the model. They may be cohorts of meters.

    Meters of which the same is known have all their parts in common.
    """

    meters: tuple[int, ...]
    first: date
    last: date
    groups: tuple[SeriesId, ...]
    are_cohorts: bool = False

    def span(self, zone: ZoneInfo) -> tuple[int, int]:
        """From when to when, in microseconds."""
        start = -EVER if self.first == FIRST else start_of_day(self.first, zone)
        return start, EVER if self.last == LAST else start_of_day(self.last, zone)


@dataclass(frozen=True)
class Scope:
    """The parts of meters that the filters leave. `is_filtered` says that they may leave some out, `is_whole`
    that every meter counts on all days or on none. `dated` is what is known of each meter's key, `names` of
    ids.
    """

    parts: tuple[Part, ...]
    meters: tuple[MeterRow | Alike, ...]
    by: tuple[Dimension, ...]
    filters: tuple[Filter, ...]
    dated: Mapping[int, Sequence[Dated]]
    names: dict[tuple[Dimension, str], str] = field(default_factory=dict)
    is_filtered: bool = False
    is_whole: bool = True

    @cached_property
    def meter_ids(self) -> frozenset[int]:
        """The meters that are left on some day."""
        return frozenset(chain.from_iterable(part.meters for part in self.parts))

    def groups_on(self, meter_id: int | None, day: date) -> tuple[SeriesId, ...]:
        """The groups that a meter counts in on a day; none where the filters leave it out."""
        known = self.dated.get(meter_id or 0, ())
        ids = next((ids for first, last, ids in known if first <= day < last), NOBODY)
        return groups_of(ids, self.by) if passes(ids, self.filters) else ()


def scope_of(
    attributes: Attributes,
    meters: Sequence[MeterRow | Alike],
    by: Sequence[Dimension],
    filters: Sequence[Filter],
    days: Days,
    today: date | None = None,
) -> Scope:
    """Who of a team's meters counts on the local days [first, last) of a question, by the `attributes` of
    their keys; `today` is given where these are to be those of that day. Where nothing asks for keys it does
    not matter; where these are told apart, each meter is to be a row.
    """
    asked = OF_KEYS & {*by, *(one.dimension for one in filters)}
    if not asked:
        return Scope((), (), tuple(by), (), {})
    meters = tuple(meters)
    names: dict[tuple[Dimension, str], str] = {}
    written = written_of(attributes, days, today, names) if asked & DATED else {}
    single = [meter for meter in meters if isinstance(meter, MeterRow)] if asked & SINGLE else []
    accounts = named(single, names)
    filters = tuple(_meant(one, single, accounts) for one in filters if one.dimension in OF_KEYS)
    dated: dict[int, Sequence[Dated]] = {}
    parts: list[Part] = []
    is_whole = True
    # Where nothing that is dated is asked for, all days are alike.
    told = _alike(meters, written, accounts) if asked & DATED else _each(accounts)
    for alike, history in told:
        dated |= dict.fromkeys(alike, history)
        found = list(_parts(alike, history, tuple(by), filters))
        is_whole &= len(found) in (0, len(history))
        parts += found
    return Scope(
        tuple(parts), meters, tuple(by), filters, dated, names, is_filtered=bool(filters), is_whole=is_whole
    )


def _alike(
    meters: Iterable[MeterRow | Alike], written: Mapping[int, Sequence[Dated]], accounts: Mapping[int, Ids]
) -> Iterator[tuple[tuple[int, ...], Sequence[Dated]]]:
    """Meters of whose keys the same is known, and that; each by itself where `accounts` are told apart."""
    alike: dict[Any, tuple[list[int], Sequence[Dated]]] = {}
    for meter in meters:
        for pk in meter.pks:
            history = written.get(pk)
            same: Any = (meter.owner_id, meter.project) if history is None else id(history)
            if accounts:
                same = pk
            if same not in alike:
                alike[same] = [], _known(meter, history, accounts.get(pk, {}))
            alike[same][0].append(pk)
    for pks, history in alike.values():
        yield tuple(pks), history


def _each(accounts: Mapping[int, Ids]) -> Iterator[tuple[tuple[int, ...], Sequence[Dated]]]:
    """Each meter by itself, with whose account it is: no more is asked of any."""
    for pk, account in accounts.items():
        yield (pk,), [(FIRST, LAST, account)]


def written_of(
    attributes: Attributes, days: Days, today: date | None, names: dict[tuple[Dimension, str], str]
) -> dict[int, list[Dated]]:
    """What was written down of the meters' keys on some days, or is valid `today`."""
    found: dict[int, list[Dated]] = {}
    for meters, rows in attributes.during(*((today, today) if today else days)):
        entries: dict[date, dict[Dimension, list[str]]] = {}
        for row in rows:
            ids = entries.setdefault(row.since, _ids(row.owner_id, row.project))
            if row.owner_id is not None:
                names.setdefault((Dimension.OWNER, str(row.owner_id)), row.owner_name)
            names[Dimension.PROJECT, f"={row.project}"] = row.project
            if row.label_id is not None:
                ids.setdefault(Dimension.LABEL, []).append(str(row.label_id))
                names[Dimension.LABEL, str(row.label_id)] = row.label or ""
        history = list(_spans(entries))
        found |= {pk: history for pk in meters if pk is not None}
    return found


def _ids(owner_id: int | None, project: str) -> dict[Dimension, list[str]]:
    return {
        Dimension.OWNER: [NONE if owner_id is None else str(owner_id)],
        Dimension.PROJECT: [f"={project}" if project else NONE],
    }


def _spans(entries: Mapping[date, Mapping[Dimension, Sequence[str]]]) -> Iterator[Dated]:
    """Rows of a key by their first day, as days from one to the next; the first and the last have no end."""
    starts = sorted(entries)
    for start, end in zip(starts, [*starts[1:], LAST], strict=True):
        ids = {Dimension.LABEL: (NONE,)} | {one: tuple(values) for one, values in entries[start].items()}
        yield (FIRST if start == starts[0] else start), end, ids


def _known(
    meter: MeterRow | Alike, written: Sequence[Dated] | None, account: Mapping[Dimension, tuple[str, ...]]
) -> Sequence[Dated]:
    """What is written down of a meter's key, else what the key's own columns say; and whose account it is."""
    if not written:
        ids = _ids(meter.owner_id, meter.project or "") | {Dimension.LABEL: [NONE]}
        written = [(FIRST, LAST, {one: tuple(values) for one, values in ids.items()})]
    return [(first, last, {**ids, **account}) for first, last, ids in written]


def named(
    meters: Iterable[MeterRow], names: dict[tuple[Dimension, str], str]
) -> dict[int, dict[Dimension, tuple[str, ...]]]:
    """The ids of each meter's key and account. One that is counted with another is that other."""
    by_pk = {meter.pk: meter for meter in meters}
    with_others: dict[int, list[str]] = defaultdict(list)
    found: dict[int, dict[Dimension, tuple[str, ...]]] = {}
    for meter in by_pk.values():
        root = by_pk.get(meter.merged_into_id or meter.pk, meter)
        key = root.key or f"meter-{root.pk}"
        found[meter.pk] = {Dimension.KEY: (key,), Dimension.ACCOUNT: (str(root.pk),)}
        with_others[root.pk].append(meter.name if meter is not root else "")
    for pk, others in with_others.items():
        key, account = found[pk][Dimension.KEY][0], str(pk)
        names[Dimension.KEY, key] = names[Dimension.ACCOUNT, account] = _together(
            by_pk[pk].name, list(filter(None, others))
        )
    return found


def _meant(
    asked: Filter, meters: Iterable[MeterRow], accounts: Mapping[int, Mapping[Dimension, tuple[str, ...]]]
) -> Filter:
    """The filter by ids of those who count: a key that is counted with another is that other."""
    known: dict[str, str] = {}
    if asked.dimension in SINGLE:
        is_key = asked.dimension == Dimension.KEY
        own = {meter.pk: meter.key if is_key else str(meter.pk) for meter in meters}
        known = {own[pk]: ids[asked.dimension][0] for pk, ids in accounts.items() if own[pk]}
    ids = [known.get(plain(value), plain(value)) for value in asked.ids]
    return Filter.of(asked.dimension, ids, is_not=asked.is_not)


def _together(name: str, others: Sequence[str]) -> str:
    """The name of a key, with those of the keys whose account it counts too."""
    if not others:
        return name
    rest = len(others) - 1
    return f"{name} with {others[0]}" + (f" and {rest} more" if rest else "")


def _parts(
    meters: tuple[int, ...], dated: Iterable[Dated], by: tuple[Dimension, ...], filters: Sequence[Filter]
) -> Iterator[Part]:
    for first, last, ids in dated:
        if passes(ids, filters):
            yield Part(meters, first, last, groups_of(ids, by))


def passes(ids: Ids, filters: Sequence[Filter]) -> bool:
    """Tell whether what is known of a key passes all filters; of several labels one is enough."""
    return all(any(value in one.ids for value in ids[one.dimension]) != one.is_not for one in filters)


def groups_of(ids: Ids, by: Sequence[Dimension]) -> tuple[SeriesId, ...]:
    """The groups of a key: one, but for labels. What is no attribute of a key is an empty text."""
    return tuple(product(*(ids[one] if one in OF_KEYS else ("",) for one in by)))
