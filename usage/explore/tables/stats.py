"""The totals above the chart, which are also the tabs of what it shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from usage.claims import IS_ESTIMATE, Amount, Unit
from usage.explore.query.measures import Measure
from usage.explore.query.query import Query
from usage.explore.sheet.changes import Change, is_tiny, percent_words, signed
from usage.explore.sheet.sums import Average, Sums
from usage.ledger import REQUESTS, TOKENS

# More figures than these are written smaller.
LONG = 13


@dataclass(frozen=True, slots=True)
class Stat:
    """One total in words: `limit` stands before it where it is a lower bound. With an `address`, maybe an
    empty one, it is a tab. `change`, `difference` and `before` are empty where nothing is compared, or
    nothing can be said. `until` says of the chosen one up to when that is compared, where it is not all.
    """

    name: str
    label: str
    limit: str
    number: str
    change: str = ""
    before: str = ""
    address: str | None = None
    is_current: bool = False
    difference: str = ""
    until: str = ""

    @property
    def is_tab(self) -> bool:
        """Tell whether it chooses what is shown."""
        return self.address is not None

    @property
    def is_long(self) -> bool:
        """Tell whether it has more figures than fit."""
        return len(self.number.replace(",", "")) > LONG


def stats_of(
    query: Query, totals: Mapping[str, Amount], compared: Sums | None, until: str = ""
) -> list[Stat]:
    """The totals of a question, and beside them those of the time that is compared, up to when it is: of each
    measure that is known.
    """
    found = [_tab(query, measure, totals, compared, until) for measure in Measure if measure in totals]
    return [*found, *_averages(totals, compared)]


def _tab(
    query: Query, measure: Measure, totals: Mapping[str, Amount], compared: Sums | None, until: str
) -> Stat:
    amount = totals[measure]
    before = compared.totals.get(measure) if compared else None
    change = Change(amount, before) if before else None
    label = f"{measure.label}{IS_ESTIMATE}" if amount.unit.is_estimate else measure.label
    return Stat(
        measure.value,
        label,
        "at least" if amount.sureness == "at least" else "",
        "–" if amount.drawn is None else amount.amount,
        change.words if change else "",
        "" if before is None or before.drawn is None else before.words,
        _address(query, measure, amount.unit),
        measure == query.measure,
        change.short if change else "",
        until if measure == query.measure else "",
    )


def _address(query: Query, measure: Measure, unit: Unit) -> str:
    """The question of another measure, by the same, unless that is told of no model."""
    if measure == query.measure or measure.is_by_series(query.by, unit):
        return query.address(measure=measure)
    return query.without_models().address(measure=measure)


def _averages(totals: Mapping[str, Amount], compared: Sums | None) -> Iterator[Stat]:
    """Tokens a request; nothing where there are none."""
    now = Average(totals[TOKENS], totals[REQUESTS])
    if now.number is None:
        return
    before = compared.average if compared else None
    change = ""
    if before and before.number and before.is_known and now.is_known:
        difference = now.number - before.number
        share = 100 * difference / before.number
        change = signed(difference) if is_tiny(share) else percent_words(share)
    limit = "" if now.is_known else "≈"
    yield Stat("average", "Tokens a request", limit, now.figure, change, str(before) if change else "")
