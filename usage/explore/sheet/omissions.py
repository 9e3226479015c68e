"""What a sum leaves out, in words: time of which nothing is known, and by whom it was not seen."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from usage.explore.reading.numbers import Numbers
from usage.explore.sheet.marks import INCOMPLETE, Mark
from usage.explore.sheet.tables import Sheet


def omission(numbers: Numbers, sheet: Sheet) -> str:
    """The sentence beside a sum that is not whole; nothing where it is, or where all of it is unknown."""
    parts = list(_parts(numbers, sheet))
    if not parts:
        return ""
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    return f"Not counted is what was used {listed}: nobody saw it."


def _parts(numbers: Numbers, sheet: Sheet) -> Iterator[str]:
    zone, since = sheet.span.zone, numbers.known_since
    if since is not None and since > sheet.span.start:
        yield f"before {_moment(since, zone)}"
    if any(
        _is_incomplete(numbers, place) and not _is_explained(numbers, sheet, place) for place in _past(sheet)
    ):
        yield f"in time that the table by {sheet.span.step.label} marks"
    if numbers.late_since is not None and any(numbers.late[place] for place in _past(sheet)):
        yield f"since {_moment(max(numbers.late_since, sheet.span.start), zone)}"


def _past(sheet: Sheet) -> Iterator[int]:
    return (place for place, row in enumerate(sheet.rows) if row.mark != Mark.TO_COME)


def _is_incomplete(numbers: Numbers, place: int) -> bool:
    return any(numbers.qualities[place].get(quality) for quality in INCOMPLETE)


def _is_explained(numbers: Numbers, sheet: Sheet, place: int) -> bool:
    """Tell whether a bucket lies before anybody watched, or where polls were missed just now."""
    since = numbers.known_since
    return numbers.late[place] or (since is not None and sheet.rows[place].start < since)


def _moment(at: datetime, zone: ZoneInfo) -> str:
    """A local day where it begins then, else with its clock."""
    local = at.astimezone(zone)
    return f"{local:%-d %b %Y}" if (local.hour, local.minute) == (0, 0) else f"{local:%-d %b %Y, %H:%M}"
