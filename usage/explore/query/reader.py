"""From an address to the nearest sensible question, and a clause for each thing that had to be changed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType

from usage.explore.query.comparison import LABELS as COMPARISONS
from usage.explore.query.comparison import Comparison
from usage.explore.query.dimensions import MOST_IDS, NUMBER, Dimension, Filter
from usage.explore.query.listing import Listing, read_order, read_page
from usage.explore.query.measures import Measure
from usage.explore.query.periods import Period, Place, is_name, read_place
from usage.explore.query.query import Query, View, in_order
from usage.explore.query.steps import Step
from usage.explore.query.team_time import EARLIEST, LATEST, quarter_after, quarter_before

MOST_HIDDEN = 20
LONGEST_SERIES = 500
# An id of a key is one sign shorter.
LONGEST_QUOTE = 37
PRINTABLE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]+")
# A saved view by its number, or that none is to be opened.
SAVED = re.compile(f"{NUMBER}|none")
# Parts of which a question has one.
SINGLE = {"measure", "period", "start", "end", "until", "step", "compare", "view", "anchor"}
# How addresses were spelt before, and how people guess names of periods.
OLD_NAMES = {"metric": "measure", "group": "by"}
GUESSED = {
    "1y": "12m",
    "day": "today",
    "quotaday": "quota-day",
    "period": "billing",
    "last": "last-billing",
    "wtd": "week",
    "mtd": "month",
    "qtd": "quarter",
    "ytd": "year",
}
# As the menu of steps calls them, and as others do.
GUESSED_STEPS = {"1h": "hour", "60min": "hour", "15m": "15min", "1d": "day", "24h": "day"}
NO_NAMES = MappingProxyType[str, str]({})
# `last-30-days`, `12 months`, `24hours`.
COUNTED = re.compile(r"(?:last-)?(\d{1,3})-?(h|d|m)(?:ours?|ays?|onths?)?")

# The parts of an address, of which each may come several times.
type Parts = Mapping[str, str | Sequence[str]]


def read_query(parts: Parts) -> tuple[Query, list[str]]:
    """Read the parts of an address: the nearest sensible question, and what was changed, as clauses. Parts
    that nobody knows are passed over, and never anything is raised.
    """
    reader = Reader(parts)
    return reader.query(), reader.problems


def last(parts: Parts, name: str) -> str:
    """The last value of a part of an address; an empty text where there is none."""
    given = parts.get(name, "")
    return given if isinstance(given, str) else next(reversed(given), "")


def sentence(problems: Iterable[str]) -> str:
    """Clauses as one sentence."""
    text = "; ".join(dict.fromkeys(filter(None, problems)))
    return f"{text[0].upper()}{text[1:]}." if text else ""


def word_of(text: str) -> str:
    """A word as addresses spell it, of one that somebody typed."""
    return text.strip().lower()


def period_meant(text: str) -> str:
    """What a text names as an address spells it, if a name of a period is meant by it; else the text."""
    name = re.sub("[_ +]", "-", text.lower()).removeprefix("this-").removesuffix("-period")
    if counted := COUNTED.fullmatch(name):
        return "".join(counted.groups())
    return GUESSED.get(name, name)


class Reader:
    """Reads one address; `problems` are what it had to change."""

    def __init__(self, parts: Parts) -> None:
        self.problems: list[str] = []
        self._values: dict[str, list[str]] = {}
        for name, given in parts.items():
            values = [given] if isinstance(given, str) else list(given)
            told = [value for value in values if value]
            known = word_of(name)
            self._values.setdefault(OLD_NAMES.get(known, known), []).extend(told)
        for name in SINGLE & self._values.keys():
            if len(set(self._values[name])) > 1:
                self.problems.append(f"“{name}” is said more than once: the last counts")

    def query(self) -> Query:
        """The question that is asked."""
        return Query(
            measure=self._one_of("measure", Measure, Measure.TOKENS),
            by=self._by(),
            filters=self._filters(),
            period=self._period(),
            step=self._one_of("step", Step, None, GUESSED_STEPS),
            compare=self._comparison(),
            view=self._one_of("view", View, View.BARS),
            anchor=self._anchor(),
            is_complete_only=self._switch("complete", "1"),
            attributes_of_today=self._switch("attributes", "today"),
            hidden=self._hidden(),
            saved=self._saved(),
            listing=self._listing(),
        )

    def _last(self, name: str) -> str:
        values = self._values.get(name)
        return values[-1] if values else ""

    def _one_of[Kind: (Measure, Step, View)](
        self, name: str, kinds: type[Kind], default: Kind | None, guessed: Mapping[str, str] = NO_NAMES
    ) -> Kind:
        text = self._last(name)
        word = word_of(text)
        word = guessed.get(word, word)
        if word in list(kinds):
            return kinds(word)
        if text:
            instead = f"here are {default}" if default else "the one that fits is taken"
            self.problems.append(f"there is no {name} {quoted(text)}: {instead}")
        return default  # type: ignore[return-value]  # None is a Kind where the default is

    def _switch(self, name: str, on: str) -> bool:
        text = word_of(self._last(name))
        if text not in ("", on, "0"):
            self.problems.append(f"“{name}” can only be {on}: it is left out")
        return text == on

    def _by(self) -> tuple[Dimension, ...]:
        given = [word for value in self._values.get("by", []) for word in value.split(",")[:20]]
        words = [word for word in given if word.strip()]
        known = list(dict.fromkeys(Dimension(one) for one in map(word_of, words) if one in list(Dimension)))
        if unknown := [word for word in words if word_of(word) not in list(Dimension)]:
            self.problems.append(f"nothing can be grouped by {quoted(unknown[0])}")
        if len(known) + len(unknown) < len(words):
            self.problems.append("a group is named twice: it is taken once")
        if len(known) > 2:
            self.problems.append("there are two groups at most: here are the first")
        return tuple(known[:2]) or (Dimension.MODEL,)

    def _filters(self) -> tuple[Filter, ...]:
        found: list[Filter] = []
        for name in self._values:
            dimension = name.removeprefix("filter.")
            if name.startswith("filter.") and dimension in list(Dimension):
                found += self._filters_by(Dimension(dimension))
            elif name.startswith("filter."):
                self.problems.append(f"nothing can be filtered by {quoted(dimension)}")
        return in_order(found)

    def _filters_by(self, dimension: Dimension) -> Iterable[Filter]:
        values = self._values[f"filter.{dimension}"]
        for is_not in (False, True):
            ids = {value[is_not:] for value in values if value.startswith("!") == is_not}
            known = sorted(value for value in ids if dimension.may_name(value))
            if len(known) < len(ids):
                name = min(ids - set(known))
                self.problems.append(f"{quoted(name)} names no {dimension.label.lower()}: it is left out")
            if len(known) > MOST_IDS:
                self.problems.append(f"a filter names {MOST_IDS} {dimension.plural} at most")
            if known:
                yield Filter(dimension, tuple(known[:MOST_IDS]), is_not)

    def _period(self) -> Period:
        name = period_meant(self._last("period"))
        start, end = self._place("start"), self._place("end")
        if start or end:
            if is_name(name):
                self.problems.append("a period and days were asked for: here are the days")
            return Period.between(start, end)
        if name and name != "custom" and not is_name(name):
            self.problems.append(f"there is no period {quoted(self._last('period'))}: here is the usual one")
        if name == "custom" and not self.problems:
            self.problems.append("no days are chosen: here is the usual period")
        known = name if is_name(name) else ""
        return Period(known, until=self._until(known))

    def _until(self, period: str) -> Place | None:
        until = self._place("until")
        if until and (period == "yesterday" or period.startswith("last-")):
            self.problems.append("that period is counted from today: it is not stepped")
            return None
        return until

    def _place(self, name: str) -> Place | None:
        """A place in time of an address; one that cannot be read, or lies outside all calendars, is none."""
        text = self._last(name)
        if not text:
            return None
        try:
            place = read_place(text)
        except ValueError:
            self.problems.append(f"{quoted(text)} is no date, such as 2026-01-31: it is left out")
            return None
        if not EARLIEST <= (place.date() if isinstance(place, datetime) else place) < LATEST:
            self.problems.append(f"nothing was counted on {quoted(text)}: it is left out")
            return None
        if not isinstance(place, datetime):
            return place
        # What is asked for is in it: a time within a quarter of an hour ends with that.
        return (quarter_after if name == "end" else quarter_before)(place.astimezone(UTC))

    def _comparison(self) -> Comparison | None:
        text = self._last("compare")
        if not text or word_of(text) in COMPARISONS:
            return Comparison(word_of(text)) if text else None
        first, _, last = text.partition("..")
        try:
            asked = date.fromisoformat(first), date.fromisoformat(last)
        except ValueError:
            asked = None
        if asked and min(asked) >= EARLIEST and max(asked) < LATEST:
            if asked[0] > asked[1]:
                self.problems.append("the first day compared came after the last: they are swapped")
            return Comparison.with_days(*sorted(asked))
        self.problems.append(f"nothing can be compared with {quoted(text)}: the comparison is left out")
        return None

    def _anchor(self) -> str:
        text = self._last("anchor")
        if not text or re.fullmatch(NUMBER, text):
            return text
        self.problems.append(f"{quoted(text)} is no account: its billing period is not taken")
        return ""

    def _saved(self) -> str:
        text = self._last("saved")
        return text if SAVED.fullmatch(text) else ""

    def _listing(self) -> Listing:
        by_time, is_all = self._switch("table", "time"), self._switch("rows", "all")
        sort, page = self._last("sort"), self._last("page")
        order, number = read_order(word_of(sort)), read_page(page)
        if sort and order is None:
            self.problems.append(f"nothing is sorted by {quoted(sort)}: here are the largest first")
        if page and number is None:
            self.problems.append(f"there is no page {quoted(page)}: here is the first")
        is_reversed = order is not None and word_of(sort).startswith("-")
        return Listing(by_time, order, is_reversed, is_all, number or 1)

    def _hidden(self) -> tuple[str, ...]:
        values = list(dict.fromkeys(self._values.get("hide", [])))
        fit = [value for value in values if len(value) <= LONGEST_SERIES and PRINTABLE.fullmatch(value)]
        if len(fit) < len(values) or len(fit) > MOST_HIDDEN:
            self.problems.append(f"{MOST_HIDDEN} series are hidden at most")
        return tuple(fit[:MOST_HIDDEN])


def quoted(text: str) -> str:
    """What somebody wrote, in quotes: its beginning, without signs that nobody can read."""
    clean = "".join(sign for sign in text[:LONGEST_QUOTE] if sign.isprintable())
    return f"“{clean}{'…' if len(text) > LONGEST_QUOTE else ''}”"
