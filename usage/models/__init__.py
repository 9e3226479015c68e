"""What was polled, what follows from it, and what raxdash itself used."""

from usage.models.catalogue import CatalogueModel, CatalogueModelQuerySet, ModelChange
from usage.models.limiter import LimiterWindow, RateSample
from usage.models.local import LocalUsage, LocalUsageQuerySet
from usage.models.meters import Meter, MeterQuerySet, RawPoll, RawPollQuerySet
from usage.models.records import Annotation, AnnotationQuerySet, Knot, KnotQuerySet, Period, PeriodQuerySet
from usage.models.rollups import Calendar, Day, Quarter, Series, SeriesQuerySet, TeamDay, TeamQuarter

__all__ = [
    "Annotation",
    "AnnotationQuerySet",
    "Calendar",
    "CatalogueModel",
    "CatalogueModelQuerySet",
    "Day",
    "Knot",
    "KnotQuerySet",
    "LimiterWindow",
    "LocalUsage",
    "LocalUsageQuerySet",
    "Meter",
    "MeterQuerySet",
    "ModelChange",
    "Period",
    "PeriodQuerySet",
    "Quarter",
    "RateSample",
    "RawPoll",
    "RawPollQuerySet",
    "Series",
    "SeriesQuerySet",
    "TeamDay",
    "TeamQuarter",
]
