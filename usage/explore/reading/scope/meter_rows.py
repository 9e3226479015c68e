"""A team's meters as questions need them: rows of hundreds, of which few are looked at closely."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, CharField, F, QuerySet, StringAgg, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from teams.models import Team
from usage.models import Meter
from usage.models.meters.lateness import is_watched

# From when to when a meter was watched, as text.
WATCHED = "since", "until"
# Of each key it is asked several times.
_uuid = lru_cache(maxsize=4_096)(UUID)


class MeterRow(NamedTuple):
    """A meter that counts, or is being taken off one that does. Of hundreds few are asked for more: what is
    `told` of them stays the database's text until then.
    """

    pk: int
    merged_into_id: int | None
    name: str
    owner_id: int | None
    project: str | None
    owner: str | None
    told_key: str | None
    told_since: str | None
    told_until: str | None

    @property
    def pks(self) -> tuple[int, ...]:
        """The meter alone."""
        return (self.pk,)

    @property
    def key_id(self) -> UUID | None:
        """Its key, if that is still there."""
        return _uuid(self.told_key) if self.told_key else None

    @property
    def key(self) -> str:
        """The same as addresses have it; empty where there is none."""
        return _key(self.told_key) if self.told_key else ""

    @property
    def since(self) -> datetime | None:
        """Since when it was watched."""
        return _instant(self.told_since)

    @property
    def until(self) -> datetime | None:
        """Until when it was watched, None while it is."""
        return _instant(self.told_until)


class Alike(NamedTuple):
    """Meters that are alike in all that is asked of them where keys are not told apart."""

    owner_id: int | None
    project: str | None
    told_since: str | None
    told_until: str | None
    told_pks: str

    @property
    def pks(self) -> tuple[int, ...]:
        """The meters, oldest first."""
        return tuple(sorted(map(int, self.told_pks.split(","))))

    @property
    def since(self) -> datetime | None:
        """Since when they were watched."""
        return _instant(self.told_since)

    @property
    def until(self) -> datetime | None:
        """Until when they were watched, None while they are."""
        return _instant(self.told_until)


@lru_cache(maxsize=4_096)
def _key(told: str) -> str:
    # SQLite keeps the digits alone.
    return str(UUID(told))


@lru_cache(maxsize=4_096)
def _instant(told: str | None) -> datetime | None:
    # SQLite keeps UTC, and does not say so.
    return datetime.fromisoformat(told).replace(tzinfo=UTC) if told else None


def meter_rows(team: Team) -> QuerySet[Meter, tuple[Any, ...]]:
    """The team's meters, oldest first, in the columns of `MeterRow`."""
    key = Cast("key_id", TextField())
    owner = Coalesce(NullIf("key__owner__name", Value("")), "key__owner__email", output_field=CharField())
    named = (
        _watched(team).order_by("pk").annotate(called=Coalesce("key__name", "name"), owner=owner, told=key)
    )
    return named.values_list(
        "pk", "merged_into_id", "called", "key__owner_id", "key__project", "owner", "told", *WATCHED
    )


def alike_rows(team: Team) -> QuerySet[Meter, tuple[Any, ...]]:
    """The same meters in the columns of `Alike`: a few rows, however many there are."""
    alike = _watched(team).order_by().values_list("key__owner_id", "key__project", *WATCHED)
    return alike.annotate(pks=StringAgg(Cast("pk", TextField()), Value(",")))


def _watched(team: Team) -> QuerySet[Meter]:
    until = Case(When(is_watched(), then=None), default=F("watched_until"))
    watched = Meter.objects.counted().filter(team=team).annotate(ended=until)
    return watched.annotate(since=Cast("watched_from", TextField()), until=Cast("ended", TextField()))
