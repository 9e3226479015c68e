"""A period that somebody typed: “1 nov - 5 nov”, “last 14 days”, “q3”. What is ambiguous is not guessed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from usage.explore.query.periods import LABELS, Period
from usage.explore.query.team_time import EARLIEST, LATEST, ONE_DAY, months_after

MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905  a line reads better
)
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905  a line reads better
EXAMPLES = "“1 nov - 5 nov”, “last 14 days”, “october” or “q3 2026”"
LONGEST_TEXT = 60
MOST_DAYS_UNTOLD = 300

PHRASES = {label.lower(): name for name, label in LABELS.items()} | {
    "24 hours": "24h",
    "24 h": "24h",
    "last day": "24h",
    "previous week": "last-week",
    "previous month": "last-month",
    "previous quarter": "last-quarter",
    "previous year": "last-year",
    "billing period": "billing",
    "previous billing period": "last-billing",
}
LAST = re.compile(r"(?:(?:the )?(?:last|past|previous) )?(\d{1,3}) ?(d|days?|w|weeks?|m|months?|y|years?)")
YEAR = r"(?: (?P<year>\d{4}))?"
MONTH = r"(?P<month>[a-z]{3,9})"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
SHAPES = [
    re.compile(shape)
    for shape in (
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})",
        r"(?P<year>\d{4})-(?P<number>\d{2})",
        r"(?P<day>\d{1,2})\. ?(?P<number>\d{1,2})\.(?: ?(?P<year>\d{4}))?",
        rf"{DAY} {MONTH}{YEAR}",
        rf"{MONTH} {DAY}{YEAR}",
        rf"{MONTH}{YEAR}",
        rf"q(?P<quarter>[1-4]){YEAR}",
        r"(?P<year>\d{4}) q(?P<quarter>[1-4])",
        r"(?P<year>\d{4})",
    )
]
BETWEEN = re.compile(
    r" ?\.\. ?| (?:-|to|until|till|through) | ?-(?= )|(?<= )-|(?<=[a-z])-(?=\d)|(?<=\d)-(?=[a-z])"
)


def read_typed(text: str, today: date) -> Period | None:
    """The period that a text means on this day, or None where it means none for certain."""
    words = _plain(text)
    if not words or len(words) > LONGEST_TEXT:
        return None
    if words in PHRASES:
        return Period(PHRASES[words])
    if found := LAST.fullmatch(words):
        return _last(int(found[1]), found[2][0])
    since = re.fullmatch(r"(?:since|from) (.+)", words)
    days = _single(since[1] if since else words, today) or _range(words.removeprefix("from "), today)
    if days is None or not EARLIEST <= days[0] <= days[1] < LATEST:
        return None
    return Period.between(days[0], None if since and not _range(since[1], today) else days[1])


def _plain(text: str) -> str:
    words = text.lower().replace(",", " ")
    words = re.sub("[\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}]", " - ", words)
    # Days of one month, and numbers of days with a dash between them.
    words = re.sub(r"^(\d{1,2})-(\d{1,2}) (?=[a-z])|(?<=[a-z] )(\d{1,2})-(\d{1,2})$", _apart, words)
    return " ".join(words.split())


def _apart(found: re.Match[str]) -> str:
    first, last, one, other = found.groups()
    return f"{first} - {last} " if first else f"{one} - {other}"


def _last(count: int, unit: str) -> Period | None:
    days = {"d": count, "w": 7 * count}.get(unit)
    months = {"m": count, "y": 12 * count}.get(unit)
    if days and days < 1000:
        return Period(f"{days}d")
    return Period(f"{months}m") if months and months < 100 else None


@dataclass(frozen=True, slots=True)
class Named:
    """Days as they are named: a year, a month, a quarter or a day, mostly without a year; 0 is none."""

    year: int = 0
    month: int = 0
    day: int = 0
    quarter: int = 0

    def days(self, year: int) -> tuple[date, date] | None:
        """The first and the last day of it in a year; None where there is none."""
        try:
            if self.day:
                day = date(year, self.month, self.day)
                return day, day
            month = self.month or (self.quarter * 3 - 2 if self.quarter else 1)
            length = 1 if self.month else 3 if self.quarter else 12
            first = date(year, month, 1)
            return first, months_after(first, length) - ONE_DAY
        except ValueError:
            return None

    def before(self, today: date) -> tuple[date, date] | None:
        """The newest of it that has begun."""
        for year in [self.year] if self.year else range(today.year, today.year - 9, -1):
            days = self.days(year)
            if days and (self.year or days[0] <= today):
                return days
        return None

    def after(self, first: date) -> tuple[date, date] | None:
        """The next of it that ends no sooner than on a day."""
        for year in [self.year] if self.year else range(first.year, first.year + 9):
            days = self.days(year)
            if days and (self.year or days[1] >= first):
                return days
        return None


def _named(words: str) -> Named | None:
    for shape in SHAPES:
        found = shape.fullmatch(words)
        given = {name: text for name, text in found.groupdict().items() if text} if found else {}
        month = given.pop("month", "")
        numbers = {name: int(text) for name, text in given.items()}
        numbers["month"] = numbers.pop("number", 0) or _month(month)
        if found and (numbers["month"] or not month):
            return Named(**numbers)
    return None


def _month(word: str) -> int:
    """The number of a month by the beginning of its name; 0 where there is none."""
    return next((number for number, name in enumerate(MONTHS, 1) if word and name.startswith(word)), 0)


def _single(words: str, today: date) -> tuple[date, date] | None:
    if words in ("today", "yesterday"):
        day = today - ONE_DAY * (words == "yesterday")
        return day, day
    for number, name in enumerate(WEEKDAYS):
        if len(words) >= 3 and name.startswith(words):
            day = today - ONE_DAY * ((today.weekday() - number) % 7)
            return day, day
    named = _named(words)
    return named.before(today) if named else None


def _range(words: str, today: date) -> tuple[date, date] | None:
    """Two ends with a dash or "to" between them; what one of them leaves out is the other's."""
    for found in BETWEEN.finditer(words):
        for first, last in _ends(words[: found.start()].strip(), words[found.end() :].strip()):
            days = _between(first, last, today)
            if days and days[0] <= days[1]:
                return days
    return None


def _ends(first: str, last: str) -> Iterator[tuple[str, str]]:
    yield first, last
    if first.isdecimal() and (rest := last.partition(" ")[2]):
        yield f"{first} {rest}", last
    if last.isdecimal() and (rest := first.rpartition(" ")[0]):
        yield first, f"{rest} {last}"


def _between(first: str, last: str, today: date) -> tuple[date, date] | None:
    start, end = _named(first), _named(last)
    if start is None or end is None:
        one, other = _single(first, today), _single(last, today)
        return (one[0], other[1]) if one and other else None
    if end.year and not start.year:
        same, sooner = start.days(end.year), start.days(end.year - 1)
        stop = end.days(end.year)
        chosen = same if same and stop and same[0] <= stop[1] else sooner
        return (chosen[0], stop[1]) if chosen and stop else None
    begun = start.before(today)
    until = end.after(begun[0]) if begun else None
    # Ten months and more are another year than was meant, or ends that stand the wrong way round.
    is_meant = begun and until and (until[1] - begun[0]).days < MOST_DAYS_UNTOLD
    return (begun[0], until[1]) if begun and until and is_meant else None
