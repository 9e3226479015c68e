"""Keys that are polled closely from some moment on: what they tell, to the books and to the model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from tests.usage.polled import plan_next
from tests.usage.reference.answers import DAY, HOUR, MINUTE, REQUESTS, TOKENS
from tests.usage.reference.answers import Answer as ToldAnswer
from tests.usage.reference.lines import BEFORE_WATCHING, Line
from tests.usage.reference.model import fold
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.ledger.words import microseconds, moment
from usage.models import Meter

MIDNIGHT = microseconds(datetime(2026, 11, 26, tzinfo=UTC))
MODELS = ("rax-4.0", "rax-4.5")


@dataclass(frozen=True)
class Watched:
    """What a meter was told, oldest first."""

    answers: list[ToldAnswer]

    @property
    def until(self) -> int:
        return self.answers[-1].at

    def lines(self) -> Mapping[str, Line]:
        """What the model makes of it."""
        return fold(self.answers).lines

    def line(self, metric: str = TOKENS) -> Line:
        return self.lines()[metric]

    def store(self, meter: Meter) -> None:
        store(as_stored(meter, answer) for answer in self.answers)
        plan_next(meter, moment(self.until))


def as_stored(meter: Meter, answer: ToldAnswer) -> Answer:
    """The answer as one of a poll."""
    return Answer(
        meter_id=meter.pk,
        slot=answer.at,
        started_at=moment(answer.at),
        ended_at=moment(answer.at),
        interval_seconds=300,
        status=200,
        period_start=moment(answer.starts),
        period_end=moment(answer.ends) - timedelta(seconds=1) if answer.ends else None,
        total_tokens=answer.totals[TOKENS],
        total_requests=answer.totals[REQUESTS],
        breakdown={
            name: (counts.get(TOKENS, 0), counts.get(REQUESTS, 0)) for name, counts in answer.models.items()
        },
    )


def first_told(line: Line) -> tuple[int, int] | None:
    """The time that the first answer told at once."""
    spans = [(start, end) for start, end, quality in line.stretches() if quality == BEFORE_WATCHING]
    return (spans[0][0], spans[-1][1]) if spans else None


def watched(dice: Random) -> Watched:
    """A key of 26 November: its period may have begun at midnight, weeks before, or begin anew today; for
    seven hours it may not have been polled.
    """
    starts = [dice.choice((MIDNIGHT, MIDNIGHT - 25 * DAY, MIDNIGHT - HOUR, MIDNIGHT + 2 * HOUR))]
    if dice.random() < 0.4:
        starts.append(MIDNIGHT + dice.randint(3 * HOUR // MINUTE, 9 * HOUR // MINUTE) * MINUTE)
    at = max(starts[0], MIDNIGHT - dice.choice((2, 9)) * HOUR) + dice.randint(1, 5 * HOUR)
    over = at + dice.randint(MINUTE, 8 * HOUR)
    outage = at + dice.randint(0, 2 * HOUR) if dice.random() < 0.5 else over
    counters, answers, period = dict.fromkeys(MODELS, dice.randint(0, 90_000)), [], starts[0]
    while at <= over:
        now = max(start for start in starts if start < at)
        if now != period:
            counters, period = dict.fromkeys(MODELS, 0), now
        counters[dice.choice(MODELS)] += dice.choice((0, 7, 900, 12_345))
        answers.append(_answer(at, period, starts, counters))
        at += dice.choice((1, 5, 5, 5, 7, 12, 40)) * MINUTE + dice.randint(0, MINUTE)
        if at > outage:
            # So long that its time is one stretch.
            at, outage, over = at + 7 * HOUR, over + 8 * HOUR, over + 7 * HOUR
    return Watched(answers[: dice.choice((len(answers), dice.randint(1, len(answers)), 12))])


def _answer(at: int, period: int, starts: list[int], counters: dict[str, int]) -> ToldAnswer:
    later = [start for start in starts if start > period]
    ends = min(later, default=period + 31 * DAY)
    models = {name: {TOKENS: count, REQUESTS: count // 100} for name, count in counters.items()}
    totals = {metric: sum(told[metric] for told in models.values()) for metric in (TOKENS, REQUESTS)}
    return ToldAnswer(at, at, period, ends, totals, models)
