"""The simulated provider without its wire: keys, models, limits and counters, at any instant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rax.simulator.catalogue import DEFAULT_MODELS, Dialect, Model
from rax.simulator.chat import StreamUsage
from rax.simulator.clock import MICROSECOND, Clock
from rax.simulator.keys import DEFAULT_KEYS, Key
from rax.simulator.limits import Limiter, ResetFormat
from rax.simulator.log import RequestLog
from rax.simulator.pace import Pace
from rax.simulator.usage.bodies import Amounts, counters_body, total_of
from rax.simulator.usage.load import Amount
from rax.simulator.usage.meter import POLLS, Meter
from rax.simulator.usage.periods import Period


@dataclass(slots=True)
class Settings:
    """What may be switched while the simulator runs.

    `stream_usage` says what becomes of `stream_options.include_usage`: accepted, refused with 400,
    ignored, or sent `always`, unasked. `usage_dates` is whether `?start_date&end_date` are honoured, and
    `usage_days` whether the days of a range are told apart.
    `currency` is told beside `total_cost` where it is not empty. `faults` are wishes for all requests.
    """

    pace: Pace = field(default_factory=Pace)
    reset_format: ResetFormat = "epoch"
    dialect: Dialect = "documented"
    stream_usage: StreamUsage = "accept"
    count_polls: bool = False
    currency: str = ""
    usage_dates: bool = True
    usage_days: bool = True
    faults: str = ""


class Simulator:
    """A provider: `keys` that may ask, `models` on offer, `settings`, a `clock`, a `log` of requests."""

    def __init__(
        self,
        keys: Iterable[Key] = DEFAULT_KEYS,
        *,
        settings: Settings | None = None,
        clock: Clock | None = None,
        period: Period | None = None,
        models: Iterable[Model] = DEFAULT_MODELS,
        state: Path | None = None,
    ) -> None:
        self.keys = {key.secret: key for key in keys}
        self.settings = settings or Settings()
        self.clock = clock or Clock()
        self.period = period or Period()
        self.models = {model.id: model for model in models}
        self.meter = Meter(state)
        self.limiter = Limiter()
        self.log = RequestLog()

    def offered(self, key: Key) -> dict[str, Model]:
        """The models that a key sees and can use, by their ids."""
        seen = key.models
        return {name: model for name, model in self.models.items() if seen is None or name in seen}

    def record(self, key: Key, model: str, tokens: int) -> None:
        """Count one request of a key and its tokens, now."""
        self.meter.record(key.meter, model, Amount(tokens, 1), self.clock.now())

    def record_poll(self, key: Key) -> None:
        """Count a request to another endpoint, if this provider counts those."""
        if self.settings.count_polls:
            self.record(key, POLLS, 0)

    def between(self, key: Key, start: datetime, end: datetime) -> Amounts:
        """What a key spent in [start, end) by model, background load and corrections included."""
        amounts = key.load.between(start, end)
        for model, amount in self.meter.between(key.meter, start, end).items():
            amounts[model] = amounts.get(model, Amount()).plus(amount)
        return amounts

    def used_today(self, key: Key, now: datetime) -> int:
        """Tokens of the UTC day so far."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return total_of(self.between(key, midnight, now + MICROSECOND)).tokens

    def counters_at(self, key: Key, at: datetime) -> dict[str, Any]:
        """What `GET /usage` answers at an instant: its period up to and including that instant."""
        span = self.period.at(at)
        return counters_body(span, self.between(key, span.start, at + MICROSECOND))

    def history(
        self, key: Key, start: datetime, end: datetime, step: timedelta
    ) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """The answers that polls every `step` in [start, end) would have been given, with their instants."""
        at = start
        while at < end:
            yield at, self.counters_at(key, at)
            at += step
