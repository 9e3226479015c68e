"""JSON that a model answered: found, read by the grammar alone, and laid out.

An answer is no request: whatever the grammar allows is valid, numbers of any size and names that stand there
twice included. Both are told, for most programs read them as something else.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import Any

from playground.text.json_layout import CLOSING, OPENING, PARTS, lay_out
from playground.text.json_reading import NotReadable, refuse_constant, shortened, words_at

# A listing: its marks, its language, its text.
FENCE = re.compile(
    r"^ {0,3}(`{3,}|~{3,})[ \t]*(\w*)[^\n]*\n(.*?)(?:\n {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
BEGINNINGS = ("{", "[")
# More is not laid out: nobody reads it on a page.
MOST_CHARS = 500_000
TOO_DEEP = "It is nested too deeply to be read here."
TOO_LONG = f"It is longer than {MOST_CHARS:,} characters: too long to be looked at as JSON here."
# What is deeper is not indented: its lines would be longer than its text.
MOST_DEPTH = 100
CONSTANTS = {"NaN", "Infinity", "-Infinity"}
# The largest whole number that JavaScript, and whoever reads JSON as it does, can tell from its neighbours.
EXACT = 2**53


@dataclass(frozen=True, slots=True)
class JSONAnswer:
    """The JSON of an answer: `text` as it was written; `problem` why it is none, and `at` the place where.

    `remarks` are what is to be said of it. `is_fenced` where it stood in a listing, `has_words` where others
    stood around that.
    """

    text: str
    problem: str = ""
    at: int | None = None
    remarks: tuple[str, ...] = ()
    is_fenced: bool = False
    has_words: bool = False

    @property
    def pretty(self) -> str:
        """The text laid out, every name, text and number as it was written."""
        return lay_out(self.text) if depth_of(self.text) <= MOST_DEPTH else self.text

    @property
    def before(self) -> str:
        """What can be read before the place of the problem."""
        return self.text[: self.at]

    @property
    def place(self) -> str:
        """The character at the place of the problem; empty where that is the end."""
        return "" if self.at is None else self.text[self.at : self.at + 1]

    @property
    def after(self) -> str:
        """What stands behind it."""
        return "" if self.at is None else self.text[self.at + 1 :]


def looks_like_json(answer: str) -> bool:
    """Tell whether an answer may be JSON, or has a listing of it."""
    return answer.strip().startswith(BEGINNINGS) or any(one[2].lower() == "json" for one in fences_in(answer))


def read_answer(answer: str) -> JSONAnswer:
    """Return the JSON of an answer: all of it, or what one of its listings holds."""
    fence = None if answer.strip().startswith(BEGINNINGS) else found_fence(answer)
    text = fence[3] if fence else answer
    has_words = bool(fence and (answer[: fence.start()].strip() or answer[fence.end() :].strip()))
    read = partial(JSONAnswer, text, is_fenced=bool(fence), has_words=has_words)
    if len(text) > MOST_CHARS:
        return read(problem=TOO_LONG)
    problem, place, remarks = read_json(text)
    return read(problem=problem, at=place, remarks=remarks)


def read_json(text: str) -> tuple[str, int | None, tuple[str, ...]]:
    """Return why a text is no JSON and where, or else what is to be said of it."""
    reader = Reader()
    try:
        reader.decoder.decode(text)
    except json.JSONDecodeError as error:
        return words_at(error.msg, text, error.pos), error.pos, ()
    except NotReadable as problem:
        at = place_of_constant(text)
        return f"{words_at('', text, at).partition(':')[0]}: {problem}", at, ()
    except RecursionError:
        return TOO_DEEP, None, ()
    return "", None, tuple(reader.remarks.values())


def fences_in(answer: str) -> Iterator[re.Match[str]]:
    """Yield the listings of an answer, where it is short enough to look through."""
    return FENCE.finditer(answer[:MOST_CHARS])


def found_fence(answer: str) -> re.Match[str] | None:
    """Return the listing that holds the JSON of an answer: the first that is called so, else the first that
    looks so."""
    fences = list(fences_in(answer))
    named = (one for one in fences if one[2].lower() == "json")
    return next(named, None) or next((one for one in fences if one[3].strip().startswith(BEGINNINGS)), None)


def place_of_constant(text: str) -> int:
    """Return where the first of the words stands that some programs write for a number."""
    return next((part.start() for part in PARTS.finditer(text) if part[0] in CONSTANTS), 0)


def depth_of(text: str) -> int:
    """Return how many levels deep JSON is nested."""
    steps = ((part[0] in OPENING) - (part[0] in CLOSING) for part in PARTS.finditer(text))
    return max(accumulate(steps), default=0)


class Reader:
    """Reads JSON, and notes what other readers may take for something else."""

    def __init__(self) -> None:
        self.remarks: dict[str, str] = {}
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._pairs,
            parse_int=self._whole,
            parse_float=self._decimal,
            parse_constant=refuse_constant,
        )

    def _pairs(self, pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names) and "twice" not in self.remarks:
            twice = next(name for name in names if names.count(name) > 1)
            self.remarks["twice"] = (
                f"“{shortened(twice)}” stands there twice in one object: most programs read the last one."
            )

    def _whole(self, digits: str) -> None:
        if len(digits) > 20 or abs(int(digits)) > EXACT:
            self._note_number(digits)

    def _decimal(self, digits: str) -> None:
        if float(digits) in {float("inf"), float("-inf")}:
            self._note_number(digits)

    def _note_number(self, digits: str) -> None:
        self.remarks.setdefault(
            "number",
            f"{shortened(digits)} is larger than most programs read exactly. It stands here as written.",
        )
