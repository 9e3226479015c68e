"""What a page may claim of its sum: about exactly the span, the meters and the series that are shown.

For each billing period that the span touches: what the provider last told of it, what is shown, and the time
at its end that nobody saw. "Matches the provider" is said of a sum that was compared, of nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from common.database.together import Reading
from teams.models import Team
from usage.claims import COUNT, Sureness, Unit
from usage.explore.proof.claim import NO_CLAIM, Agreement, Proof, Rose
from usage.explore.proof.told_periods import Counted, told_periods
from usage.explore.query.dimensions import Dimension
from usage.explore.query.spans import Span, Step
from usage.explore.reading.lapses import Lapse
from usage.explore.reading.numbers import BY_MODEL, Numbers
from usage.explore.reading.periods.past import Past
from usage.explore.reading.scope.series import REST, is_own
from usage.explore.sheet.block_rows import BlockRow
from usage.explore.sheet.labels import span_label
from usage.explore.sheet.marks import LATE, Mark
from usage.explore.sheet.tables import Row, Sheet
from usage.ledger import Quality
from usage.ledger.words import microseconds, moment
from usage.models.ledger.periods import NEVER
from usage.prices.coins import nearest

# A page tells of no more periods than this: the newest.
MOST_PROOFS = 6
# Where a span begins or ends in such time a straight line says how much lies on either side.
SPREAD_OVER = {Mark.INTERPOLATED, Mark.BEFORE_WATCHING}


def agreement(
    team: Team,
    numbers: Numbers,
    sheet: Sheet,
    drawn: Sheet,
    now: datetime,
    fallen: int = 0,
    money: str = "",
    past: Past | None = None,
    *,
    has_parts: bool = True,
) -> Reading[Agreement]:
    """What the sheet of some numbers may claim; `drawn` is the sheet without the series that are hidden,
    `fallen` how many counters fell just now. Of a cost, `money` is the metric of the ledger that tells it.
    Where no counter of the team began again within a period it does not have to be looked for (`has_parts`),
    and what is `past` may be summed up. One step, none where there is nothing to compare.
    """
    span, metric = sheet.span, money or numbers.metric
    if not _is_comparable(numbers, sheet, drawn):
        return NO_CLAIM
    models = _shown_models(numbers, sheet, drawn)
    asked = Counted(metric, is_money=bool(money), has_parts=has_parts, **models)
    told = yield from told_periods(team, numbers.meters, span.start, min(span.end, now), asked, past)
    rows = told[: MOST_PROOFS + 1]
    periods = [_Whole(row["began"], row["ended"] or NEVER) for row in rows]
    found = [
        Proof(
            period_label(row["began"], row["ended"], span),
            row["meters"],
            _in_coins(row["told"], numbers.unit) if money else row["told"],
            None if _overlaps(periods, place) else shown(drawn, periods[place], microseconds(now)),
            row["unattributed"],
            timedelta(microseconds=row["longest_tail"]),
            not row["inexact"],
            bool(row["resets"]),
            is_fallen=bool(fallen) and periods[place].end > microseconds(now),
            is_within=_holds(span, periods[place], now),
            unit=numbers.unit if money else COUNT,
            not_told=bool(row["not_told"]),
            here=None if _overlaps(periods, place) else _part(drawn, periods[place], microseconds(now)),
            is_tail_shown=_reaches(span, periods[place], row["longest_tail"]),
        )
        for place, row in enumerate(rows)
    ]
    is_covered = _cover(periods, microseconds(span.start), microseconds(min(span.end, now)))
    is_late = any(row.mark in LATE for row in sheet.rows)
    return Agreement(
        found[:MOST_PROOFS],
        numbers.metric,
        is_covered and len(found) <= MOST_PROOFS,
        is_late,
        is_least=is_covered and sheet.sureness == Sureness.AT_LEAST,
        is_fallen=bool(fallen) and span.end > now,
        has_own=any(column.is_local for column in drawn.columns),
        lapses=[lapse for row in told if (lapse := _lapse(row))],
        rose=_rose(numbers, sheet) if is_covered and len(told) <= MOST_PROOFS else Rose.NOT_SAID,
    )


def _rose(numbers: Numbers, sheet: Sheet) -> Rose:
    """Whether what is shown is all by which counters rose: nothing unseen, nothing told by another source."""
    if not sheet.total.is_known or numbers.seen[Quality.TOLD]:
        return Rose.NOT_SAID
    begun = [row for row in sheet.rows if row.mark != Mark.TO_COME]
    ends = {begun[0].mark, begun[-1].mark} if begun else set()
    return Rose.ABOUT if ends & SPREAD_OVER else Rose.EXACTLY


def _in_coins(millionths: int, unit: Unit) -> int:
    """What a provider tells of a cost, in the coins that pages show."""
    return nearest(int(millionths), 10 ** (6 - unit.places)) if unit.places < 6 else int(millionths)


def _lapse(row: Mapping[str, Any]) -> Lapse | None:
    if not row["lapsed"] or row["ended"] is None or row["resets"]:
        return None
    start, end = moment(row["ended"] - row["longest_tail"]), moment(row["ended"])
    names = tuple(dict.fromkeys((row["lapsed_first"], row["lapsed_last"])))
    return Lapse(start, end, row["lapsed_account"], names, row["lapsed"], row["began"])


class _Whole(NamedTuple):
    """A period in microseconds."""

    start: int
    end: int


def _is_comparable(numbers: Numbers, sheet: Sheet, drawn: Sheet) -> bool:
    """Tell whether providers tell just what is shown: not of raxdash's own ledger, nor of keys that filters
    leave on some days only, nor by anything but models of a part of the series.
    """
    is_part = drawn is not sheet and numbers.by != BY_MODEL
    is_mixed = numbers.overlaps and any(column.is_local for column in sheet.columns)
    return numbers.is_whole and not (numbers.is_own or is_part or is_mixed)


def _shown_models(numbers: Numbers, sheet: Sheet, drawn: Sheet) -> dict[str, tuple[str, ...]]:
    """Of which models the counters are to be added up: all, or those that are neither filtered nor hidden."""
    called, shown = numbers.names.found, [column.series for column in drawn.columns]
    hidden = [column.series for column in sheet.columns if column.series not in shown]
    told_hidden = [series for series in hidden if series != REST and not is_own(series)]
    without = [called[Dimension.MODEL, series[0]] for series in told_hidden]
    if REST in hidden:
        told = [series[0] for series in shown if not is_own(series)]
        return {"only": tuple(called[Dimension.MODEL, value] for value in told)}
    if numbers.models is not None:
        return {"only": tuple(sorted(numbers.models.difference(without)))}
    return {"without": tuple(without)} if without else {}


def _cover(periods: Iterable[_Whole], start: int, end: int) -> bool:
    """Tell whether periods leave no time of [start, end) beside them, of which nothing was told."""
    reached = start
    for period in sorted(periods):
        if period.start > reached:
            return False
        reached = max(reached, period.end)
    return reached >= end


def _overlaps(periods: Sequence[_Whole], place: int) -> bool:
    """Tell whether periods of other keys lie across one: then the page's sums are of both."""
    mine = periods[place]
    return any(
        other.start < mine.end and mine.start < other.end
        for number, other in enumerate(periods)
        if number != place
    )


