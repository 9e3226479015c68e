"""What a key really asked of the simulator, kept so that any past instant can be answered in O(log n)."""

import json
from bisect import bisect_left
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from rax.simulator.clock import microseconds
from rax.simulator.usage.load import Amount

POLLS = ""  # requests that belong to no model: counted in totals, absent from the breakdown


class _Series:
    """Cumulative usage of one key and model: `totals[i]` holds from `times[i]` on."""

    def __init__(self) -> None:
        self.times: list[int] = []
        self.totals: list[Amount] = [Amount()]

    def add(self, at: int, amount: Amount) -> None:
        # A machine's clock may step back; the order of the list may not.
        self.times.append(max(at, self.times[-1]) if self.times else at)
        self.totals.append(self.totals[-1].plus(amount))

    def before(self, at: int) -> Amount:
        return self.totals[bisect_left(self.times, at)]


class Meter:
    """Usage by key and model. With a `state` file, what was spent survives a restart."""

    def __init__(self, state: Path | None = None) -> None:
        self._series: dict[str, dict[str, _Series]] = defaultdict(lambda: defaultdict(_Series))
        self._state = None
        if state is not None:
            self._load(state)
            self._state = state.open("a", encoding="utf-8")

    def record(self, key: str, model: str, amount: Amount, at: datetime) -> None:
        """Count what a key spent at an aware instant."""
        self._series[key][model].add(microseconds(at), amount)
        if self._state is not None:
            self._state.write(json.dumps([key, model, *amount, microseconds(at)]) + "\n")
            self._state.flush()

    def between(self, key: str, start: datetime, end: datetime) -> dict[str, Amount]:
        """Usage by model in [start, end); models without any are absent."""
        first, last = microseconds(start), microseconds(end)
        spent = {
            model: series.before(last).minus(series.before(first))
            for model, series in self._series.get(key, {}).items()
        }
        return {model: amount for model, amount in spent.items() if amount != (0, 0)}

    def close(self) -> None:
        if self._state is not None:
            self._state.close()
            self._state = None

    def _load(self, state: Path) -> None:
        if not state.exists():
            return
        for line in state.read_text(encoding="utf-8").splitlines():
            key, model, tokens, requests, at = json.loads(line)
            self._series[key][model].add(at, Amount(tokens, requests))
