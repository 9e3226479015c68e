"""The state of a meter and the amounts of a knot as JSON values, and back."""

import json
from collections.abc import Mapping
from typing import Any

import orjson

from usage.ledger.polls import Poll
from usage.ledger.state import State, added, coverage_of, without_coverage
from usage.ledger.words import (
    OTHER_MODELS,
    UNATTRIBUTED,
    Amounts,
    LedgerKnot,
    PeriodSummary,
    Quality,
    SeriesKey,
    series_of,
    without_zeroes,
)

type Json = dict[str, Any]


class Decoder(json.JSONDecoder):
    """Reads what a JSON column holds, in a third of the time."""

    def decode(self, s: str, _w: object = None) -> Any:
        """Return the value of a JSON text."""
        return orjson.loads(s)


def dump_amounts(amounts: Mapping[SeriesKey, int]) -> Json:
    """{metric: {model: amount}}."""
    dumped: Json = {}
    for (model, metric), amount in amounts.items():
        dumped.setdefault(metric, {})[model] = amount
    return dumped


def load_amounts(dumped: Json) -> Amounts:
    """The amounts that `dump_amounts` wrote."""
    return {
        series_of(model, metric): amount
        for metric, models in dumped.items()
        for model, amount in models.items()
    }


def dump_period(period: PeriodSummary) -> Json:
    """What is known of a period when it opens; instants in microseconds since 1970 (UTC)."""
    return {
        "start": period.start,
        "told_start": period.told_start,
        "end": period.end,
        "opening": dump_amounts(period.opening),
        "exact": period.exact,
    }


def load_period(dumped: Json) -> PeriodSummary:
    """An open period; what it shares with its state is stored once, there."""
    start: int = dumped["start"]
    told_start: int = dumped.get("told_start", start)
    opening = load_amounts(dumped["opening"])
    return PeriodSummary(start, told_start, dumped["end"], opening, {}, start, exact=dumped["exact"])


def dump_poll(poll: Poll) -> Json:
    """An answer that waits for others to bear it out; instants and its interval in microseconds."""
    return {
        "at": poll.at,
        "asked": poll.asked,
        "start": poll.period_start,
        "end": poll.period_end,
        "totals": dict(poll.totals),
        "models": dump_amounts(poll.models),
        "interval": poll.interval,
    }


def load_poll(dumped: Json) -> Poll:
    """The answer that `dump_poll` wrote."""
    return Poll(
        dumped["at"],
        dumped["asked"],
        dumped["start"],
        dumped["end"],
        dumped["totals"],
        load_amounts(dumped["models"]),
        dumped["interval"],
    )


def dump_state(state: State) -> Json:
    """What follows from the rest is not written: amounts, where they are opening and counters, and seats,
    where they are those of all models.
    """
    dumped = {
        "at": state.at,
        "quality": str(state.quality),
        "polled_at": state.polled_at,
        "seen": state.seen,
        "period": dump_period(state.period),
        "counters": dump_amounts(state.counters),
        "coverage": dict(state.coverage),
        "pending": [dump_poll(poll) for poll in state.pending],
    }
    if state.is_ahead:
        dumped["amounts"] = dump_amounts(state.amounts)
    seats = dump_seats(state.seats, state.amounts)
    return dumped if seats is None else dumped | {"seats": seats}


def load_state(dumped: Json) -> State:
    """The state that `dump_state` wrote, in this version or an earlier one, whose words were fewer."""
    period, counters = load_period(dumped["period"]), load_amounts(dumped["counters"])
    at: int = dumped["at"]
    polled_at: int = dumped.get("polled_at", at)
    hidden = dumped.get("amounts")
    amounts = added(period.opening, counters) if hidden is None else load_amounts(hidden)
    return State(
        at,
        Quality(dumped.get("quality", Quality.MEASURED)),
        polled_at,
        dumped["seen"],
        period,
        amounts,
        counters,
        dumped["coverage"],
        load_seats(dumped.get("seats"), amounts),
        _load_pending(dumped["pending"]),
        hidden is not None,
    )


def _load_pending(dumped: Any) -> tuple[Poll, ...]:
    # Before a fall took half an hour to be believed, at most one poll waited: it stood alone.
    polls = dumped if isinstance(dumped, list) else [dumped] if dumped else []
    return tuple(map(load_poll, polls))


def dump_seats(seats: frozenset[str], amounts: Mapping[SeriesKey, int]) -> list[str] | None:
    """The seats, or None where they are those of all models that have an amount: of nearly every meter."""
    return None if seats == models_of(amounts) else sorted(seats)


def models_of(amounts: Mapping[SeriesKey, int]) -> frozenset[str]:
    """The models that have a line of their own."""
    return frozenset(series.model for series in amounts) - {UNATTRIBUTED, OTHER_MODELS}


def load_seats(dumped: list[str] | None, amounts: Mapping[SeriesKey, int]) -> frozenset[str]:
    """The seats that `dump_seats` wrote."""
    return models_of(amounts) if dumped is None else frozenset(dumped)


def state_at(knot: LedgerKnot, period: PeriodSummary) -> State:
    """The state after the poll that put a knot: nothing was pending then."""
    if not knot.firm:
        raise ValueError("A fold can be taken up only at a firm knot.")
    amounts, opening = without_coverage(knot.values), period.opening
    counters = without_zeroes(
        {series: amounts.get(series, 0) - opening.get(series, 0) for series in {*amounts, *opening}}
    )
    start = period.start
    resumed = PeriodSummary(start, period.told_start, knot.period_end, opening, {}, start, exact=knot.exact)
    return State(
        knot.at,
        knot.quality,
        knot.polled_at,
        knot.polled_at,
        resumed,
        amounts,
        counters,
        coverage_of(knot.values),
        knot.seats,
    )
