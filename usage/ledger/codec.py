"""The state of a meter and the amounts of a knot as JSON values, and back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from usage.ledger.words import COVERAGE, Amounts, LedgerKnot, PeriodSummary, Poll, SeriesKey, State, series_of

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
    return {
        series_of(model, metric): amount
        for metric, models in dumped.items()
        for model, amount in models.items()
    }


def dump_period(period: PeriodSummary) -> Json:
    return {
        "start": period.start,
        "end": period.end,
        "opening": dump_amounts(period.opening),
        "exact": period.exact,
    }


def load_period(dumped: Json, counters: Amounts, last_at: int) -> PeriodSummary:
    """An open period; what it shares with its state is stored once."""
    opening = load_amounts(dumped["opening"])
    return PeriodSummary(dumped["start"], dumped["end"], opening, counters, last_at, exact=dumped["exact"])


def dump_poll(poll: Poll) -> Json:
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
    """The base is the period's opening, so it is written once."""
    return {
        "at": state.at,
        "seen": state.seen,
        "period": dump_period(state.period),
        "counters": dump_amounts(state.counters),
        "coverage": dict(state.coverage),
        "pending": dump_poll(state.pending) if state.pending else None,
    }


def load_state(dumped: Json) -> State:
    counters = load_amounts(dumped["counters"])
    period = load_period(dumped["period"], counters, dumped["at"])
    pending = load_poll(dumped["pending"]) if dumped["pending"] else None
    return State(
        dumped["at"], dumped["seen"], period, dict(period.opening), counters, dumped["coverage"], pending
    )


def state_at(knot: LedgerKnot, period: PeriodSummary) -> State:
    """The state after the poll that put a knot: nothing was pending then."""
    if not knot.firm:
        raise ValueError("A fold can be taken up only at a firm knot.")
    opening = period.opening
    amounts = {series: value for series, value in knot.values.items() if series.metric != COVERAGE}
    counters = {
        series: amounts.get(series, 0) - opening.get(series, 0)
        for series in {*amounts, *opening}
        if amounts.get(series, 0) != opening.get(series, 0)
    }
    coverage = {series.model: value for series, value in knot.values.items() if series.metric == COVERAGE}
    resumed = replace(
        period, end=knot.period_end, counters=counters, last_at=knot.at, tail=0, superseded=False
    )
    return State(knot.at, knot.at, resumed, dict(opening), counters, coverage)
