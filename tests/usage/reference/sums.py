"""Adding up: believed answers become lines, periods and seats; what is believed is decided elsewhere.

Rules kept here: a counter speaks of its own period alone, so its knot stands at the answer's instant or
at the end of the period, whichever comes first; what is told after the end raises F there. A begin at or
after the end, or at or after the last knot, is a rollover; before both, a boundary moved, and neither
period is called exact unless its knot fits. A fall steps down in the last microsecond before its answer.
Nothing adds up beyond 53 bits: such an answer is refused whole.
"""

from collections.abc import Mapping

from tests.usage.reference import openings
from tests.usage.reference.answers import Answer
from tests.usage.reference.counters import Counters, counters_after, fallen, without_others
from tests.usage.reference.lines import CORRECTION, MODEL, OTHER_MODELS, TOTAL, Amounts, Line, Series
from tests.usage.reference.openings import Opened, quality_of, reached
from tests.usage.reference.periods import Period
from tests.usage.reference.seats import seats_of_new_period, seats_with_newcomers

LARGEST = 2**53


class Sums:
    """All that believed answers have come to so far."""

    def __init__(self, most_seats: int) -> None:
        self.most_seats = most_seats
        self.lines: dict[str, Line] = {}
        self.periods: list[Period] = []
        self.seats: tuple[str, ...] = ()
        self.openings: dict[str, Amounts] = {}
        self.counters: dict[str, Counters] = {}

    @property
    def period(self) -> Period:
        return self.periods[-1]

    @property
    def last_at(self) -> int:
        return max(line.last.at for line in self.lines.values())

    # --- a period goes on

    def seats_for(self, answer: Answer) -> tuple[str, ...]:
        return seats_with_newcomers(self.seats, answer, self.most_seats)

    def falls_of(self, answer: Answer) -> dict[tuple[str, Series], int]:
        return fallen(self.counters, answer, self.seats_for(answer))

    def learn_end(self, ends: int, shrank: bool) -> None:
        self.period.ends = ends
        self.period.inexact |= shrank or self.last_at > ends

    def grow(self, answer: Answer) -> bool:
        return self._go_on(answer, None)

    def step_down(self, answer: Answer) -> bool:
        return self._go_on(answer, self.falls_of(answer))

    def _go_on(self, answer: Answer, falls: Mapping[tuple[str, Series], int] | None) -> bool:
        seats = self.seats_for(answer)
        counters, opened = {}, {}
        for metric in answer.totals:
            last, lower = self.counters.get(metric, {}), None
            if falls is not None:
                last = without_others(last)
                lower = [OTHER_MODELS, *(series for one, series in falls if one == metric)]
            told = counters_after(last, answer, metric, seats)
            counters[metric], opened[metric] = told, self._next(metric, told, answer, lower)
        return self._store(answer, opened, {**self.counters, **counters}, seats)

    def _next(self, metric: str, counters: Counters, answer: Answer, falls: list[Series] | None) -> Opened:
        until = min(answer.instant, self.period.ends)
        if metric not in self.lines:
            return openings.first(self.period.starts, until, counters)
        line, opening = self.lines[metric].copy(), self.openings[metric]
        amounts = reached(line.last, opening, counters, falls or ())
        if falls is not None:
            _step(line, max(until, line.last.at), amounts, answer.interval)
        else:
            quality = quality_of(until - line.last.at, answer.interval)
            line.put(until, amounts, quality)
        return Opened(line, opening)

    # --- a period begins

    def enter(self, answer: Answer, ends: int, shrank: bool) -> tuple[bool, bool]:
        """Begin the period of `answer`: whether it could be stored, and whether its boundary had moved."""
        moved = bool(self.lines) and answer.starts < min(self.period.ends, self.last_at)
        period = Period(answer.starts, answer.starts, ends, inexact=shrank, moved_in=moved)
        seats = self.seats_for(answer) if moved else self._new_seats(answer)
        counters = self._first_counters(answer, seats)
        metrics = {*self.lines, *counters}
        opened = {one: self._entered(one, counters.get(one), answer, period, moved=moved) for one in metrics}
        if moved and not all(one.fits for one in opened.values()):
            for metric in self.lines.keys() & counters.keys():
                until = min(answer.instant, period.ends)
                opened[metric] = openings.boundary_moved(
                    self.lines[metric], answer.starts, until, counters[metric], knot_fits=False
                )
        period.inexact |= not all(one.fits for one in opened.values())
        return self._begin(answer, period, opened, counters, seats, moved=moved), moved

    def _entered(
        self, metric: str, counters: Counters | None, answer: Answer, period: Period, *, moved: bool
    ) -> Opened:
        line, starts = self.lines.get(metric), answer.starts
        until = min(answer.instant, period.ends)
        if line is None:
            return openings.first(starts, until, counters or {})
        if moved and counters is None:
            return openings.untold_at_moved_boundary(line, starts)
        if moved:
            return openings.boundary_moved(line, starts, until, counters or {})
        until = starts if counters is None else until
        return openings.rolled_over(line, self.period.ends, starts, until, counters or {}, answer.interval)

    def begin_again(self, answer: Answer) -> bool:
        """A person said that the counter began again with `answer`: a period opens at the one before."""
        seats = self._new_seats(answer)
        counters = self._first_counters(answer, seats)
        until = min(answer.instant, self.period.ends)
        opened = {one: openings.reset(line, until, counters.get(one)) for one, line in self.lines.items()}
        mixed = not all(one.fits for one in opened.values())
        period = Period(answer.starts, self.last_at, self.period.ends, inexact=self.period.inexact or mixed)
        stored = self._begin(answer, period, opened, counters, seats, moved=False)
        self.periods[-2:][0].inexact |= mixed
        return stored

    def _first_counters(self, answer: Answer, seats: tuple[str, ...]) -> dict[str, Counters]:
        return {metric: counters_after({}, answer, metric, seats) for metric in answer.totals}

    def _new_seats(self, answer: Answer) -> tuple[str, ...]:
        moved = set()
        for metric, line in self.lines.items():
            before = self.openings.get(metric, {})
            now = line.last.amounts.items()
            moved |= {one.name for one, amount in now if one.kind == MODEL and amount != before.get(one, 0)}
        return seats_of_new_period(answer, moved, self.most_seats)

    def _begin(
        self,
        answer: Answer,
        period: Period,
        opened: Mapping[str, Opened],
        counters: dict[str, Counters],
        seats: tuple[str, ...],
        *,
        moved: bool,
    ) -> bool:
        before = {metric: line.last for metric, line in self.lines.items()}
        if not self._store(answer, opened, counters, seats, period):
            return False
        for old in self.periods[-1:]:
            begun_again = old.told_starts == period.told_starts  # the time since the last answer is its tail
            old.close(period.starts, {metric: knot.at - begun_again for metric, knot in before.items()})
            old.inexact |= moved
            old.replaced = moved
        self.periods.append(period)
        return True

    def _store(
        self,
        answer: Answer,
        opened: Mapping[str, Opened],
        counters: dict[str, Counters],
        seats: tuple[str, ...],
        period: Period | None = None,
    ) -> bool:
        ends = [one.line.last for one in opened.values()]
        if any(abs(knot.of(series)) > LARGEST for knot in ends for series in [*knot.amounts, TOTAL]):
            return False
        self.lines |= {metric: one.line for metric, one in opened.items()}
        self.openings |= {metric: one.opening for metric, one in opened.items()}
        self.counters, self.seats = counters, seats
        (period or self.period).told |= answer.totals
        return True


def _step(line: Line, at: int, amounts: Amounts, interval: int) -> None:
    """What falls does so in the last microsecond before `at`; what rises has risen by then."""
    last = line.last
    risen = {series: max(last.amounts.get(series, 0), amount) for series, amount in amounts.items()}
    if last.at == at:  # told after the end: the step takes the last microsecond of what was told before
        line.knots.pop()
    if line.last.at < at - 1:
        quality = last.quality if last.at == at else quality_of(at - last.at, interval)
        line.put(at - 1, risen, quality)
    line.put(at, amounts, CORRECTION)
