"""Everything the usage page says: one question for the view, finished values for the template."""

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import repeat

from django.utils.safestring import SafeString, mark_safe

from teams.models import Membership, Team
from usage.claims import Amount, Sureness, claimed
from usage.explore.figure.charts import METRIC_LABELS, describe, script_json, usage_figure
from usage.explore.figure.quality import Kind, kinds
from usage.explore.proof.agreement import NO_CLAIM, Agreement, agreement
from usage.explore.query.address import default_start, parse, until_of
from usage.explore.query.selection import DEFAULT_PERIOD, PERIODS, Selection
from usage.explore.reading import numbers
from usage.explore.reading.billing import OwnPeriod, billing_around, own_periods, own_totals
from usage.explore.remarks.beside import Beside
from usage.explore.remarks.noted import counted
from usage.explore.remarks.remark import Remark, signs
from usage.explore.sheet.block_rows import cut_words
from usage.explore.sheet.labels import span_label
from usage.explore.sheet.marks import Seen
from usage.explore.sheet.omissions import omission
from usage.explore.sheet.tables import Column, Sheet, make_sheet
from usage.ledger import METRICS, REQUESTS
from usage.models import Facts

# A team whose first period began longer ago was not first watched just now.
LONGEST_PERIOD = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a switch."""

    label: str
    query: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One series in the legend: the queries that hide or show it, and that show it alone."""

    column: Column
    is_hidden: bool
    toggle: str
    alone: str


@dataclass(frozen=True)
class Report:
    """What a team used over the selected span, as the page at `now` tells it."""

    team: Team
    now: datetime
    selection: Selection
    numbers: numbers.Numbers
    beside: Beside
    own: Sequence[OwnPeriod] = ()
    fallen: int = 0

    @cached_property
    def totals(self) -> Mapping[str, Amount]:
        """Tokens and requests of the whole span, or of each key's own billing period."""
        if self.own:
            return own_totals(self.own)
        return {metric: self._total_of(metric) for metric in METRICS}

    def _total_of(self, metric: str) -> Amount:
        sureness = self._sheet_of(metric).sureness
        return claimed(sureness, self.numbers.totals[metric], self.numbers.more[metric])

    @cached_property
    def sheet(self) -> Sheet:
        """The chosen metric by bucket and model."""
        return self._laid_out(is_untold=self.selection.metric in self.numbers.untold)

    def _sheet_of(self, metric: str) -> Sheet:
        """The sheet, as surely told as a metric is."""
        is_untold = metric in self.numbers.untold
        is_same = is_untold == (self.selection.metric in self.numbers.untold)
        return self.sheet if is_same else self._laid_out(is_untold=is_untold)

    def _laid_out(self, *, is_untold: bool) -> Sheet:
        found, untold = self.numbers, repeat(is_untold)
        seen = map(Seen, found.qualities, found.provisional, found.late, found.covered, untold, found.empty)
        used = found.used if found.overlaps else None
        return make_sheet(
            self.selection.span,
            found.by,
            found.amounts,
            list(seen),
            found.names,
            self.now,
            found.blocks,
            used,
        )

    @cached_property
    def drawn(self) -> Sheet:
        """The sheet without the series that the legend hides."""
        return self.sheet.without(self.selection.hidden)

    @property
    def legend(self) -> list[Entry]:
        """Every series with the addresses that hide it, show it, or show it alone."""
        columns = self.sheet.columns
        shown = {column.name for column in self.drawn.columns}
        return [
            Entry(
                column,
                column.name not in shown,
                self._showing(shown ^ {column.name}),
                self._showing({column.name}),
            )
            for column in columns
        ]

    def _showing(self, names: Container[str]) -> str:
        hidden = [column.name for column in self.sheet.columns if column.name not in names]
        return self.selection.query(hide=hidden if len(hidden) < len(self.sheet.columns) else [])

    @property
    def show_all(self) -> str:
        """The query without a filter."""
        return self.selection.query(hide="")

    @property
    def is_filtered(self) -> bool:
        """Tell whether the legend hides a series."""
        return self.drawn is not self.sheet

    @cached_property
    def remarks(self) -> list[Remark]:
        """What is to be told beside the bars, by time."""
        return self.beside.remarks(self.numbers, self.sheet, self.now, self.selection.query())

    @cached_property
    def figure_json(self) -> SafeString:
        """The figure for plotly.js, safe inside a script element."""
        signed = signs(self.selection.span, self.remarks)
        return mark_safe(script_json(usage_figure(self.drawn, signed, self.now)))  # noqa: S308  escaped

    @property
    def figure_id(self) -> str:
        """A name that changes when the drawing changes."""
        return hashlib.blake2b(self.figure_json.encode(), digest_size=8).hexdigest()

    @property
    def description(self) -> str:
        """The chart in a sentence."""
        return describe(self.drawn, self.selection.metric)

    @property
    def is_unseen(self) -> bool:
        """Tell whether nobody looked anywhere in the span: then nothing is known, not even zero."""
        return self.sheet.sureness == Sureness.UNKNOWN

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
    def kinds(self) -> Sequence[Kind]:
        """The legend of how the chart's bars were seen."""
        return kinds(self.drawn)

    @property
    def span_label(self) -> str:
        """The span as a title."""
        if self.own:
            return "Each key's own billing period"
        return span_label(self.selection.span)

    @property
    def metric_label(self) -> str:
        """The metric as a title."""
        return METRIC_LABELS[self.selection.metric]

    @property
    def periods(self) -> list[Choice]:
        """The switch between periods; custom days have a form of their own."""
        return [
            Choice(label, self.selection.query(period=period), period == self.selection.period)
            for period, label in PERIODS.items()
            if period != "custom"
        ]

    @property
    def metrics(self) -> list[Choice]:
        """The switch between metrics."""
        return [
            Choice(
                METRIC_LABELS[metric], self.selection.query(metric=metric), metric == self.selection.metric
            )
            for metric in METRICS
        ]

    @property
    def previous(self) -> str:
        """The query one step earlier, or nothing."""
        return self.selection.previous()

    @property
    def next(self) -> str:
        """The query one step later, or nothing."""
        return self.selection.next(self.now)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last local day of the span, no later than today."""
        return self.selection.local_days(self.now)

    @property
    def today(self) -> date:
        """The team's day."""
        return self.now.astimezone(self.team.zone).date()

    @property
    def per_request(self) -> int | None:
        """Tokens for each request, or nothing."""
        tokens, requests = (self.totals[metric].certain for metric in METRICS)
        return round(tokens / requests) if tokens > 0 and requests > 0 else None

    @property
    def measured(self) -> float | None:
        """The percentage of the time watched that was measured."""
        share = self.numbers.measured_share
        return None if share is None or self.numbers.is_own else 100 * share

    @property
    def local(self) -> str:
        """What is shown of keys whose servers tell no usage, in a sentence; empty where nothing is."""
        if not any(column.is_local for column in self.sheet.columns):
            return ""
        words = "Of keys whose servers tell no usage, what raxdash itself ran is shown and counted."
        if not (estimated := self.numbers.estimated):
            return words
        return f"{words} {counted(estimated, REQUESTS)} of it reported no tokens: theirs are estimated."

    @cached_property
    def agreement(self) -> Agreement:
        """Whether what is shown is what the provider says, by billing period."""
        metric = self.selection.metric
        if metric in self.numbers.untold:
            return NO_CLAIM
        return agreement(self.team, self.numbers, self.sheet, self.drawn, self.now, self.fallen)


