"""Background load: what a key spends elsewhere, as a pure function of time, exact to the token.

Every hour of every model has a whole number of tokens, drawn from a seed, a shape of the week and an average.
Inside an hour the tokens come evenly, or where a load is bursty, evenly inside each quarter of it. Usage
between two instants is a difference of positions on that line, so parts add up to the whole, and an answer
for any past instant costs the same as one for now.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
from typing import Literal, NamedTuple

from rax.simulator.clock import microseconds

HOUR = 3_600_000_000
QUARTER = HOUR // 4
DAY = 24 * HOUR
THURSDAY = 3  # 1970-01-01, counted from Monday

Shape = Literal["flat", "office", "night", "early"]

_OFFICE_DAY = (2, 2, 2, 2, 3, 8, 30, 62, 88, 100, 96, 84, 70, 82, 96, 92, 74, 46, 24, 14, 9, 6, 4, 3)
_NIGHT_BATCH = (70, 100, 100, 85, 40, 5) + (0,) * 16 + (10, 35)
# Work that begins when the limits of a day do.
_EARLY_DAY = (100, 28, 3, *(1,) * 5, *(2,) * 12, *(1,) * 4)
# It is the same work every day: so much of the chance of the others.
_EARLY_CHANCE = 0.25
_WEEKEND_PERCENT = 14
_EVEN = (0, 1, 2, 3, 4)
# One hour in so many has a quarter with so many times its share.
_HOURS_PER_BURST, _BURST = 9, 4


class Amount(NamedTuple):
    """Tokens and requests, both whole numbers."""

    tokens: int = 0
    requests: int = 0

    def plus(self, other: "Amount") -> "Amount":
        return Amount(self.tokens + other.tokens, self.requests + other.requests)

    def minus(self, other: "Amount") -> "Amount":
        return Amount(self.tokens - other.tokens, self.requests - other.requests)


@dataclass(frozen=True, slots=True)
class ModelLoad:
    """What one model is asked in the background: `tokens_per_minute` in the busiest hour, times the shape.

    `since` and `until` bound it, so that a model can appear or disappear; `most_per_day` is where it stops
    until the next UTC day. The quarters of its hours differ where it is `bursty`.
    """

    model: str
    tokens_per_minute: float
    shape: Shape = "office"
    tokens_per_request: int = 800
    seed: str = ""
    since: datetime | None = None
    until: datetime | None = None
    bursty: bool = False
    most_per_day: int | None = None

    def between(self, start: datetime, end: datetime) -> Amount:
        """What was spent in [start, end); nothing when the span is empty."""
        start = max(start, self.since) if self.since else start
        end = min(end, self.until) if self.until else end
        if end <= start:
            return Amount()
        return _spent(self, microseconds(start), microseconds(end))


@dataclass(frozen=True, slots=True)
class Correction:
    """The provider takes back part of a counter at an instant, within the period of that instant."""

    at: datetime
    model: str
    tokens: int
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """The whole background load of a key, with the corrections that happen to it."""

    models: tuple[ModelLoad, ...] = ()
    corrections: tuple[Correction, ...] = ()

    def between(self, start: datetime, end: datetime) -> dict[str, Amount]:
        """Usage by model in [start, end). A model whose load was zero throughout is absent."""
        amounts: dict[str, Amount] = {}
        for model_load in self.models:
            _add(amounts, model_load.model, model_load.between(start, end))
        for fall in self.corrections:
            if start <= fall.at < end:
                _add(amounts, fall.model, Amount(-fall.tokens, -fall.requests))
        return amounts


def _add(amounts: dict[str, Amount], model: str, amount: Amount) -> None:
    if amount != (0, 0):
        amounts[model] = amounts.get(model, Amount()).plus(amount)


def _spent(load: ModelLoad, start: int, end: int) -> Amount:
    first, last = start // DAY, end // DAY
    return _whole_days(load, first, last).plus(_position(load, end)).minus(_position(load, start))


@lru_cache(maxsize=1 << 14)
def _whole_days(load: ModelLoad, first: int, last: int) -> Amount:
    """The sum of the days [first, last), counted from 1970."""
    tokens, requests = 0, 0
    for day in range(first, last):
        by_hour = _hours(load, day)
        tokens += by_hour[24].tokens
        requests += by_hour[24].requests
    return Amount(tokens, requests)


def _position(load: ModelLoad, instant: int) -> Amount:
    """What its UTC day had spent when an instant came; even inside a quarter of an hour, rounded down."""
    day, into_day = divmod(instant, DAY)
    hour, into_hour = divmod(into_day, HOUR)
    quarter, into_quarter = divmod(into_hour, QUARTER)
    by_hour = _hours(load, day)
    before, after = by_hour[hour], by_hour[hour + 1]
    shares = _quarters(load, day, hour) if load.bursty else _EVEN
    part = shares[quarter] * QUARTER + (shares[quarter + 1] - shares[quarter]) * into_quarter
    whole = shares[4] * QUARTER
    return Amount(
        before.tokens + (after.tokens - before.tokens) * part // whole,
        before.requests + (after.requests - before.requests) * part // whole,
    )


@lru_cache(maxsize=1 << 14)
def _quarters(load: ModelLoad, day: int, hour: int) -> tuple[int, ...]:
    """Which share of an hour is spent at the end of each of its quarters: 5 values, the first zero."""
    seed = f"{load.seed}/{load.model}/{day}/{hour}"
    noise = hashlib.blake2b(seed.encode(), digest_size=6).digest()
    shares = [40 + each % 120 for each in noise[:4]]
    if noise[4] % _HOURS_PER_BURST == 0:
        shares[noise[5] % 4] *= _BURST
    return tuple(accumulate(shares, initial=0))


@lru_cache(maxsize=1 << 14)
def _hours(load: ModelLoad, day: int) -> tuple[Amount, ...]:
    """Usage since midnight UTC at the end of each hour: 25 values, the first zero."""
    noise = hashlib.blake2b(f"{load.seed}/{load.model}/{day}".encode(), digest_size=25).digest()
    busy_day = 0.8 + 0.4 * noise[24] / 255
    spent = [Amount()]
    for hour in range(24):
        tokens = _tokens(load, day, hour, busy_day * (0.6 + 0.8 * noise[hour] / 255))
        if load.most_per_day is not None:
            tokens = min(tokens, load.most_per_day - spent[-1].tokens)
        spent.append(spent[-1].plus(Amount(tokens, -(-tokens // load.tokens_per_request))))
    return tuple(spent)


def _tokens(load: ModelLoad, day: int, hour: int, factor: float) -> int:
    if load.shape == "early":
        factor = 1 + _EARLY_CHANCE * (factor - 1)
    return round(load.tokens_per_minute * 60 * factor * _weight(load.shape, day, hour) / 100)


def _weight(shape: Shape, day: int, hour: int) -> int:
    """Percent of the busiest hour."""
    if shape == "flat":
        return 100
    if shape == "night":
        return _NIGHT_BATCH[hour]
    if shape == "early":
        return _EARLY_DAY[hour]
    weekend = (day + THURSDAY) % 7 >= 5
    return max(1, _OFFICE_DAY[hour] * _WEEKEND_PERCENT // 100) if weekend else _OFFICE_DAY[hour]
