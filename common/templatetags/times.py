"""Times in the reader's words, exact on hover, in the team's zone. Needs `team` in the context."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

YEAR, DAY = 365 * 86_400, 86_400
UNITS = ((DAY, "day"), (3_600, "h"), (60, "min"))


def distance(seconds: float) -> str:
    """A length of time in one unit: `3 min`, `5 h`, `2 days`, from two years on `73 years`."""
    if seconds >= 2 * YEAR:
        return f"{seconds * 400 // (146_097 * DAY):.0f} years"
    for length, unit in UNITS:
        if (count := int(seconds // length)) >= 1:
            return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}"
    return "a moment"


def length(seconds: float) -> str:
    """A length of time in two units at most: `2 min 10 s`, `1 h`, `3 days 2 h`, `45 s`."""
    words, left = [], int(seconds)
    for size, unit in (*UNITS, (1, "s")):
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}")
        elif words:
            break
    return " ".join(words[:2]) or "0 s"


@register.filter
def lasting(time: timedelta) -> str:
    """A length of time in two units at most; `< 1 s` for a moment."""
    return length(time.total_seconds()) if time >= timedelta(seconds=1) else "< 1 s"


def from_now(moment: datetime, now: datetime) -> str:
    """`3 min ago`, `in 5 h`, or `just now` within a minute."""
    seconds = (now - moment).total_seconds()
    if abs(seconds) < 60:
        return "just now" if seconds >= 0 else "in a moment"
    return f"{distance(seconds)} ago" if seconds > 0 else f"in {distance(-seconds)}"


def short(moment: datetime, now: datetime) -> str:
    """The clock of a moment, with its day where that is not today, and its year where not this one."""
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    if moment.year == now.year:
        return f"{moment:%-d %b, %H:%M}"
    return f"{moment:%-d %b %Y, %H:%M}"


def between(start: datetime, end: datetime, now: datetime) -> str:
    """A span of whole days as its first and last, `1 – 30 Nov`; another one from clock to clock.

    A year is told where it is not this one.
    """
    last = end - timedelta(microseconds=1)
    if start.time() != time() or end.time() != time():
        return f"{short(start, now)} – {short(end, now)}"
    year = "" if start.year == last.year == now.year else " %Y"
    ending = last.strftime(f"%-d %b{year}")
    if start.date() == last.date():
        return ending
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day} – {ending}"
    return f"{start.strftime(f'%-d %b{year}')} – {ending}"


def element(moment: datetime, words: str) -> SafeString:
    """A `<time>` that shows its words and, on hover, the exact moment with its zone."""
    exact = f"{moment:%a %-d %b %Y, %H:%M:%S %Z}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.astimezone(UTC).isoformat(), exact, words
    )


def zone_of(context: Context) -> ZoneInfo:
    """The zone of the page's team."""
    return context["team"].zone if "team" in context else ZoneInfo("UTC")


@register.simple_tag(takes_context=True)
def ago(context: Context, moment: datetime | None) -> SafeString | str:
    """How long ago something happened; a dash for none. Where a wrong clock says that it will, `just now`."""
    if moment is None:
        return "–"
    now = timezone.now()
    return element(moment.astimezone(zone_of(context)), from_now(min(moment, now), now))


@register.simple_tag(takes_context=True, name="from_now")
def how_far(context: Context, moment: datetime | None) -> SafeString | str:
    """How far ahead something is that is to come, or how long ago it came; a dash for none."""
    if moment is None:
        return "–"
    return element(moment.astimezone(zone_of(context)), from_now(moment, timezone.now()))


@register.simple_tag(takes_context=True)
def day(context: Context, moment: datetime | None) -> SafeString | str:
    """The day of an aware moment in the team's zone, `23 Nov 2026`; a dash for none."""
    if moment is None:
        return "–"
    local = moment.astimezone(zone_of(context))
    return element(local, f"{local:%-d %b %Y}")


@register.simple_tag(takes_context=True)
def clock(context: Context, moment: datetime | None, zone: ZoneInfo | None = None) -> SafeString | str:
    """The clock of an aware moment, in `zone` or the team's; a dash for none."""
    if moment is None:
        return "–"
    local = moment.astimezone(zone or zone_of(context))
    return element(local, short(local, timezone.now().astimezone(local.tzinfo)))


@register.simple_tag(takes_context=True)
def weekday(context: Context, moment: datetime) -> SafeString:
    """The weekday and clock of an aware moment in the team's zone: `Friday, 09:37`."""
    local = moment.astimezone(zone_of(context))
    return element(local, f"{local:%A, %H:%M}")


@register.simple_tag(takes_context=True)
def span(context: Context, start: datetime, end: datetime | None, zone: ZoneInfo | None = None) -> SafeString:
    """The days, or the time, of [start, end) in `zone` or the team's; `since 5 Nov` where no end is known."""
    first = start.astimezone(zone or zone_of(context))
    now = timezone.now().astimezone(first.tzinfo)
    if end is None:
        return element(first, f"since {first:%-d %b %Y}")
    last = end.astimezone(first.tzinfo)
    exact = f"{first:%a %-d %b %Y, %H:%M:%S} – {last:%a %-d %b %Y, %H:%M:%S %Z}"
    return format_html('<span class="text-nowrap" title="{}">{}</span>', exact, between(first, last, now))
