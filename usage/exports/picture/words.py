"""What stands around a picture, in words: of a report, or of a page as it was frozen."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, repeat
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from common.templatetags.names import isolated
from usage.explore.query.query import View
from usage.explore.report import Report
from usage.exports.json_text import sentences_of
from usage.exports.picture import paints
from usage.exports.picture.picture import LONGEST_NAME, Item, Told, cut
from usage.models import FrozenReport

MOST_REMARKS = 8

type Remarks = Sequence[tuple[int | None, str]]


def of_report(report: Report) -> Told:
    """A picture of a report, which has a chart: something was used, in one span of time."""
    what = f"{report.metric_label} by {report.controls.by_words.lower()}"
    as_of = report.numbers.as_of
    return Told(
        figure=report.chart.figure,
        description=report.chart.description,
        title=f"{what}{_growing(report.query.view)}, {report.span_label}",
        under=_under(report.team.name, report.totals[report.metric].words, report.span.zone.key),
        items=list(_items(report)),
        lines=[
            *_remarks([(remark.number, remark.text) for remark in report.remarks]),
            *sentences_of(report),
            *([f"As of {clock(as_of, report.span.zone)}"] if as_of else []),
        ],
    )


def of_frozen(kept: FrozenReport, told: dict[str, Any]) -> Told:
    """A picture of what a frozen page shows, whose figure is there; `told` is all that was frozen."""
    page, zone = told["page"], ZoneInfo(told["time_zone"])
    view = parse_qs(page["question"]).get("view", [""])[0]
    as_of = [f"As of {clock(datetime.fromisoformat(page['as_of']), zone)}"] if page["as_of"] else []
    return Told(
        figure=page["figure"],
        description=page["description"],
        title=f"{page['measure']} by {page['by']}{_growing(view)}, {page['label']}",
        under=_under(kept.team.name, _total(page), zone.key),
        items=list(_frozen_items(page)),
        lines=[*_remarks(page["remarks"]), *page["says"], *as_of, f"Frozen {clock(kept.frozen_at, zone)}"],
    )


def clock(at: datetime, zone: ZoneInfo) -> str:
    """An instant on the clocks of a zone: `22 Nov 2026, 12:00`."""
    return f"{at.astimezone(zone):%-d %b %Y, %H:%M}"


def _growing(view: str) -> str:
    return " as it adds up" if view == View.CUMULATIVE else ""


def _under(team: str, total: str, zone: str) -> str:
    return f"{cut(isolated(team), LONGEST_NAME)} · {total} in all · days in {zone}"


def _items(report: Report) -> Iterator[Item]:
    """Series, then how they were seen, then what is compared."""
    for column in report.drawn.columns:
        yield _series(column.label, column.number, column.total.words)
    yield from _seen([(kind.name, kind.looks) for kind in report.chart.kinds])
    yield from _compared(report.chart.comparison.label if report.chart.comparison else "")


def _frozen_items(page: dict[str, Any]) -> Iterator[Item]:
    """The same of a frozen page. One of before that was kept does not tell what each series comes to."""
    amounts = chain(page.get("totals", ()), repeat(""))
    for (name, number), amount in zip(page["legend"], amounts, strict=False):
        yield _series(name, number, amount)
    yield from _seen(page["kinds"])
    yield from _compared(page["compared"])


def _series(name: str, number: int | str, amount: str) -> Item:
    words = cut(isolated(name), LONGEST_NAME)
    return Item(paints.worn("plain", number), f"{words}  {amount}".rstrip())


def _seen(kinds: Sequence[tuple[str, Sequence[str]]]) -> Iterator[Item]:
    for name, looks in kinds:
        yield Item(paints.worn(looks[0], "other"), name)


def _compared(label: str) -> Iterator[Item]:
    if label:
        yield Item([{"fill": paints.INK, "fill_opacity": 0.55}], label)


def _remarks(remarks: Remarks) -> list[str]:
    lines = [f"({number}) {isolated(words)}" if number else isolated(words) for number, words in remarks]
    more = [f"and {len(lines) - MOST_REMARKS} more"] if len(lines) > MOST_REMARKS else []
    return [*lines[:MOST_REMARKS], *more]


def _total(page: dict[str, Any]) -> str:
    """What a page comes to, as it says first."""
    _, limit, number, *_ = next(stat for stat in page["stats"] if stat[3])
    return f"{limit} {number}".strip()
