"""Which meters, and which of raxdash's own lines, a question's filters let through.

A filter by an attribute of keys lets a meter through where its key had it on some day of the span; of own
lines those of the days on which it had it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Case, Q, QuerySet, When

from common.database.together import Reading, ask
from teams.models import Key, KeyAttributes, Team
from usage.explore.query.dimensions import UUID as UUID_SHAPE
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.query.spans import midnight
from usage.explore.reading.scope.admitted import Admitted
from usage.explore.reading.scope.series import DATED, NONE, Models, plain
from usage.models import Meter, TeamModel

KEY = re.compile(UUID_SHAPE)


@dataclass(frozen=True, slots=True)
class Days:
    """Local days of a team, both included. The attributes of keys are those of each, or those of `today`."""

    first: date
    last: date
    zone: ZoneInfo
    today: date | None = None

    @property
    def rows(self) -> tuple[date, date]:
        """The first and the last day of which attributes are asked."""
        return (self.today, self.today) if self.today else (self.first, self.last)


def meters_of(filters: Sequence[Filter], days: Days) -> Q:
    """A condition on meters that count accounts: those that the filters let through."""
    condition = Q()
    for each in filters:
        if each.dimension == Dimension.KEY:
            condition &= _either(each, _counting(key__in=_keys(each)) | Q(pk__in=_keyless(each), key=None))
        elif each.dimension == Dimension.ACCOUNT:
            condition &= _either(each, _counting(pk__in=numbers(each)))
        elif each.dimension in DATED:
            keyless = Q(key=None) if each.admits(NONE) else Q(pk__in=[])
            condition &= Q(key__in=_with_attribute(each, days)) | keyless
    return condition


def series_of(team: Team, filters: Sequence[Filter]) -> Reading[dict[str, list[str]]]:
    """Of which models amounts are to be added up, as `SumOfModels` takes it. One step at most."""
    ids = {number for each in filters if each.dimension == Dimension.MODEL for number in numbers(each)}
    named = TeamModel.objects.filter(team=team, pk__in=ids).values_list("pk", "model")
    admitted = Admitted.of(filters, Models.of((yield from ask(named)) if ids else ()))
    names = admitted.sorted_names
    if names is None:
        return {}
    return {"without" if admitted.left_out else "only": names}


def lines_of(team: Team, filters: Sequence[Filter], days: Days, models: Mapping[str, Sequence[str]]) -> Q:
    """A condition on raxdash's own lines: those that the filters let through, which leave some `models`. One
    query at most.
    """
    condition = Q()
    for each in filters:
        match each.dimension:
            case Dimension.MEMBER:
                condition &= _either(each, Q(member_id__in=numbers(each)) | _none(each, "member_id"))
            case Dimension.SOURCE:
                condition &= _either(each, Q(source__in=each.ids))
            case Dimension.KEY:
                condition &= _either(each, Q(key__in=_keys(each)) | _none(each, "key"))
            case Dimension.ACCOUNT:
                ids = numbers(each)
                meter = Q(key__meter__in=ids, key__meter__merged_into=None)
                condition &= _either(each, meter | Q(key__meter__merged_into__in=ids))
    if models:
        condition &= Q(model__in=models["only"]) if "only" in models else ~Q(model__in=models["without"])
    attributes = [each for each in filters if each.dimension in DATED]
    return condition & _on_their_days(team, attributes, days) if attributes else condition


def _counting(**which: Any) -> Q:
    """The meters of this kind, and those that others of it are counted with."""
    return Q(**which) | Q(
        pk__in=Meter.objects.filter(**which).exclude(merged_into=None).values("merged_into")
    )


def _either(each: Filter, condition: Q) -> Q:
    return ~condition if each.is_not else condition


def _none(each: Filter, column: str) -> Q:
    return Q(**{column: None}) if NONE in each.ids else Q(pk__in=[])


def numbers(each: Filter) -> list[int]:
    """The ids of a filter that are numbers."""
    return [int(value) for value in map(plain, each.ids) if value.isdecimal() and len(value) < 19]


def _keys(each: Filter) -> list[UUID]:
    return [UUID(value) for value in map(plain, each.ids) if KEY.fullmatch(value)]


def _keyless(each: Filter) -> list[int]:
    found = (value.removeprefix("meter-") for value in map(plain, each.ids) if value.startswith("meter-"))
    return [int(number) for number in found if number.isdecimal() and len(number) < 19]


def _with_attribute(each: Filter, days: Days) -> QuerySet[Any]:
    """The keys that a filter lets through on some day; one without dated rows is as its columns say."""
    rows = KeyAttributes.objects.during(*days.rows).filter(_row(each))
    undated = Key.objects.filter(attributes=None).filter(_columns(each))
    return Key.objects.filter(Q(pk__in=rows.values("key")) | Q(pk__in=undated.values("pk"))).values("pk")


def _row(each: Filter) -> Q:
    """A condition on the dated rows of keys."""
    match each.dimension:
        case Dimension.OWNER:
            condition = Q(owner_id__in=numbers(each)) | _none(each, "owner_id")
        case Dimension.PROJECT:
            condition = Q(project__in=_texts(each))
        case _:
            labelled = KeyAttributes.labels.through.objects.all()
            having = labelled.filter(label__in=numbers(each)).values("keyattributes")
            condition = Q(pk__in=having)
            if NONE in each.ids:
                condition |= ~Q(pk__in=labelled.values("keyattributes"))
    return _either(each, condition)


def _columns(each: Filter) -> Q:
    """The same of a key's own columns: it has no labels."""
    match each.dimension:
        case Dimension.OWNER:
            return _either(each, Q(owner__in=numbers(each)) | _none(each, "owner"))
        case Dimension.PROJECT:
            return _either(each, Q(project__in=_texts(each)))
    return Q() if each.admits(NONE) else Q(pk__in=[])