def usage_report(
    team: Team, facts: Facts, query: Mapping[str, str], now: datetime, reader: Membership | None = None
) -> Report:
    """Read the address and the numbers it asks for; `facts` are those of the team's meters. `reader` is
    who may change some of the notes beside them.
    """
    selection = select(team, facts, query, now)
    span = selection.span
    return Report(
        team,
        now,
        selection,
        numbers.read(team, span.edges(), selection.metric, now=now, facts=facts),
        Beside.read(team, reader, span.start, span.end),
        own_periods(team, selection.until or now, is_late=bool(facts.late), untold=facts.untold)
        if selection.is_own
        else [],
        facts.fallen,
    )


def select(team: Team, facts: Facts, query: Mapping[str, str], now: datetime) -> Selection:
    """Read the address. Unless something else is asked for, a team that is watched for a short time is shown
    its billing period, of which the sum is exact; so is one whose providers tell of none that goes on.
    """
    zone, period = team.zone, query.get("period")
    if period == "billing":
        return parse(query, zone, now, billing_around(team, until_of(query, zone, now)).periods)
    start, has_ended = default_start(zone, now), 0 < facts.told == facts.ended
    is_recent = any(since > start - LONGEST_PERIOD for since, _, _ in facts.spans)
    if period or not (is_recent or has_ended):
        return parse(query, zone, now)
    billing = billing_around(team, now, watched_before=start)
    is_young = billing.periods and (has_ended or not billing.was_watched)
    return parse(query, zone, now, billing.periods, "billing" if is_young else DEFAULT_PERIOD)
