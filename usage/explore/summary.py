"""What a page says in two sentences, for a chat: how much was used, and by what most of it."""

from collections.abc import Sequence

from common.templatetags.names import isolated
from common.templatetags.numbers import percent
from usage.explore.query.measures import Measure
from usage.explore.report import Report
from usage.explore.tables.value_table import Entry

# So many values are named, and so much of a name.
MOST_NAMED, LONGEST_NAME = 3, 60


def summary_of(report: Report) -> str:
    """Both sentences; one where there is nothing to be told apart."""
    return " ".join(filter(None, (_how_much(report), _of_what(report))))


def title_of(report: Report) -> str:
    """What the page shows, of whom and of when: its title on paper."""
    what = f"{report.metric_label} by {report.controls.by_words.lower()}"
    as_of, zone = report.numbers.as_of, report.span.zone
    told = f", as of {as_of.astimezone(zone):%-d %b %Y, %H:%M}" if as_of else ""
    return f"{called(report.team.name)}: {what}, {report.span_label}{told} ({zone.key})"


def _how_much(report: Report) -> str:
    team, amount = called(report.team.name), report.totals[report.metric]
    unit = report.query.measure.unit
    when = "in each key's own billing period" if report.own else f"in {report.span_label}"
    if amount.drawn is None:
        return f"What {team} used {when} is not known: {_why(report)}."
    what = f"spent {amount.words}" if report.query.measure == Measure.COST else f"used {amount.words} {unit}"
    return f"{team} {what} {when}{_beside(report)}{_as_of(report)}."


def _why(report: Report) -> str:
    if report.is_to_come:
        return "the next poll tells it"
    return "nobody saw it" if report.is_unseen else "it was not seen whole"


def _beside(report: Report) -> str:
    """How that compares, where something is compared."""
    current = next((stat for stat in report.stats if stat.is_current), None)
    if current is None or not current.change or not report.compared:
        return ""
    return f", {current.change} against {current.before} in {report.compared.days}"


def _as_of(report: Report) -> str:
    """Until when it was told, in the team's time; nothing of time that is over."""
    as_of = report.numbers.as_of
    if as_of is None or report.span.end <= as_of:
        return ""
    zone = report.span.zone
    return f" (as of {as_of.astimezone(zone):%-d %b, %H:%M} {zone.key})"


def _of_what(report: Report) -> str:
    """The values that used the most of it."""
    if report.own:
        return ""
    table = report.tables.values
    named = [entry for entry in table.largest(MOST_NAMED) if entry.amount.certain > 0]
    if not named:
        return ""
    parts = _listed([_part(entry) for entry in named])
    rest = len(table.lines) - len(named)
    others = f", and {rest} more" if rest > 0 else ""
    by = table.dimension.label.lower()
    return f"By {by} that was {parts}{others}."


def _part(entry: Entry) -> str:
    share = f" ({percent(entry.percentage)})" if entry.percentage is not None else ""
    return f"{called(entry.line.label)} with {entry.amount.words}{share}"


def _listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


def called(name: str) -> str:
    """A name in one line, that cannot turn round the words beside it, nor call a whole channel."""
    text = " ".join(isolated(name).split())
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME].rstrip()}…"
