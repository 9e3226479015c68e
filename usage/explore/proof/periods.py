"""For each billing period and account that a span touches: what the provider last told, by which answer, what
is shown, and every reason why the two may differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Window,
)
from django.db.models.functions import Coalesce, Least

from common.database.together import read, side_by_side
from common.lists import ListAddress, ListPage, nearest
from common.templatetags.numbers import grouped
from teams.models import Team
from usage.explore.proof.edges import can_be_parted, edge_sums
from usage.explore.proof.last_answers import Answer, answers_about, notes_within
from usage.explore.proof.reasons import Known
from usage.explore.proof.sums import Adding
from usage.explore.reading.sums.source import Interval
from usage.explore.sheet.changes import signed
from usage.ledger import REQUESTS, RULES, TOKENS, UNATTRIBUTED
from usage.ledger.grid import QUARTER
from usage.ledger.words import microseconds, moment
from usage.models import Knot, Meter, Period, SharingSuggestion
from usage.models.ledger.json_sums import AmountOfModel, SumOfModels
from usage.models.ledger.periods import boundary_moved
from usage.models.meters.lateness import meter_has_ended, meter_is_late
from usage.prices.money import USUAL, told_words

PER_PAGE = 25
MOST_PAGES = 100_000
TOTALS = {TOKENS: "total_tokens", REQUESTS: "total_requests"}


@dataclass(frozen=True, slots=True)
class ProvenPeriod:
    """One billing period of one account. `told` is what the provider last said that counts, of the models
    that are asked for; `shown` what is added up of what pages show, None where that cannot be.
    """

    meter: Meter
    start: datetime
    end: datetime | None
    told: int
    shown: int | None
    answer: Answer | None
    known: Known

    @property
    def difference(self) -> int | None:
        """How much more is shown than was told."""
        return None if self.shown is None else self.shown - self.told

    @property
    def difference_words(self) -> str:
        """`0`, `+1,200`, `−3`; a dash where it is not known."""
        if self.difference is None:
            return "–"
        return signed(self.difference, self._number) if self.difference else "0"

    @property
    def told_words(self) -> str:
        """What was told: `1,200`, `14.125 EUR`."""
        return self._number(self.told)

    @property
    def shown_words(self) -> str:
        """What is shown, a dash where it is not known."""
        return "–" if self.shown is None else self._number(self.shown)

    @property
    def is_money(self) -> bool:
        """Tell whether it is told to the last digit, not to the token."""
        return bool(self.known.currency)

    def _number(self, amount: int) -> str:
        return told_words(amount, self.known.currency) if self.is_money else grouped(amount)

    @property
    def began(self) -> int:
        """Its begin in microseconds, as its address names it."""
        return microseconds(self.start)

    @property
    def is_proven(self) -> bool:
        """Tell whether what is shown is what the provider says, to the token, and all of it."""
        return self.difference == 0 and not self.known.is_lower_bound

    @property
    def reasons(self) -> list[str]:
        """Why what is shown may not be all, or not the same, in sentences without a full stop."""
        return self.known.reasons(self.told, self.difference)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of which meters: [start, end) up to `now`, a metric, a condition on meters, and the
    models as `SumOfModels` takes them. Of money the metric is that of a `currency`.
    """

    team: Team
    start: datetime
    end: datetime
    now: datetime
    metric: str
    meters: Q
    models: Mapping[str, Sequence[str]]
    days_zone: str | None
    currency: str = ""

    @property
    def most_told(self) -> Max:
        """The most that some answers told of the metric."""
        if not self.currency:
            return Max(TOTALS[self.metric])
        unnamed = Q(currency=None) | Q(currency="") if self.currency == USUAL else Q()
        return Max("cost_millionths", filter=Q(currency__iexact=self.currency) | unnamed)


def proven_periods(asked: Asked, address: ListAddress, number: str) -> ListPage[Any]:
    """One page of periods, that of a number as an address names it, newest first, then by name. Four queries;
    one more where there is no such page, and where a period begins or ends within a quarter of an hour.
    """
    rows = _told(asked)
    first = (nearest(number, MOST_PAGES) - 1) * PER_PAGE
    listed = list(rows[first : first + PER_PAGE]) or (_last_page(rows) if first else [])
    page = address.page_of(rows, PER_PAGE, count=listed[0]["count"] if listed else 0)
    page.object_list = _proven(asked, listed)
    return page


def _last_page(rows: Any) -> list[Mapping[str, Any]]:
    """The rows of the last page: each of them tells how many there are."""
    last = list(rows.reverse()[:PER_PAGE])
    return last[: (last[0]["count"] - 1) % PER_PAGE + 1][::-1] if last else []


