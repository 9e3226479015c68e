"""What the attributes of keys were, day by day, for groups, budgets and reports."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Self, TypedDict
from uuid import UUID

from teams.models import ALWAYS, Attributes, Key, KeyAttributes, Label, Owner, Terms, User


class Changes(TypedDict, total=False):
    """Some of a key's attributes, as they are to be."""

    owner: Owner | None
    project: str
    labels: tuple[Label, ...]
    terms: Terms


@dataclass(frozen=True, slots=True)
class Dated:
    """Attributes, and the local day from which they are valid."""

    valid_from: date
    attributes: Attributes

    @property
    def since(self) -> str:
        """The day in words: `always` for the first of a key."""
        return "always" if self.valid_from == ALWAYS else f"{self.valid_from:%-d %b %Y}"

    def __str__(self) -> str:
        told = self.attributes
        labels = ", ".join(label.name for label in told.labels)
        parts = {
            "plan": told.plan.label,
            "owner": told.owner.name if told.owner else "",
            "project": told.project,
            "labels": labels,
        }
        return f"since {self.since}: " + ", ".join(f"{name} {said}" for name, said in parts.items() if said)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A key's attributes from a first day on; the oldest come first, and one at least is there."""

    entries: tuple[Dated, ...]

    @classmethod
    def of(cls, key: Key) -> Self:
        """Return the timeline of a key that is nothing but what its own columns say."""
        return cls((Dated(ALWAYS, Attributes(Owner.of(key.owner), key.project, (), key.terms())),))

    @property
    def newest(self) -> Attributes:
        """The attributes as they are now."""
        return self.entries[-1].attributes

    def on(self, day: date) -> Attributes:
        """Return the attributes of a local day; for one before the first entry, those of the first."""
        place = bisect_right(self.entries, day, key=lambda entry: entry.valid_from)
        return self.entries[max(place - 1, 0)].attributes

    def between(self, first: date, last: date) -> Iterator[tuple[date, date, Attributes]]:
        """Cut the days from `first` to `last`, both included, into spans of the same attributes."""
        inside = [entry.valid_from for entry in self.entries if first < entry.valid_from <= last]
        for start, end in pairwise([first, *inside, last + timedelta(days=1)]):
            yield start, end - timedelta(days=1), self.on(start)

    def differences(self, changes: Changes) -> Changes:
        """Return those of the changes that say something else than what is valid now."""
        given = {name: value for name, value in changes.items() if getattr(self.newest, name) != value}
        return Changes(**given)  # type: ignore[typeddict-item]

    def changed(self, since: date, changes: Changes) -> Self:
        """Return a timeline where `changes` are valid from `since` on, and all else is as it was."""
        days = sorted({entry.valid_from for entry in self.entries} | {since})
        entries = [
            Dated(day, replace(self.on(day), **changes) if day >= since else self.on(day)) for day in days
        ]
        return type(self)(tuple(without_repeats(entries)))


def without_repeats(entries: Iterable[Dated]) -> Iterator[Dated]:
    """Leave out the entries that say what the one before them said."""
    before: Attributes | None = None
    for entry in entries:
        if entry.attributes != before:
            yield entry
        before = entry.attributes


def timeline(key: Key) -> Timeline:
    """Return all that is known of a key's attributes."""
    return timelines([key])[key.pk]


def timelines(keys: Iterable[Key], first: date = ALWAYS, last: date = date.max) -> dict[UUID, Timeline]:
    """Return the timelines of these keys, by their ids, as far as the local days from `first` to `last` need.

    Two queries and a look at the owners' names, however many keys; a key without rows is as its columns say.
    With a single day as `first` and `last` every day is answered with the attributes of that one.
    """
    keys = list(keys)
    found = stored([key.pk for key in keys], first, last)
    return {key.pk: found.get(key.pk) or Timeline.of(key) for key in keys}


def stored(key_ids: Iterable[UUID], first: date = ALWAYS, last: date = date.max) -> dict[UUID, Timeline]:
    """Return the timelines that are written down, by the ids of their keys."""
    found = KeyAttributes.objects.filter(key__in=list(key_ids)).during(first, last)
    rows = list(found.prefetch_related("labels").order_by("key", "valid_from"))
    people = User.objects.in_bulk({row.owner_id for row in rows if row.owner_id is not None})
    entries: dict[UUID, list[Dated]] = {}
    for row in rows:
        # People are called as they are now; who has no account any more, as then.
        row.owner_name = str(people.get(row.owner_id, row.owner_name))
        entries.setdefault(row.key_id, []).append(Dated(row.valid_from, row.values()))
    return {key_id: Timeline(tuple(of_key)) for key_id, of_key in entries.items()}
