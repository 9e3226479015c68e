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
from usage.explore.tables.stats import Stat
from usage.explore.tables.value_table import Entry
from usage.models import FrozenReport, Meter

# A team keeps so many.
MOST_FROZEN = 500
FULL = f"The team keeps {MOST_FROZEN} frozen pages, the most there can be. Remove one first."
NOTHING = "Here is nothing to be frozen: choose a time of which something is known."
# Of more rows the largest are kept, and the total.
MOST_ROWS = 200
# What is kept of the table, beside names and shares.
COLUMNS = ("amount", "change", "beside", "average", "cost")
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
        "stats": list(map(_stat, report.stats)),
        "why": report.compared.why.text if report.compared and report.compared.why else "",
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
        "totals": [column.total.words for column in report.drawn.columns],
        "kinds": [[kind.name, list(kind.looks)] for kind in chart.kinds],
        "compared": chart.comparison.label if chart.comparison else "",
        "remarks": [[remark.number, remark.text] for remark in report.remarks],
        "sheet": sheet_of(report),
        **_table(report),
    }


def _stat(stat: Stat) -> list[Any]:
    """A total, and what it is compared with. A page of before that was kept has the first four alone."""
    before = f"{stat.before} on {stat.until}" if stat.before and stat.until else stat.before
    compared = [stat.change, before, stat.difference]
    return [stat.label, stat.limit, stat.number, stat.is_current, *compared]


def _says(report: Report) -> Iterator[str]:
    """What the totals hold and leave out, in sentences."""
    yield from filter(None, (report.problem, report.local, report.cut, report.omission))
    if report.cost and report.cost.note:
        yield f"{report.cost.label}: {report.cost.note}."
    if report.is_filtered:
        yield "Some series are hidden."


def _table(report: Report) -> dict[str, Any]:
    """The table by value: the heads of its columns, and of each row what stands below them."""
    table = report.tables.values
    entries = table.largest(MOST_ROWS)
    columns = [name for name in COLUMNS if name in table.heads and (name != "change" or table.before)]
    total = {
        "amount": table.total,
        "change": table.total_change,
        "beside": table.total_beside,
        "average": table.total_average,
        "cost": table.total_cost if table.has_cost else None,
    }
    return {
        "heads": [table.heads[name].label for name in ("name", *columns)],
        "rows": [_row(entry, columns) for entry in entries],
        "more": len(table.lines) - len(entries),
        "total": [str(total[name]) for name in columns],
    }


def _row(entry: Entry, columns: Sequence[str]) -> list[Any]:
    """A name, the number of its colour, its share, and what it used."""
    line = entry.line
    told = {
        "amount": entry.amount,
        "change": entry.change or "–",
        "beside": entry.other,
        "average": line.average,
        "cost": entry.cost,
    }
    return [line.label, line.number, percent(entry.percentage), [str(told[name]) for name in columns]]


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
