"""The rows of a file, one by one: whom each is about, from when to when, and what was used."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from usage.books.answers.answer import UNREADABLE, cost_metric
from usage.books.answers.breakdown import BY_RAXDASH
from usage.claims import IS_ESTIMATE
from usage.imports.files import columns, values
from usage.imports.files.columns import Columns
from usage.imports.files.faults import Faults, Unreadable, quoted
from usage.imports.files.whom import Accounts, Named
from usage.ledger import METRICS, UNATTRIBUTED
from usage.ledger.words import COST, OTHER_MODELS, microseconds

# Ids of what is no model of a provider.
NONE, OTHERS, OWN = "none", "others", "own-"
# What our files say of numbers that may still grow, and of those of which a part is not known.
PROVISIONAL, AT_LEAST = "provisional", "at least"
NO_END = "It has no end."
BACKWARDS = "It ends before it begins."
NO_MODEL = "{} cannot be the name of a model."
NO_METRIC = "{} is neither tokens nor requests nor cost."
NO_CODE = "{} is no currency. Write its code, such as EUR."
ESTIMATED = (
    "These costs are estimates: they follow from tokens and prices. "
    "Export tokens, and set the same prices here."
)
NO = ("", "0", "no", "false")


# What a row has in each column; nothing in those that are not there.
type Cells = Mapping[str, str]


class Row(NamedTuple):
    """What a line tells of a meter and a model, by metric; within one that `is_stretch` may lie others."""

    line: int
    meter: int
    model: str
    start: int
    end: int
    day: date
    counts: dict[str, int]
    is_stretch: bool


@dataclass(slots=True)
class RowReader:
    """Reads rows; what is wrong goes to `faults`. Counted are those without a number (`passed`), of raxdash's
    `own` runs, and of a time that was not over (`unfinished`); and of those taken, who say `at_least`.

    `meter` is whom rows are about where they do not say it themselves.
    """

    columns: Columns
    accounts: Accounts
    zone: ZoneInfo
    now: datetime
    meter: int | None = None
    faults: Faults = field(default_factory=Faults)
    passed: int = 0
    own: int = 0
    unfinished: int = 0
    at_least: int = 0

    def read(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
        """The rows that can be taken."""
        for line, row_cells in rows:
            cells: Cells = defaultdict(str, self.columns.told(row_cells))
            try:
                row = self._row(line, cells)
            except ValueError as error:
                self.faults.add(line, str(error))
                continue
            if row is not None:
                yield row

    def _row(self, line: int, cells: Cells) -> Row | None:
        """One row; None where it tells no number, what no provider counts, or a time that is not over."""
        if self._is_own(cells):
            self.own += 1
            return None
        counts = self._counts(cells)
        if not counts:
            self.passed += 1
            return None
        start, end, day = self._span(cells)
        quality = cells[columns.QUALITY]
        if end > microseconds(self.now) or quality == PROVISIONAL:
            self.unfinished += 1
            return None
        self.at_least += quality == AT_LEAST
        is_stretch = cells[columns.STRETCH].lower() not in NO
        return Row(line, self._meter(cells), self._model(cells), start, end, day, counts, is_stretch)

    def _is_own(self, cells: Cells) -> bool:
        """Whether raxdash itself ran it: no provider counts that, and raxdash keeps it by itself."""
        ids = (cells[name] for name in (columns.KEY_ID, columns.MODEL_ID, columns.ACCOUNT_ID))
        return any(one.startswith(OWN) for one in ids) or cells[columns.MODEL].startswith(BY_RAXDASH)

    def _counts(self, cells: Cells) -> dict[str, int]:
        told = {metric: cells[metric] for metric in self.columns.metrics}
        if amount := cells[columns.AMOUNT]:
            metric = cells[columns.MEASURE].lower()
            if metric not in (*METRICS, COST):
                raise ValueError(NO_METRIC.format(quoted(metric)))
            told[metric] = amount
        cost = told.pop(COST, "")
        counts = {metric: values.whole_number(text) for metric, text in told.items() if text}
        return counts | ({_currency(cells[columns.UNIT]): values.millionths(cost)} if cost else {})

    def _span(self, cells: Cells) -> tuple[int, int, date]:
        first, last = (cells[name] for name in (columns.START, columns.END))
        start, day = values.start_of(first, self.zone)
        if not last and not values.DAY.fullmatch(first):
            raise ValueError(NO_END)
        end = values.end_of(last or first, self.zone)
        if end <= start:
            raise ValueError(BACKWARDS)
        values.check_start(start, self.now, first)
        return start, end, day

    def _meter(self, cells: Cells) -> int:
        named = Named(
            cells[columns.KEY_ID].lower(),
            cells[columns.KEY] or cells[columns.ACCOUNT],
            cells[columns.ACCOUNT_ID],
        )
        if self.meter is not None and not any(named):
            return self.meter
        return self.accounts.find(named)

    def _model(self, cells: Cells) -> str:
        model_id, name = cells[columns.MODEL_ID], cells[columns.MODEL]
        if model_id in (NONE, OTHERS):
            return UNATTRIBUTED if model_id == NONE else OTHER_MODELS
        if not name and not model_id:
            return UNATTRIBUTED
        if not values.is_name(name):
            raise ValueError(NO_MODEL.format(quoted(name or model_id)))
        return name


def _currency(unit: str) -> str:
    """The metric of a cost in a currency; raises `Unreadable` for one that nobody told."""
    if unit.endswith(IS_ESTIMATE):
        raise Unreadable(ESTIMATED)
    if not unit:
        raise Unreadable(columns.NO_CURRENCY)
    metric = cost_metric(unit)
    if metric == UNREADABLE:
        raise ValueError(NO_CODE.format(quoted(unit)))
    return metric
