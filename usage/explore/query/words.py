"""Periods, steps and comparisons in the reader's words."""

from datetime import date, datetime

from usage.explore.query.pairing import Pairing
from usage.explore.query.placed import Placed
from usage.explore.query.team_time import MOMENT, ONE_DAY, QUARTER, TeamTime, clock


def days_words(first: date, last: date, today: date) -> str:
    """Days, both included, with the year only where it is not this one: `21 – 27 Sep`, `Sat 21 Nov`."""
    year = "" if first.year == last.year == today.year else " %Y"
    if first == last:
        return first.strftime(f"%a %-d %b{year}")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%-d} – " + last.strftime(f"%-d %b{year}")
    return first.strftime(f"%-d %b{year if first.year != last.year else ''}") + last.strftime(
        f" – %-d %b{year}"
    )


def span_words(start: datetime, end: datetime, time: TeamTime) -> str:
    """A time as days, with hours where it does not begin and end with one."""
    first, last = time.day_of(start), time.day_of(end - MOMENT)
    if time.midnight(first) == start and time.midnight(last + ONE_DAY) == end:
        return days_words(first, last, time.today)
    since, until = start.astimezone(time.zone), end.astimezone(time.zone)
    year = "" if since.year == until.year == time.today.year else " %Y"
    if time.midnight(first) == start and first == last:
        return f"{days_words(first, last, time.today)}, to {clock(until)}"
    if time.midnight(first) == start:
        return f"{days_words(first, last, time.today)}, {clock(until)}"
    if first == last:
        return since.strftime(f"%a %-d %b{year}, ") + f"{clock(since)} – {clock(until)}"
    begin, end_day = since.strftime(f"%-d %b{year}"), until.strftime(f"%-d %b{year}")
    return f"{begin}, {clock(since)} – {end_day}, {clock(until)}"


def period_words(placed: Placed) -> str:
    """The days or hours that a question asks for."""
    if placed.is_own:
        return "each key's own"
    return span_words(placed.bounds.start, placed.bounds.end, placed.time)


def compared_words(pairing: Pairing, time: TeamTime) -> str:
    """The days that a total is compared with, as far as it has gone: `21 – 27 Sep`."""
    return span_words(pairing.start, max(pairing.cut, pairing.start + QUARTER), time)


def until_words(pairing: Pairing, time: TeamTime) -> str:
    """Where a time is left of which not all is compared: `26 Oct, 14:00`; else empty."""
    if pairing.cut >= pairing.end:
        return ""
    local = pairing.cut.astimezone(time.zone)
    return local.strftime("%-d %b, %H:%M" if local.year == time.today.year else "%-d %b %Y, %H:%M")


def comparison_words(placed: Placed) -> str:
    """With what is compared, as a button says it: `7 days before`."""
    compare = placed.query.compare
    if compare is None:
        return "nothing"
    if compare.days:
        return days_words(*compare.days, placed.time.today)
    if compare.shift:
        return compare.label[0].lower() + compare.label[1:]
    return before_words(placed)


def against_words(placed: Placed, pairing: Pairing) -> str:
    """The same within a sentence: `+1.2 M against the 7 days before`, or `last week up to 19 Nov, 14:00`."""
    compare, words = placed.query.compare, comparison_words(placed)
    is_name = words.startswith(("last ", "yesterday")) or bool(compare and compare.days)
    until = until_words(pairing, placed.time)
    called = words if is_name else f"the {words.replace('as long before', 'time before')}"
    return f"{called} up to {until}" if until else called


def before_words(placed: Placed) -> str:
    """What the period before this one is called."""
    period = placed.bounds.period
    if period.unit:
        unit, ago = period.unit
        is_newest = not ago and not period.is_stepped
        names = {"day": "yesterday"}
        return names.get(unit, f"last {unit}") if is_newest else f"{unit} before"
    if period.days or period.months:
        return f"{period.label} before"
    if period.is_billing:
        return "billing period before"
    first, last = placed.days
    days = (last - first).days + 1
    if period.is_of_hours or period.name:
        return "24 hours before" if period.name == "24h" else "as long before"
    return "day before" if days == 1 else f"{days} days before"