def _holds(span: Span, period: _Whole, now: datetime) -> bool:
    """Tell whether all of a period lies in a span, as far as it has passed."""
    until = min(period.end, microseconds(now))
    return microseconds(span.start) <= period.start and until <= microseconds(span.end)


def shown(sheet: Sheet, period: _Whole, now: int) -> int | None:
    """What a sheet shows of a period up to `now`; None where it does not show all of it, or not by itself."""
    until = min(period.end, now)
    rows = [row for row in sheet.rows if period.start <= microseconds(row.start) < until]
    if not rows or microseconds(rows[0].start) != period.start:
        return None
    end = microseconds(rows[-1].end)
    if end != period.end if period.end <= now else end < now:
        return None
    within = [block for block in sheet.blocks if _is_within(block, period.start, end)]
    if any(block.is_cut for block in within):
        return None
    return sum(map(partial(_told, sheet), rows)) + sum(block.sum for block in within)


def _part(sheet: Sheet, period: _Whole, now: int) -> int | None:
    """What a sheet shows of the part of a period that lies within it; None where its buckets are cut."""
    start = max(period.start, microseconds(sheet.span.start))
    return shown(sheet, _Whole(start, min(period.end, microseconds(sheet.span.end))), now)


def _reaches(span: Span, period: _Whole, tail: int) -> bool:
    """Tell whether time at the end of a period, which nobody saw, lies in a span."""
    return period.end - tail < microseconds(span.end) and microseconds(span.start) < period.end


def _told(sheet: Sheet, row: Row) -> int:
    """What providers told of a bucket, each token once."""
    if row.used is not None:
        return row.used
    pairs = zip(sheet.columns, row.amounts, strict=True)
    return sum(amount.certain for column, amount in pairs if not column.is_local)


def _is_within(block: BlockRow, start: int, end: int) -> bool:
    """Tell whether a block lies in a period; one that is joined of several may reach over its edge."""
    middle = (microseconds(block.start) + microseconds(block.end)) // 2
    return start <= middle < end


def period_label(start: int, end: int | None, span: Span) -> str:
    """The days of a period in the words of the page; where it has no end yet, since when."""
    if end is None:
        begin = moment(start).astimezone(span.zone)
        return f"since {begin:%-d %b %Y}"
    return span_label(Span(moment(start), moment(end), Step.DAY, span.zone))
