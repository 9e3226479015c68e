"""Questions, calendars and zones: those of a Monday at noon, and some to draw at random."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from usage.explore.query.comparison import LABELS, Comparison
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.query.measures import Measure
from usage.explore.query.periods import LABELS as NAMES
from usage.explore.query.periods import Period
from usage.explore.query.placed import Placed
from usage.explore.query.query import Query, View, in_order
from usage.explore.query.reader import read_query
from usage.explore.query.steps import Step
from usage.explore.query.team_time import BillingPeriod, TeamTime

NOON = datetime(2026, 11, 23, 12, 7, tzinfo=UTC)
# Half and three quarters of an hour, midnights and a day that clocks skip, changes of 30 minutes.
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "America/St_Johns",
]
UTC_ZONE, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
A_KEY = "0199a7c2-6b1e-7c3a-9d53-1f0c7b7a5e11"


def at(year: int, month: int, day: int, hour: int = 0) -> datetime:
    """A moment in UTC."""
    return datetime(year, month, day, hour, tzinfo=UTC)


days = st.dates(date(2000, 1, 1), date(2040, 1, 1))
instants = st.integers(0, 30 * 366 * 96).map(
    lambda quarters: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters)
)
names = st.sampled_from([*NAMES, "7d", "30d", "90d", "14d", "1d", "12m", "1m", "3m"])
stepped = st.sampled_from(["24h", "today", "week", "month", "quarter", "year", "7d", "30d", "12m", "billing"])
pairs = st.tuples(days, days).map(sorted)
periods = st.one_of(
    st.builds(Period, names),
    st.builds(Period, stepped, until=days | instants),
    pairs.map(lambda pair: Period.between(*pair)),
    st.builds(Period.between, days, st.none()),
    st.builds(Period.between, st.none(), days),
    st.tuples(instants, instants).map(lambda pair: Period.between(*sorted(pair))),
)
comparisons = st.one_of(
    st.builds(Comparison, st.sampled_from(list(LABELS))),
    pairs.map(lambda pair: Comparison.with_days(*pair)),
)


def ids_of(dimension: Dimension) -> st.SearchStrategy[str]:
    words = st.sampled_from(["none", "others", "own-2"])
    numbers = st.integers(1, 10**17).map(str)
    texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200)
    shapes = {
        Dimension.KEY: st.uuids().map(str) | words,
        Dimension.PROJECT: texts.map("={}".format) | words,
        Dimension.SOURCE: st.sampled_from(["playground", "suite", "api_call"]),
    }
    return shapes.get(dimension, numbers | words)


filters = st.sampled_from(list(Dimension)).flatmap(
    lambda dimension: st.builds(
        lambda ids, is_not: Filter.of(dimension, ids, is_not=is_not),
        st.lists(ids_of(dimension), min_size=1, max_size=5),
        st.booleans(),
    )
)
many_filters = st.lists(filters, max_size=4, unique_by=lambda each: (each.dimension, each.is_not))
queries = st.builds(
    Query,
    measure=st.sampled_from(list(Measure)),
    by=st.lists(st.sampled_from(list(Dimension)), min_size=1, max_size=2, unique=True).map(tuple),
    filters=many_filters.map(in_order),
    period=periods,
    step=st.none() | st.sampled_from(list(Step)),
    compare=st.none() | comparisons,
    view=st.sampled_from(list(View)),
    anchor=st.just("") | st.integers(1, 10**6).map(str),
    is_complete_only=st.booleans(),
    attributes_of_today=st.booleans(),
    hidden=st.lists(
        st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40),
        max_size=5,
        unique=True,
    ).map(tuple),
)


def months(now: datetime) -> tuple[BillingPeriod, ...]:
    """Billing periods of whole months in UTC, newest first."""
    starts = [now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)]
    while len(starts) < 4:
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    ends = [(starts[0] + timedelta(days=32)).replace(day=1), *starts]
    return tuple(map(BillingPeriod, starts, ends))


# A Monday at 12:07; last week's Monday was the 16th.
TIME = TeamTime(UTC_ZONE, NOON, billing=months(NOON))


def placed(address: str, time: TeamTime = TIME) -> Placed:
    """The question of an address, in a calendar."""
    return Placed.of(read_query(parse_qs(address))[0], time)


BETWEEN = datetime(2005, 2, 1), datetime(2039, 12, 1)  # noqa: DTZ001  they are told below that they are UTC
moments = st.datetimes(*BETWEEN).map(lambda at: at.replace(tzinfo=UTC))
calendars = st.builds(
    lambda zone, now, week_start, knows: TeamTime(
        ZoneInfo(zone), now, week_start, billing=months(now) if knows else ()
    ),
    st.sampled_from(ZONES),
    moments,
    st.integers(0, 6),
    st.booleans(),
)
