"""The table of each key's own billing period: what was used in it, as a bar beside those of the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from usage.explore.query.dimensions import Dimension
from usage.explore.query.periods import Period
from usage.explore.query.query import Query
from usage.explore.reading.periods.billing import OwnPeriod


@dataclass(frozen=True, slots=True)
class OwnRow:
    """The own period of some keys; `address` asks about that time alone. Of what is counted its bar is so
    wide, of 100 of the longest, and it is such a percentage of all; None where there is no whole.
    """

    period: OwnPeriod
    address: str
    width: float
    percentage: float | None


def own_days(query: Query, periods: Sequence[OwnPeriod], today: date, zone: ZoneInfo) -> str:
    """The question of all keys' days since the first of the periods began, which has bars."""
    first = min((period.start for period in periods), default=None)
    since = first.astimezone(zone).date() if first else today
    return query.address(period=Period.between(since, max(since, today)), by=(Dimension.KEY,), step=None)


def own_rows(query: Query, periods: Sequence[OwnPeriod]) -> Iterator[OwnRow]:
    """A row for each of the periods, which all know what the question counts."""
    metric = query.measure.value
    amounts = [period.amounts[metric].certain for period in periods]
    whole = sum(amounts) if min(amounts, default=0) >= 0 else 0
    longest = max(map(abs, amounts), default=0) or 1
    for period, amount in zip(periods, amounts, strict=True):
        yield OwnRow(
            period,
            query.address(anchor=str(period.account)),
            max(100 * amount / longest, 0.0),
            period.amounts[metric].percentage_of(whole),
        )
