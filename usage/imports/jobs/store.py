"""The days of an import as rows: written, let count, taken out; each of it bounded, and of one meter."""

from collections.abc import Iterable
from typing import NamedTuple, Self

from django.db.models import Exists, OuterRef

from usage.books import told_days
from usage.books.told_days import ToldDayRow
from usage.imports.files.days import Told
from usage.imports.jobs.effect import Effect, effect_of
from usage.imports.jobs.ranges import DayTold
from usage.ledger import REQUESTS, TOKENS
from usage.ledger.words import OTHER_MODELS
from usage.models import Import, LocalUsage, Meter, Quarter, Series, Stretch, TeamModel, ToldDay

# In which what there is of an import goes.
LEAVING = (Import.State.UNDOING, Import.State.DISCARDING)


class FileDay(NamedTuple):
    """A day of a file, as it is kept until it is a row."""

    meter_id: int
    start: int
    end: int
    total_tokens: int
    total_requests: int
    breakdown: dict[str, list[int]]
    tells_tokens: bool
    tells_requests: bool
    cost: int | None = None
    cost_metric: str = ""

    @classmethod
    def of(cls, day: Told) -> Self:
        """A day as it was read."""
        totals = day.total(TOKENS), day.total(REQUESTS)
        told = day.tells(TOKENS), day.tells(REQUESTS)
        cost = [(day.total(metric), metric) for metric in day.currencies[:1]]
        return cls(day.meter, day.start, day.end, *totals, day.breakdown(), *told, *(cost[0] if cost else ()))


def write_file(origin: Import, days: Iterable[FileDay]) -> None:
    """Keep days of a file; they do not count yet."""
    told_days.write(
        ToldDayRow(
            **day._asdict(),
            source=origin.source,
            told_at=origin.created_at,
            origin_id=origin.pk,
            is_counted=False,
        )
        for day in days
    )


def write_range(origin: Import, meter: Meter, days: Iterable[DayTold]) -> None:
    """Keep days that a provider told of a meter; they do not count yet."""
    zone = origin.team.quota_zone
    told_days.write(
        ToldDayRow(
            meter.pk,
            *day.span(zone),
            total_tokens=day.tokens or 0,
            total_requests=day.requests or 0,
            breakdown={
                model: [tokens or 0, requests or 0] for model, (tokens, requests) in day.models.items()
            },
            source=origin.source,
            told_at=origin.created_at,
            tells_tokens=day.tokens is not None,
            tells_requests=day.requests is not None,
            cost=day.cost,
            cost_metric=day.cost_metric,
            origin_id=origin.pk,
            is_counted=False,
        )
        for day in days
    )


def roots_of(origin: Import) -> list[int]:
    """The meters that count the accounts of those of an import's days that are still to be dealt with."""
    days = origin.days.all() if origin.state in LEAVING else origin.days.filter(is_counted=False)
    pairs = days.values_list("meter", "meter__merged_into").order_by().distinct()
    return sorted({root or meter for meter, root in pairs})


def effect_on(origin: Import, root: Meter) -> Effect:
    """What an import's days change of an account, where they do not count yet."""
    new = ToldDay.objects.waiting(root.pk, origin.pk)
    return effect_of(
        told_days.holes_of(root),
        told_days.days_of(root),
        (day.as_ledger() for day in new),
        told_days.first_knot(root),
    )


def let_count(origin: Import, root: Meter) -> Effect:
    """Let an import's days of an account count; return what that changed. Call it in a transaction."""
    meters = Meter.objects.filter(pk__in=root.account_ids())
    with told_days.told_anew(meters):
        changed = effect_on(origin, root)
        origin.days.filter(meter__in=meters).update(is_counted=True)
    return changed


def take_out(origin: Import, root: Meter) -> None:
    """Forget an import's days of an account, whether they counted or not. Call it in a transaction."""
    meters = Meter.objects.filter(pk__in=root.account_ids())
    days = origin.days.filter(meter__in=meters)
    models = {model for breakdown in days.values_list("breakdown", flat=True) for model in breakdown}
    with told_days.told_anew(meters):
        days.delete()
    forget_models(root, models)


def forget_models(root: Meter, models: set[str]) -> None:
    """Forget those of some models of which a team is told nothing any more. Call it with the team locked."""
    amounts = Stretch.objects.filter(meter=root).values_list("amounts", flat=True)
    # A file may name very many, of which few got a series.
    there = set(Series.objects.filter(meter=root).values_list("model", flat=True))
    gone = (models | {OTHER_MODELS}) & there
    gone -= {model for told in amounts for of_metric in told.values() for model in of_metric}
    used = Quarter.objects.filter(series=OuterRef("pk"))
    Series.objects.filter(~Exists(used), meter=root, model__in=gone).delete()
    told = Series.objects.filter(meter__team=root.team_id, model=OuterRef("model"))
    run = LocalUsage.objects.filter(team=root.team_id, model=OuterRef("model"))
    TeamModel.objects.filter(~Exists(told), ~Exists(run), team=root.team_id, model__in=gone).delete()
