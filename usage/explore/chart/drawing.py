"""The chart of a report: bars, or their sum as it grows, with all that stands beside them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe

from usage.explore.chart.burning import Burning
from usage.explore.chart.compared import Compared
from usage.explore.chart.outlook import Outlook, caption, outlook
from usage.explore.figure.burn import Burn, burn_up
from usage.explore.figure.charts import Comparison, Figure, Sign, describe, script_json, usage_figure
from usage.explore.figure.cumulative import Beside, cumulative_figure, describe_burn
from usage.explore.figure.quality import Kind, kinds
from usage.explore.query.dimensions import Dimension
from usage.explore.sheet.tables import Sheet


@dataclass(frozen=True)
class Drawing:
    """What is drawn of a `sheet`: `drawn`, that is without the series that are hidden. They are told apart
    `by` some dimensions. A sum that grows is `burning`; `compared` is what stands behind it, in grey. With
    `is_own` it is what raxdash itself ran.
    """

    metric: str
    by: Sequence[Dimension]
    sheet: Sheet
    drawn: Sheet
    signs: Sequence[Sign]
    now: datetime
    as_of: datetime | None = None
    compared: Compared | None = None
    burning: Burning | None = None
    is_own: bool = False

    @cached_property
    def figure_json(self) -> SafeString:
        """The figure for plotly.js, safe inside a script element."""
        return mark_safe(script_json(self.figure))  # noqa: S308  escaped

    @property
    def figure_id(self) -> str:
        """A name that changes when the drawing changes."""
        return hashlib.blake2b(self.figure_json.encode(), digest_size=8).hexdigest()

    @property
    def figure(self) -> Figure:
        """The figure."""
        if self.burn is None:
            return usage_figure(self.drawn, self.signs, self.now, self.comparison)
        return cumulative_figure(self.drawn, self.burn, self.beside, self.now)

    @cached_property
    def burn(self) -> Burn | None:
        """The sum of what is drawn, where it grows."""
        if self.burning is None:
            return None
        burn = self.burning.burn
        return burn if self.drawn is self.sheet else burn_up(self.drawn, burn.restarts)

    @cached_property
    def beside(self) -> Beside:
        """What stands beside a sum that grows. A forecast beyond the end of the chart is told, not drawn."""
        burning = self.burning
        if burning is None:
            return Beside()
        expected, end = burning.expected, self.drawn.span.end
        return Beside(
            burning.bound.limit if burning.bound else None,
            self.comparison,
            expected if expected and expected.end.at <= end else None,
            self.signs,
            self.as_of,
        )

    @cached_property
    def comparison(self) -> Comparison | None:
        """What stands beside the buckets of another time."""
        if self.compared is None:
            return None
        if self.burning is None:
            amounts = self.compared.amounts_of(self.sheet, self.drawn)
        else:
            amounts = self.compared.grown(self.sheet, self.drawn, self.burning.burn.restarts)
        if any(amount is not None for amount in amounts):
            return Comparison(self.compared.label, amounts)
        # What nobody asked for needs no word where nobody saw it.
        if not self.compared.is_asked:
            return None
        why = "spread unknown" if self.compared.numbers.blocks else "not seen"
        return Comparison(f"{self.compared.label}: {why}", amounts)

    @property
    def description(self) -> str:
        """The chart in a sentence."""
        if self.burn is None:
            return describe(self.drawn, self.metric, self.by)
        return describe_burn(self.drawn.span, self.burn.totals, self.metric, self.beside)

    @property
    def kinds(self) -> Sequence[Kind]:
        """The legend of how what is drawn was seen."""
        return kinds(self.drawn, is_own=self.is_own)

    @property
    def outlook(self) -> Outlook | None:
        """What is expected, in a sentence."""
        return outlook(self.burning, self.sheet, self.metric, self.sheet.span.zone) if self.burning else None

    @property
    def caption(self) -> str:
        """How far the range of what is expected can be trusted, or why there is none."""
        return caption(self.burning) if self.burning else ""