def _texts(each: Filter) -> list[str]:
    texts = [value.removeprefix("=") for value in each.ids if value.startswith("=")]
    return [*texts, *([""] if NONE in each.ids else [])]


def _on_their_days(team: Team, attributes: Sequence[Filter], days: Days) -> Q:
    """The lines of the days on which their keys had what the filters ask for."""
    all_rows, of_columns = Q(), Q()
    for each in attributes:
        all_rows &= _row(each)
        of_columns &= _columns(each)
    passes = Case(When(all_rows, then=True), default=False, output_field=BooleanField())
    rows = KeyAttributes.objects.filter(key__team=team).during(*days.rows)
    dated: dict[UUID, list[tuple[date, bool]]] = defaultdict(list)
    for key_id, since, is_in in (
        rows.annotate(is_in=passes).order_by("valid_from").values_list("key", "valid_from", "is_in")
    ):
        dated[key_id].append((days.first if days.today else since, is_in))
    undated = Key.objects.filter(team=team, attributes=None).filter(of_columns)
    keyless = Q(key=None) if all(each.admits(NONE) for each in attributes) else Q(pk__in=[])
    condition = keyless | Q(key__in=undated.values("pk"))
    for key_id, spells in dated.items():
        for first, last in _spells(spells, days):
            start, end = midnight(first, days.zone), midnight(last + timedelta(days=1), days.zone)
            condition |= Q(key=key_id, at__gte=start, at__lt=end)
    return condition


def _spells(rows: Sequence[tuple[date, bool]], days: Days) -> Iterator[tuple[date, date]]:
    """The days, first and last, on which a key passes: `rows` say from when on it does, or does not."""
    for place, (since, is_in) in enumerate(rows):
        following = rows[place + 1][0] - timedelta(days=1) if place + 1 < len(rows) else days.last
        first, last = max(since, days.first), min(following, days.last)
        if is_in and first <= last:
            yield first, last
