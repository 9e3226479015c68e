"""Buckets and spans in the reader's words, in the team's zone."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from usage.explore.query.spans import Span, Step
from usage.explore.query.team_time import clock


def span_label(span: Span) -> str:
    """The span as a title: `16 – 22 Nov 2026`, with hours where it does not begin and end at midnight."""
    start, end = span.start.astimezone(span.zone), span.end.astimezone(span.zone)
    if is_midnight(start) and is_midnight(end):
        return days_label(start, end - timedelta(days=1))
    return time_label(start, end)


def time_label(start: datetime, end: datetime) -> str:
    """A span of time with its hours: `22 Nov, 23:50 – 23 Nov 2026, 09:10`; of one day, `Sun 22 Nov 2026,
    09:00 – 12:00`.
    """
    if (end - timedelta(microseconds=1)).date() == start.date():
        until = clock(end) if end.date() == start.date() else "24:00"
        return f"{start:%a %-d %b %Y}, {clock(start)} – {until}"
    begin = start.strftime(f"%-d %b{'' if start.year == end.year else ' %Y'}")
    return f"{begin}, {clock(start)} – {end:%-d %b %Y}, {clock(end)}"


def days_label(first: datetime, last: datetime) -> str:
    """Days, both included, without saying a month or year twice."""
    if first.date() == last.date():
        return f"{first:%a %-d %b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%-d} – {last:%-d %b %Y}"
    if first.year == last.year:
        return f"{first:%-d %b} – {last:%-d %b %Y}"
    return f"{first:%-d %b %Y} – {last:%-d %b %Y}"


@lru_cache(maxsize=64)
def bucket_labels(span: Span) -> tuple[str, ...]:
    """One label a bucket, no two alike: an hour that comes twice says its offset."""
    return tuple(bucket_label(span, start, end) for start, end in span.buckets())


def bucket_label(span: Span, start: datetime, end: datetime) -> str:
    """The time of one bucket."""
    start, end = start.astimezone(span.zone), end.astimezone(span.zone)
    if span.step.length or not (is_midnight(start) and is_midnight(end)):
        zone = " %Z" if changes_clocks(start) else ""
        day = "" if end - start < timedelta(days=1) else "%a %-d %b, "
        return start.strftime(f"%a %-d %b, %H:%M{zone}") + "–" + end.strftime(f"{day}%H:%M{zone}")
    last = end - timedelta(days=1)
    if span.step == Step.MONTH and start.day == 1 and end.day == 1:
        return f"{start:%b %Y}"
    return days_label(start, last)


def is_midnight(moment: datetime) -> bool:
    """Tell whether a local day begins here, also where clocks skip midnight."""
    before = (moment.astimezone(UTC) - timedelta(microseconds=1)).astimezone(moment.tzinfo)
    return before.date() != moment.date()


def changes_clocks(moment: datetime) -> bool:
    """Tell whether the zone's offset differs within three hours of this moment."""
    near, utc = timedelta(hours=3), moment.astimezone(UTC)
    before, after = (utc - near).astimezone(moment.tzinfo), (utc + near).astimezone(moment.tzinfo)
    return before.utcoffset() != after.utcoffset()
