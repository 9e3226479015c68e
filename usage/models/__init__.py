"""What was polled, what follows from it, and what raxdash itself used."""

from usage.models.catalogue import (
    CatalogueModel,
    CatalogueModelQuerySet,
    ModelChange,
    ModelChangeQuerySet,
    ModelOffer,
    ModelOfferQuerySet,
)
from usage.models.exports import Export, ExportQuerySet
from usage.models.frozen import FrozenReport, FrozenReportQuerySet
from usage.models.hosts import Host, HostQuerySet, PollBatch, PollBatchQuerySet
from usage.models.imports import DateRangeAnswer, Import, ImportFile, ImportQuerySet
from usage.models.ledger.annotations import Annotation, AnnotationGroup, AnnotationQuerySet
from usage.models.ledger.knots import Knot, KnotQuerySet
from usage.models.ledger.periods import Period, PeriodQuerySet
from usage.models.ledger.stretches import Stretch, StretchQuerySet
from usage.models.limiter import LimiterWindow, RateSample
from usage.models.local import LocalUsage, LocalUsageQuerySet
from usage.models.meters.facts import Facts
from usage.models.meters.meter import Meter, MeterQuerySet
from usage.models.notes import Note, NoteQuerySet
from usage.models.polls import (
    ModelListing,
    ModelListingQuerySet,
    PollBody,
    PollBodyQuerySet,
    RawPoll,
    RawPollQuerySet,
)
from usage.models.prices import Price, PriceList, PriceQuerySet
from usage.models.resets import CounterReset, CounterResetQuerySet
from usage.models.rollups.cohorts import Cohort, CohortDay, CohortQuarter, SettledDay
from usage.models.rollups.past import PastSums
from usage.models.rollups.series import Day, Quarter, Series, SeriesQuerySet
from usage.models.rollups.teams import Calendar, TeamDay, TeamModel, TeamQuarter
from usage.models.saved_views import SavedView, SavedViewQuerySet
from usage.models.sharing import SharingSuggestion, SharingSuggestionQuerySet
from usage.models.told_days import ToldDay, ToldDayQuerySet

__all__ = [
    "Annotation",
    "AnnotationGroup",
    "AnnotationQuerySet",
    "Calendar",
    "CatalogueModel",
    "CatalogueModelQuerySet",
    "Cohort",
    "CohortDay",
    "CohortQuarter",
    "CounterReset",
    "CounterResetQuerySet",
    "DateRangeAnswer",
    "Day",
    "Export",
    "ExportQuerySet",
    "Facts",
    "FrozenReport",
    "FrozenReportQuerySet",
    "Host",
    "HostQuerySet",
    "Import",
    "ImportFile",
    "ImportQuerySet",
    "Knot",
    "KnotQuerySet",
    "LimiterWindow",
    "LocalUsage",
    "LocalUsageQuerySet",
    "Meter",
    "MeterQuerySet",
    "ModelChange",
    "ModelChangeQuerySet",
    "ModelListing",
    "ModelListingQuerySet",
    "ModelOffer",
    "ModelOfferQuerySet",
    "Note",
    "NoteQuerySet",
    "PastSums",
    "Period",
    "PeriodQuerySet",
    "PollBatch",
    "PollBatchQuerySet",
    "PollBody",
    "PollBodyQuerySet",
    "Price",
    "PriceList",
    "PriceQuerySet",
    "Quarter",
    "RateSample",
    "RawPoll",
    "RawPollQuerySet",
    "SavedView",
    "SavedViewQuerySet",
    "Series",
    "SeriesQuerySet",
    "SettledDay",
    "SharingSuggestion",
    "SharingSuggestionQuerySet",
    "Stretch",
    "StretchQuerySet",
    "TeamDay",
    "TeamModel",
    "TeamQuarter",
    "ToldDay",
    "ToldDayQuerySet",
]
