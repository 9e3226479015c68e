"""The ledger of the product, asked in the model's words. The only file here that knows it."""

from collections.abc import Collection
from dataclasses import dataclass
from math import floor

from tests.usage.reference.answers import Answer
from tests.usage.reference.lines import OTHER_MODELS, UNATTRIBUTED, Line, Series
from usage import ledger as product
from usage.ledger.grid import value_at


def poll(answer: Answer) -> product.Poll:
    counts = {
        product.SeriesKey(name, metric): count
        for name, told in answer.models.items()
        for metric, count in told.items()
    }
    ends = answer.ends
    return product.poll_of(answer.at, answer.at, answer.starts, ends, answer.totals, counts, answer.interval)


RESERVED = {UNATTRIBUTED: product.UNATTRIBUTED, OTHER_MODELS: product.OTHER_MODELS}


def key(series: Series, metric: str) -> product.SeriesKey:
    return product.SeriesKey(RESERVED.get(series, series.name), metric)


@dataclass(frozen=True)
class Fold:
    """What today's fold makes of answers."""

    ledger: product.Ledger

    def value(self, series: Series, metric: str, at: int) -> int:
        return value_at(self.ledger.knots, key(series, metric), at)

    def knots(self) -> list[tuple[int, str]]:
        """Every knot's instant, and how the stretch that ends there is known."""
        return [(knot.at, str(knot.quality)) for knot in self.ledger.knots]


def fold(answers: list[Answer], resets: Collection[int] = (), seats: int = product.SEATS) -> Fold:
    return Fold(product.fold(map(poll, answers), resets, seats))


def differences(line: Line, metric: str, other: Fold, instants: list[int]) -> list[tuple[str, int, int, int]]:
    """Where the floors of both differ: name of the series, instant, the model's value and the other's."""
    differing = []
    for series in line.series():
        for at in instants:
            ours, theirs = floor(line.value(series, at)), other.value(series, metric, at)
            if ours != theirs:
                differing.append((series.name or series.kind, at, ours, theirs))
    return differing
