"""One question about usage: what pages, saved views, frozen links and exports ask, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlencode

from usage.explore.query.comparison import Comparison
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.query.listing import Listing
from usage.explore.query.measures import Measure
from usage.explore.query.periods import Period, place_text
from usage.explore.query.steps import Step


class View(StrEnum):
    """How it is drawn."""

    BARS = "bars"
    CUMULATIVE = "cumulative"


@dataclass(frozen=True, slots=True)
class Query:
    """A question, placed in no team's calendar yet. `by` are one or two dimensions, `filters` sorted, at most
    two of a dimension; without a `step` the one that fits is taken; `anchor` is the account whose billing
    period counts where they differ; `hidden` are the series that are not drawn, as texts of their ids.
    """

    measure: Measure = Measure.TOKENS
    by: tuple[Dimension, ...] = (Dimension.MODEL,)
    filters: tuple[Filter, ...] = ()
    period: Period = Period()  # noqa: RUF009  it is frozen
    step: Step | None = None
    compare: Comparison | None = None
    view: View = View.BARS
    anchor: str = ""
    is_complete_only: bool = False
    attributes_of_today: bool = False
    hidden: tuple[str, ...] = ()
    # Through which saved view somebody came: no part of what is asked, but of every address that goes on.
    saved: str = field(default="", compare=False)
    # How the table below lists its rows; the same.
    listing: Listing = field(default=Listing(), compare=False)

    def changed(self, **parts: Any) -> Self:
        """The same question with some parts changed."""
        return replace(self, **parts)

    def address(self, **parts: Any) -> str:
        """Its one spelling in an address, with some parts changed; defaults are left out."""
        if parts and "listing" not in parts:
            parts["listing"] = self.listing.changed()
        asked = self.changed(**parts) if parts else self
        return urlencode(list(asked.parameters()), safe=":,!.")

    def parameters(self) -> Iterator[tuple[str, str]]:
        """Its parts as an address or a form has them: names and values, in the order of the spelling."""
        if self.measure != Measure.TOKENS:
            yield "measure", self.measure
        if self.by != (Dimension.MODEL,):
            yield "by", ",".join(self.by)
        for each in self.filters:
            for value in each.values:
                yield each.parameter, value
        yield from self._place()
        if self.step:
            yield "step", self.step
        if self.compare:
            yield "compare", self.compare.text
        yield from self._switches()

    def _place(self) -> Iterator[tuple[str, str]]:
        period = self.period
        named = {"start": period.start, "end": period.end, "until": period.until}
        if period.name:
            yield "period", period.name
        for name, place in named.items():
            if place is not None:
                yield name, place_text(place)

    def _switches(self) -> Iterator[tuple[str, str]]:
        if self.view != View.BARS:
            yield "view", self.view
        if self.anchor:
            yield "anchor", self.anchor
        if self.is_complete_only:
            yield "complete", "1"
        if self.attributes_of_today:
            yield "attributes", "today"
        for series in self.hidden:
            yield "hide", series
        if self.saved:
            yield "saved", self.saved
        yield from self.listing.parameters()

    def without_models(self) -> Self:
        """The same question by anything but models: by keys, where there is nothing else."""
        rest = tuple(each for each in self.by if each != Dimension.MODEL)
        return self.changed(by=rest or (Dimension.KEY,), hidden=())

    def filtered(self, dimension: Dimension) -> tuple[Filter, ...]:
        """Its filters by a dimension."""
        return tuple(each for each in self.filters if each.dimension == dimension)

    def only(self, dimension: Dimension, *ids: str, is_not: bool = False) -> Self:
        """The same question about these values of a dimension alone, or all but these; without any, about all
        of its values. Filters by others are kept.
        """
        kept = [each for each in self.filters if each.dimension != dimension]
        if ids:
            kept.append(Filter.of(dimension, ids, is_not=is_not))
        return self.changed(filters=in_order(kept))

    def without(self, removed: Filter) -> Self:
        """The same question without one of its filters."""
        return self.changed(filters=tuple(each for each in self.filters if each != removed))


def in_order(filters: list[Filter]) -> tuple[Filter, ...]:
    """Filters in the order of the spelling: by dimension, those that name what is shown first."""
    order = list(Dimension)
    return tuple(sorted(filters, key=lambda each: (order.index(each.dimension), each.is_not)))
