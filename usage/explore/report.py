"""Everything the usage page says: one question for the view, finished values for the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from common.database.together import Reading, nothing, read, side_by_side
from teams.models import Team
from usage.claims import Amount, Sureness
from usage.explore.asking import Asked
from usage.explore.chart.burning import Burning
from usage.explore.chart.compared import Compared
from usage.explore.chart.drawing import Drawing
from usage.explore.chart.legend import Entry, entries
from usage.explore.controls import Controls
from usage.explore.costs import Cost, Costing
from usage.explore.own_part import own_part
from usage.explore.proof.agreement import agreement
from usage.explore.proof.claim import NO_CLAIM, Agreement
from usage.explore.query.periods import Period
from usage.explore.query.placed import Placed
from usage.explore.query.query import Query, View
from usage.explore.query.reader import sentence
from usage.explore.query.spans import Span, Step
from usage.explore.reading import numbers
from usage.explore.reading.asked import Asked as Question
from usage.explore.reading.lapses import Lapse, unpolled
from usage.explore.reading.periods.billing import OwnPeriod, own_totals
from usage.explore.remarks.beside import Beside
from usage.explore.remarks.remark import Remark, signs
from usage.explore.sheet.block_rows import cut_words
from usage.explore.sheet.certainty import seen_in
from usage.explore.sheet.labels import span_label
from usage.explore.sheet.layout import make_sheet
from usage.explore.sheet.omissions import omission
from usage.explore.sheet.sums import Sums
from usage.explore.sheet.tables import Sheet
from usage.explore.tables.own_table import OwnRow, own_days, own_rows
from usage.explore.tables.stats import Stat, stats_of
from usage.explore.tables.tables import Tables
from usage.explore.unmatched import hidden_names, idle_anchor, idle_names, unknown_filters
from usage.ledger import COST, METRICS


@dataclass(frozen=True)
class Report:
    """What a team used over the selected span, as the page at `now` tells it."""

    team: Team
    now: datetime
    asked: Asked
    numbers: numbers.Numbers
    beside: Beside
    own: Sequence[OwnPeriod] = ()
    fallen: int = 0
    compared: Compared | None = None
    behind: Compared | None = None
    reading: Question | None = None
    costing: Costing | None = None

    @property
    def placed(self) -> Placed:
        """The question in the team's calendar."""
        return self.asked.placed

    @property
    def query(self) -> Query:
        """The question that is answered."""
        return self.placed.query

    @property
    def metric(self) -> str:
        """What is counted."""
        return self.query.measure.value

    @property
    def span(self) -> Span:
        """The time that is asked for, cut into buckets."""
        return self.placed.span

    @property
    def problem(self) -> str:
        """What had to be changed to answer, and which filters name what is not there, in words."""
        unknown = unknown_filters(self.query.filters, self.numbers.names)
        idle = idle_names(self.query.hidden, self.sheet.columns, self.query.by)
        found = sentence([*unknown, *idle, *idle_anchor(self.placed)])
        return " ".join(filter(None, (self.asked.problem, found)))

    @property
    def span_address(self) -> str:
        """The question to which dragging over the chart adds a start and an end."""
        return f"?{self.query.address(period=Period(), step=None)}"

    @property
    def bucket_address(self) -> str:
        """The question to which pressing a bar adds its start and end; none where it has no parts."""
        return "" if self.span.step == Step.QUARTER_HOUR else self.span_address

    @cached_property
    def controls(self) -> Controls:
        """The controls above the chart."""
        return Controls(self.placed, self.numbers.names, self.accounts, self.beside.reader_id)

    @property
    def accounts(self) -> int:
        """How many accounts told of their billing periods."""
        return self.costing.facts.told if self.costing else 0

    @cached_property
    def totals(self) -> Mapping[str, Amount]:
        """The sums of what is shown of the span, or of each key's own billing period."""
        return own_totals(self.own) if self.own else self.sums.totals

    @property
    def own_rows(self) -> list[OwnRow]:
        """Each key's own billing period, as rows of a table."""
        return list(own_rows(self.query, self.own))

    @property
    def own_days(self) -> str:
        """The question of the days since the first of these periods began."""
        return own_days(self.query, self.own, self.today, self.team.zone)

    @cached_property
    def cost(self) -> Cost | None:
        """What is said of what it cost; None where nobody knows."""
        return None if self.costing is None else self.costing.cost(self.numbers, self.own)

    @cached_property
    def sums(self) -> Sums:
        """The sums of what is shown."""
        return Sums.of(self.numbers, self.now, self.sheet.columns, self.hidden)

    @cached_property
    def before(self) -> Sums | None:
        """The sums of the same in the time that is compared; None where nothing is."""
        if self.compared is None or self.own:
            return None
        return Sums.of(self.compared.numbers, self.now, self.sheet.columns, self.hidden)

    @property
    def hidden(self) -> set[str]:
        """The series that the legend hides, by name."""
        return {column.name for column in self.sheet.columns} - {column.name for column in self.drawn.columns}

    @property
    def stats(self) -> Sequence[Stat]:
        """The totals, which are tabs."""
        has_cost = self.cost is not None and (self.cost.has_number or self.numbers.metric == COST)
        told = {name: total for name, total in self.totals.items() if name != COST or has_cost}
        return stats_of(self.query, told, self.before, self.compared.until if self.compared else "")

    @cached_property
    def tables(self) -> Tables:
        """The tables below the chart."""
        return Tables(self.query, self.drawn, self.sums, self.before)

    @cached_property
    def sheet(self) -> Sheet:
        """The chosen metric by bucket and model."""
        found = self.numbers
        return make_sheet(
            self.span,
            found.by,
            found.amounts,
            seen_in(found, is_untold=self.metric in found.untold),
            found.names,
            self.now,
            found.blocks,
            found.used if found.overlaps else None,
            found.unit,
            found.traces,
        )

    @cached_property
    def drawn(self) -> Sheet:
        """The sheet without the series that the legend hides."""
        return self.sheet.without(hidden_names(self.query.hidden, self.sheet.columns))

    @property
    def legend(self) -> list[Entry]:
        """Every series with the addresses that hide it, show it, or show it alone."""
        return entries(self.query, self.sheet, self.drawn)

    @property
    def show_all(self) -> str:
        """The query without a filter."""
        return self.query.address(hidden=())

    @property
    def is_filtered(self) -> bool:
        """Tell whether the legend hides a series."""
        return self.drawn is not self.sheet

    @cached_property
    def remarks(self) -> list[Remark]:
        """What is to be told beside the bars, by time."""
        lapses, accounts = self._lapses, self.numbers.meters
        count = self.accounts if accounts is None else len(accounts)
        return self.beside.remarks(self.numbers, self.sheet, self.now, self.query, lapses, count)

    @property
    def _lapses(self) -> Sequence[Lapse]:
        """When exactly something was not seen, as far as what was read tells it."""
        if self.reading is None or self.numbers.is_own:
            return ()
        return [*self.agreement.lapses, *unpolled(self.reading, self.numbers.meters)]

    @cached_property
    def chart(self) -> Drawing:
        """What is drawn, and the words beside it."""
        signed, burnt = list(signs(self.span, self.remarks)), self._conclusions[1]
        shown = self.metric, self.query.by, self.sheet, self.drawn, signed
        as_of, is_own = self.numbers.as_of, self.numbers.is_own
        return Drawing(*shown, self.now, as_of, self.behind, burnt, is_own=is_own)

    @cached_property
    def _conclusions(self) -> tuple[Agreement, Burning | None]:
        """What is asked once the numbers are laid out. One query."""
        return read(side_by_side(self._agreed(), self._burnt()))

    def _agreed(self) -> Reading[Agreement]:
        money = self.costing.told_metric if self.costing and self.metric == COST else ""
        if self.metric in self.numbers.untold or not (money or self.metric in METRICS):
            return nothing(NO_CLAIM)
        has_parts = self.costing is None or self.costing.facts.parted > 0
        past = self.reading.lookups.past if self.reading else None
        shown = self.team, self.numbers, self.sheet, self.drawn, self.now, self.fallen, money, past
        return agreement(*shown, has_parts=has_parts)

    def _burnt(self) -> Reading[Burning | None]:
        is_drawn = self.query.view == View.CUMULATIVE and not self.placed.is_own
        if self.reading is None or self.costing is None or not is_drawn:
            return nothing(None)
        tariff = self.costing.by_series if self.metric == COST else None
        return Burning.read(self.placed, self.reading, self.numbers, self.sheet, self.costing.facts, tariff)

    @property
    def is_unseen(self) -> bool:
        """Tell whether nobody looked anywhere in the span so far: then nothing is known, not even zero."""
        return self.is_to_come or self.sheet.sureness == Sureness.UNKNOWN

    @property
    def is_to_come(self) -> bool:
        """Tell whether nobody was to look in the span before now: the next poll tells the first of it."""
        return self.sheet.sureness == Sureness.TO_COME

    @property
    def is_seen_whole(self) -> bool:
        """Tell whether all of the span was seen, as far as it has passed."""
        return self.sheet.sureness == Sureness.KNOWN

    @property
    def omission(self) -> str:
        """What the totals leave out, in a sentence."""
        return "" if self.is_unseen else omission(self.numbers, self.sheet)

    @property
    def cut(self) -> str:
        """What may have been used in the span beside its total, in a sentence."""
        return cut_words(self.sheet.blocks, self.sheet.total)

    @property
    def span_label(self) -> str:
        """The span as a title."""
        if self.own:
            return "Each key's own billing period"
        return span_label(self.span)

    @property
    def metric_label(self) -> str:
        """The metric as a title."""
        return self.query.measure.name_in(self.sheet.unit)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last local day of the span, no later than today."""
        return self.placed.days

    @property
    def today(self) -> date:
        """The team's day."""
        return self.now.astimezone(self.team.zone).date()

    @property
    def measured(self) -> float | None:
        """The percentage of the time watched that was measured."""
        share = self.numbers.measured_share
        return None if share is None or self.numbers.is_own else 100 * share

    @property
    def local(self) -> str:
        """What of it raxdash counted itself, in a sentence; empty where it is all as providers tell it."""
        return own_part(self.numbers, self.sheet)

    @property
    def agreement(self) -> Agreement:
        """Whether what is shown is what the provider says, by billing period."""
        return self._conclusions[0]
