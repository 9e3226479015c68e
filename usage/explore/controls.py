"""The controls above the chart: each choice is a link that holds the whole question with one part changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from django.utils.text import capfirst

from usage.explore.query.comparison import LABELS as COMPARISONS
from usage.explore.query.comparison import Comparison
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.query.periods import Period
from usage.explore.query.placed import Placed, buckets_in, default_step
from usage.explore.query.query import Query, View
from usage.explore.query.steps import MOST_BUCKETS, Step
from usage.explore.query.team_time import ONE_DAY
from usage.explore.query.words import comparison_words, period_words

# The menu of periods, in columns.
CALENDAR = ("week", "month", "quarter", "year")
PERIODS = (
    ("24h", "today", "yesterday", "7d", "30d", "90d", "12m", "quota-day", "billing"),
    (*(f"{ago}{unit}" for unit in CALENDAR for ago in ("", "last-")), "last-billing"),
)
# A chip names so many values.
MOST_NAMES = 2
DATED = (Dimension.OWNER, Dimension.PROJECT, Dimension.LABEL)


class Names(Protocol):
    """Whoever knows what people call an id."""

    def of(self, dimension: Dimension, value: str) -> str:
        """The name of one id."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a control."""

    label: str
    query: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, with the queries that turn it round and take it away."""

    dimension: Dimension
    is_not: bool
    names: Sequence[str]
    others: int
    turned: str
    removed: str

    @property
    def verb(self) -> str:
        """What joins the dimension to the names."""
        return "is not" if self.is_not else "is"


@dataclass(frozen=True)
class Controls:
    """All controls of a question; `names` are those of what it filters by, and so many `accounts` told of a
    billing period. `reader` is the id of whoever reads it.
    """

    placed: Placed
    names: Names
    accounts: int = 1
    reader: str = ""

    @property
    def query(self) -> Query:
        """The question."""
        return self.placed.query

    @property
    def address(self) -> str:
        """The question as it stands."""
        return self.query.address()

    @cached_property
    def earlier(self) -> str | None:
        """The query one period earlier; None where there is none."""
        return _address(self.placed.earlier())

    @cached_property
    def later(self) -> str | None:
        """The query one period later; None where there is none."""
        return _address(self.placed.later())

    @property
    def period_label(self) -> str:
        """What the period is called; empty for days that were chosen."""
        period = self.query.period
        return "" if period.is_custom else period.label

    @property
    def period_words(self) -> str:
        """The days or hours of the period."""
        return period_words(self.placed)

    @property
    def periods(self) -> list[list[Choice]]:
        """The named periods, in columns."""
        return [[self._period(name) for name in names] for names in PERIODS]

    def _period(self, name: str) -> Choice:
        query = self.query.changed(period=Period(name))
        if query.step:
            # A step that is too short for it would be given up, with a sentence.
            query = query.changed(step=Placed.of(query, self.placed.time).drawable().query.step)
        return Choice(query.period.label, query.address(), query.period == self.query.period)

    @property
    def anchor(self) -> str:
        """What the account is called whose billing period counts; empty where each key counts its own."""
        known = [*self.placed.billing, *self.placed.time.billing]
        return next((period.of for period in known if period.of), "one account" if self.query.anchor else "")

    @property
    def has_anchors(self) -> bool:
        """Tell whether it matters whose billing period counts: those of the keys begin on different days."""
        if self.placed.is_own:
            return True
        # Where none counts it is kept for when one does again.
        if self.query.anchor:
            return self.query.period.is_billing or self.query.view == View.CUMULATIVE
        # A sum that grows starts again with none of them where they lie across each other.
        is_across = not (self.query.period.is_billing or self.placed.billing)
        return self.query.view == View.CUMULATIVE and is_across and self.accounts > 1

    @property
    def usual(self) -> str | None:
        """The same question about thirty days; None where it is about these."""
        usual = Period("30d")
        return None if self.query.period == usual else self.query.address(period=usual, step=None)

    @property
    def complete(self) -> Choice:
        """The switch between all days and those that are over."""
        is_on = self.query.is_complete_only
        return Choice("Complete days only", self.query.address(is_complete_only=not is_on), is_on)

    @property
    def compare_words(self) -> str:
        """With what the period is compared."""
        return comparison_words(self.placed)

    @property
    def compare_days(self) -> tuple[date, date]:
        """The days that the form of a comparison opens with: those that are compared, or as many before."""
        if self.query.compare and self.query.compare.days:
            return self.query.compare.days
        first, last = self.placed.days
        return first - (last - first + ONE_DAY), first - ONE_DAY

    @property
    def comparisons(self) -> list[Choice]:
        """What it can be compared with; chosen days have a form."""
        current = self.query.compare
        named = [
            Choice(label, self.query.address(compare=Comparison(name)), current == Comparison(name))
            for name, label in COMPARISONS.items()
        ]
        return [Choice("Nothing", self.query.address(compare=None), current is None), *named]

    @property
    def by_words(self) -> str:
        """By what is grouped."""
        return ", ".join(dimension.label for dimension in self.query.by)

    @property
    def groups(self) -> list[Choice]:
        """By what can be grouped; the second group is kept where it is another one."""
        first, second = self.query.by[0], self.query.by[1:]
        return [
            Choice(each.label, self._by(each, *(one for one in second if one != each)), each == first)
            for each in Dimension
        ]

    @property
    def parts(self) -> list[Choice]:
        """By what each group can be parted."""
        first, second = self.query.by[0], self.query.by[1:]
        others = [each for each in Dimension if each != first]
        return [
            Choice("Nothing else", self._by(first), not second),
            *(Choice(each.label, self._by(first, each), second == (each,)) for each in others),
        ]

    def _by(self, *by: Dimension) -> str:
        # What is hidden is named by ids of the groups.
        return self.query.address(by=by, hidden=self.query.hidden if by == self.query.by else ())

    @property
    def attributes(self) -> Choice | None:
        """The switch between what was said of keys on each day and what is said today; None where neither
        matters.
        """
        query = self.query
        asked = {*query.by, *(each.dimension for each in query.filters)}
        if not asked.intersection(DATED):
            return None
        is_on = query.attributes_of_today
        return Choice(
            "Owners, projects and labels as of today", query.address(attributes_of_today=not is_on), is_on
        )

    @property
    def chips(self) -> list[Chip]:
        """The filters."""
        return [self._chip(each) for each in self.query.filters]

    def _chip(self, each: Filter) -> Chip:
        names = [self.names.of(each.dimension, value) for value in each.ids[:MOST_NAMES]]
        return Chip(
            each.dimension,
            each.is_not,
            names,
            len(each.ids) - len(names),
            self.query.only(each.dimension, *each.ids, is_not=not each.is_not).address(),
            self.query.without(each).address(),
        )

    @property
    def mine(self) -> Choice | None:
        """The switch between what everybody used and what the reader ran; None where nobody reads."""
        if not self.reader:
            return None
        is_on = self.query.filtered(Dimension.MEMBER) == (Filter.of(Dimension.MEMBER, [self.reader]),)
        ids = () if is_on else (self.reader,)
        return Choice("Mine: what I ran in raxdash", self.query.only(Dimension.MEMBER, *ids).address(), is_on)

    @property
    def dimensions(self) -> Sequence[Dimension]:
        """By what can be filtered."""
        return list(Dimension)

    @property
    def step_label(self) -> str:
        """How long a bar is."""
        return capfirst(self.placed.step.label)

    @property
    def steps(self) -> list[Choice]:
        """How long a bar may be, of those that a page can draw."""
        return list(self._steps())

    def _steps(self) -> Iterator[Choice]:
        query, fitting = self.query, default_step(self.placed.bounds)
        yield Choice(f"Fitting: {fitting.label}", query.address(step=None), query.step is None)
        for step in Step:
            if self._can_draw(step):
                yield Choice(capfirst(step.label), query.address(step=step), query.step == step)

    def _can_draw(self, step: Step) -> bool:
        return step == self.placed.step or buckets_in(self.placed.span_by(step)) <= MOST_BUCKETS

    @property
    def views(self) -> list[Choice]:
        """Bars, or their sum as it grows."""
        labels = {View.BARS: "Bars", View.CUMULATIVE: "Cumulative"}
        return [Choice(labels[view], self.query.address(view=view), view == self.query.view) for view in View]

    def fields(self, *without: str) -> Iterable[tuple[str, str]]:
        """The question as the hidden fields of a form, without the parts that the form asks for."""
        return [(name, value) for name, value in self.query.parameters() if name not in without]

    @property
    def period_fields(self) -> Iterable[tuple[str, str]]:
        """The hidden fields of the form of a period."""
        return self.fields("period", "start", "end", "until")

    @property
    def compare_fields(self) -> Iterable[tuple[str, str]]:
        """The hidden fields of the form of a comparison."""
        return self.fields("compare")


def _address(query: Query | None) -> str | None:
    return None if query is None else query.address()
