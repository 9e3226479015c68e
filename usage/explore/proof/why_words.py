"""Why more, or less, was used: in one sentence whose parts are links, and the same as plain text to copy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from common.templatetags.names import isolated
from common.templatetags.numbers import compact, grouped
from usage.explore.proof.why import Move, Why
from usage.explore.remarks.noted import unit_of
from usage.explore.sheet.changes import signed
from usage.explore.sheet.labels import changes_clocks, is_midnight

# Within a week a weekday names its day.
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Telling:
    """How a sentence is told: what is compared (`last week`), of what (`tokens`), what a key or a model is
    called, which address shows a move alone, and the edges of the buckets with their zone; how a number is
    written shortly and exactly, and what stands before an estimate.
    """

    compared: str
    unit: str
    name_of: Callable[[str, str], str]
    address: Callable[[Move], str]
    edges: Sequence[datetime]
    zone: ZoneInfo
    number: Callable[[int], str] = compact
    exact: Callable[[int], str] = grouped
    about: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One move in words; `key` or `model` is empty where there is one of them. `address` shows it alone."""

    key: str
    model: str
    amount: str
    exact: str
    remark: str
    address: str

    def __str__(self) -> str:
        key, model = isolated(self.key), isolated(self.model)
        who = f"{model} with key {key}" if key and model else model or f"key {key}"
        return f"{who} {self.amount}{f' ({self.remark})' if self.remark else ''}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as its parts: `lead: part, part, all else +0.3 M.`"""

    lead: str
    parts: tuple[Part, ...]
    rest: str

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        told = [*map(str, self.parts), *([f"all else {self.rest}"] if self.rest else [])]
        return f"{self.lead}: {', '.join(told)}." if told else f"{self.lead}."


def sentence(why: Why, telling: Telling) -> Sentence:
    """Tell why."""
    number = telling.number
    unit = unit_of(why.difference, telling.unit)
    difference = f"{telling.about}{signed(why.difference, number)}"
    lead = f"{difference} {unit}".strip() if why.difference else "No change"
    seen = ", as far as was seen" if why.is_least else ""
    parts = tuple(_part(move, why, telling) for move in why.moves)
    rest = signed(why.rest, number) if why.others else ""
    return Sentence(f"{lead} against {telling.compared}{seen}", parts, rest)


def _part(move: Move, why: Why, telling: Telling) -> Part:
    key = telling.name_of("key", move.key) if why.keys > 1 or why.models == 1 else ""
    model = telling.name_of("model", move.model) if why.models > 1 or why.keys == 1 else ""
    return Part(
        key,
        model,
        signed(move.amount, telling.number),
        signed(move.amount, telling.exact),
        _remark(move, telling),
        telling.address(move),
    )


def _remark(move: Move, telling: Telling) -> str:
    if move.is_new or move.is_gone:
        return "new" if move.is_new else "gone"
    if move.mostly is None or move.mostly[1] + 1 >= len(telling.edges):
        return ""
    start, end = telling.edges[move.mostly[0]], telling.edges[move.mostly[1] + 1]
    is_week = telling.edges[-1] - telling.edges[0] <= WEEK + timedelta(hours=1)
    return f"mostly {when(start.astimezone(telling.zone), end.astimezone(telling.zone), is_week=is_week)}"


def when(start: datetime, end: datetime, *, is_week: bool) -> str:
    """`Tue 02:00–04:00`, `Tue 24 – Thu 26 Nov`: local times, within a week without the dates."""
    day = "%a" if is_week else "%a %-d %b"
    last = end - timedelta(microseconds=1)
    if is_midnight(start) and is_midnight(end):
        if start.date() == last.date():
            return start.strftime(day)
        month = "" if is_week or start.month != last.month else " %b"
        return f"{start.strftime(day.removesuffix(month) if month else day)} – {last.strftime(day)}"
    zone = " %Z" if changes_clocks(start) or changes_clocks(end) else ""
    comma = "" if is_week else ","
    until = "24:00" if is_midnight(end) else end.strftime(f"%H:%M{zone}")
    begin = start.strftime(f"{day}{comma} %H:%M{zone}")
    if start.date() == last.date():
        return f"{begin}–{until}"
    return f"{begin} – {last.strftime(day)}{comma} {until}"
