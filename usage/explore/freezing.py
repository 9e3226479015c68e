"""Pages of usage as they were: kept with their numbers for a link that stays, found again, and removed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404

from common.templatetags.numbers import percent
from teams import audit
from teams.changes import Refused, change
from teams.models import Membership, Team
from teams.permissions import Access
from usage.acts import UsageAct
from usage.explore import frozen
from usage.explore.answering import usage_report
from usage.explore.frozen_sheet import sheet_of
from usage.explore.query.listing import Listing
from usage.explore.query.reader import Parts
from usage.explore.report import Report
from usage.explore.status import Availability, availability_of
from usage.explore.tables.value_table import Entry
from usage.models import FrozenReport, Meter

# A team keeps so many.
MOST_FROZEN = 500
FULL = f"The team keeps {MOST_FROZEN} frozen pages, the most there can be. Remove one first."
NOTHING = "Here is nothing to be frozen: choose a time of which something is known."
# Of more rows the largest are kept, and the total.
MOST_ROWS = 200
# So many numbers that are told otherwise now are listed.
MOST_DIFFERENCES = 20


class Deed(models.TextChoices):
    """What was done to frozen pages of others, in words that follow a person's name."""

    FROZEN_REMOVED = "frozen.removed", "removed the frozen page"


def freeze(access: Access, made: Callable[[], Report | None]) -> FrozenReport:
    """Keep what a page shows, whose report is `made` with the team locked: no answer is taken between its
    numbers and those that are kept with them. Raises `Refused` where there is nothing, or no room.
    """
    with change(access, UsageAct.FREEZE) as actor:
        if FrozenReport.objects.for_team(actor.team).pages().count() >= MOST_FROZEN:
            raise Refused(FULL)
        report = made()
        if report is None or report.own or report.is_unseen:
            raise Refused(NOTHING)
        title = f"{report.metric_label} by {report.controls.by_words.lower()}, {report.span_label}"
        page, edges = page_of(report), report.span.edges()
        return frozen.freeze(actor.team, title, edges, report.now, page, actor.user)


def report_of(access: Access, parts: Parts, now: datetime) -> Report | None:
    """What the page of an address shows; None where there are no numbers."""
    team = access.team
    facts = Meter.objects.for_team(team).facts(now)
    if availability_of(team, facts) != Availability.SHOWN:
        return None
    return usage_report(team, facts, parts, now, access.membership)


def find(team: Team, number: int) -> FrozenReport:
    """A frozen page of a team; 404 where there is none."""
    return get_object_or_404(FrozenReport.objects.for_team(team).pages(), pk=number)


def may_remove(report: FrozenReport, member: Membership) -> bool:
    """Tell whether a member may take a frozen page away."""
    return report.is_by(member) or member.may(UsageAct.REMOVE_FROZEN)


def remove(access: Access, number: int) -> None:
    """Take a frozen page away for good. Raises `Refused` where it is not theirs to remove."""
    with change(access, UsageAct.FREEZE) as actor:
        report = find(actor.team, number)
        if not may_remove(report, actor):
            raise Refused("Only whoever froze a page, owners and admins may remove it.")
        if not report.is_by(actor):
            audit.record(actor.team, Deed.FROZEN_REMOVED, by=actor.user, about=report, ip=access.ip)
        report.delete()


def page_of(report: Report) -> dict[str, Any]:
    """All that a page shows, as plain values, but for people's notes: who removes one removes it."""
    report = replace(report, beside=replace(report.beside, notes=()))
    chart, found, agreement = report.chart, report.numbers, report.agreement
    return {
        "question": report.query.changed(saved="", listing=Listing()).address(),
        "label": report.span_label,
        "measure": report.metric_label,
        "by": report.controls.by_words.lower(),
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "stats": [[stat.label, stat.limit, stat.number, stat.is_current] for stat in report.stats],
        "filters": [
            [chip.dimension.label, chip.verb, list(chip.names), chip.others] for chip in report.controls.chips
        ],
        "says": list(_says(report)),
        "claim": agreement.words,
        "matches": agreement.matches,
        "measured": "" if report.measured is None else percent(report.measured),
        "figure": chart.figure if report.sheet.columns else None,
        "description": chart.description,
        "legend": [[column.label, column.number] for column in report.drawn.columns],
        "kinds": [[kind.name, list(kind.looks)] for kind in chart.kinds],
        "compared": chart.comparison.label if chart.comparison else "",
        "remarks": [[remark.number, remark.text] for remark in report.remarks],
        "sheet": sheet_of(report),
        **_table(report),
    }


def _says(report: Report) -> Iterator[str]:
    """What the totals hold and leave out, in sentences."""
    yield from filter(None, (report.problem, report.local, report.cut, report.omission))
    if report.cost and report.cost.note:
        yield f"{report.cost.label}: {report.cost.note}."
    if report.is_filtered:
        yield "Some series are hidden."


def _table(report: Report) -> dict[str, Any]:
    """The table by value."""
    table = report.tables.values
    entries = table.largest(MOST_ROWS)
    return {
        "heads": [table.heads[name].label for name in ("name", "amount", "beside", "average")],
        "rows": list(map(_row, entries)),
        "more": len(table.lines) - len(entries),
        "total": [str(table.total), str(table.total_beside), str(table.total_average)],
    }


def _row(entry: Entry) -> list[Any]:
    """A name, the number of its colour, its share, and what it used."""
    line = entry.line
    amounts = [str(entry.amount), str(entry.other), str(line.average)]
    return [line.label, line.number, percent(entry.percentage), amounts]


def changed_since(
    report: FrozenReport, page: dict[str, Any], now: datetime
) -> tuple[Sequence[frozen.Difference], int]:
    """What keys used, where the ledger tells it otherwise by now: the newest first, and how many more there
    are. Of time that had not been told yet nothing is compared.
    """
    if page["as_of"] is None:
        return (), 0
    told = datetime.fromisoformat(page["as_of"])
    found = [
        one
        for one in frozen.differences(report, now)
        if one.group == "key" and datetime.fromisoformat(one.end) <= told
    ]
    found.sort(key=lambda one: (one.start, one.name), reverse=True)
    return found[:MOST_DIFFERENCES], max(len(found) - MOST_DIFFERENCES, 0)