def _told(asked: Asked) -> Any:
    """What was told of each period of each meter of which some time lies in the span and has passed."""
    chosen = Meter.objects.for_team(asked.team).filter(asked.meters).order_by()
    mine = Period.objects.filter(meter__in=chosen.values("pk"), superseded=False)
    touched = mine.touching(asked.start, min(asked.end, asked.now))
    knot = Knot.objects.filter(meter=OuterRef("meter"), at=OuterRef("last_at"))
    told_at = Subquery(knot.annotate(told=Coalesce("polled_at", "at")).values("told")[:1])
    sums = touched.annotate(told_at=told_at).values("meter", "began", "ended")
    return sums.annotate(
        told=Sum(SumOfModels("counters", asked.metric, **asked.models)),
        whole=Sum(SumOfModels("counters", asked.metric)),
        unattributed=Sum(AmountOfModel("counters", asked.metric, UNATTRIBUTED)),
        # A cost that is told for the first time within a period is counted from there on.
        opening=Sum(Least(AmountOfModel("opening", asked.metric, UNATTRIBUTED), 0)),
        tail_time=Max("tail"),
        inexact=Count("pk", filter=Q(exact=False)),
        moved=Count("pk", filter=boundary_moved()),
        resets=Count("told_start"),
        answered=Max("told_at"),
        name=Max(Coalesce("meter__key__name", "meter__name")),
        count=Window(Count("*")),
    ).order_by("-began", "name", "meter")


def _proven(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> list[ProvenPeriod]:
    meters = _meters({row["meter"] for row in rows})
    (answers, late), notes = read(
        side_by_side(answers_about(rows, meters, asked.most_told), notes_within(rows))
    )
    addable = [_addable(row, asked.now) for row in rows]
    spans: dict[Interval, list[int]] = {}
    for row, span in zip(rows, addable, strict=True):
        if span:
            spans.setdefault(span, []).append(row["meter"])
    sums = Adding(asked.team, asked.metric, asked.days_zone, asked.models).sums(spans)
    sums.used.update(edge_sums(spans, asked.metric, asked.models))
    found = []
    for row, span in zip(rows, addable, strict=True):
        meter, place = meters[row["meter"]], (row["meter"], row["began"])
        is_open = row["ended"] is None or row["ended"] > microseconds(asked.now)
        told_late, stale = late.get(place, (None, 0))
        found.append(
            ProvenPeriod(
                meter,
                moment(row["began"]),
                None if row["ended"] is None else moment(row["ended"]),
                row["told"],
                sums.used[span, meter.pk] if span else None,
                answers.get(place),
                Known(
                    metric=asked.metric,
                    currency=asked.currency,
                    not_told=-row["opening"] if asked.currency else 0,
                    whole=row["whole"],
                    tail=timedelta(microseconds=row["tail_time"]),
                    is_moved=bool(row["moved"]),
                    is_inexact=bool(row["inexact"]),
                    resets=row["resets"],
                    unattributed=0 if asked.currency else row["unattributed"],
                    notes=notes.get(place, ()),
                    told_late=told_late,
                    stale=stale,
                    of_days=sums.told[span, meter.pk] if span else 0,
                    is_addable=span is not None,
                    **_of_meter(meter, asked, is_open=is_open),
                ),
            )
        )
    return found


def _of_meter(meter: Meter, asked: Asked, *, is_open: bool) -> dict[str, Any]:
    """What is known of the account itself; most of it is about the period that goes on."""
    return {
        "keys": 1 + meter.joined,  # type: ignore[attr-defined]  # annotated
        "is_doubted": meter.is_doubted,  # type: ignore[attr-defined]  # annotated
        "is_held": meter.is_held,
        "is_outdated": (meter.rules or 0) < RULES,
        "fallen": meter.fallen_tokens or 0 if is_open else 0,
        "is_late": is_open and meter_is_late(meter, asked.now),
        "error": (meter.answer_error or meter.last_error) if is_open else "",
        "has_ended": meter_has_ended(meter) and meter.period_end == meter.watched_until,
        "is_untold": meter.untold == asked.metric,
        "unread": meter.unread_parts if is_open else "",
    }


def _addable(row: Mapping[str, Any], now: datetime) -> Interval | None:
    """The time of a period up to now, where all of it can be added up and nothing else. What a boundary that
    was moved parted is not kept.
    """
    start, end = row["began"], row["ended"]
    until = -(-microseconds(now) // QUARTER) * QUARTER
    end = until if end is None or end > until else end
    is_parted = bool(start % QUARTER or end % QUARTER)
    if end <= start or (is_parted and (row["moved"] or row["inexact"] or not can_be_parted(start, end))):
        return None
    return start, end


def _meters(ids: set[int]) -> dict[int, Meter]:
    """The meters with their keys, how many are counted with each, and whether one may share its account."""
    joined = Meter.objects.counted().filter(merged_into=OuterRef("pk")).order_by()
    count = joined.values("merged_into").annotate(count=Count("pk")).values("count")
    doubts = SharingSuggestion.objects.open().filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")))
    found = (
        Meter.objects.filter(pk__in=ids)
        .select_related("key")
        .defer("state")
        .annotate(
            joined=Coalesce(Subquery(count, output_field=IntegerField()), 0),
            is_doubted=Exists(doubts.order_by()),
        )
    )
    return {meter.pk: meter for meter in found}
