r"""Variables in a text: `{{name}}` stands for a value. One scan tells what is literal, and what is filled in.

A name begins with a letter of any script or `_` and goes on with letters, their marks, digits, `_`, `-` and
`.`; it has 100 characters at most. Spaces and tabs around it, within the braces, do not matter: `{{ name }}`.
Everything else that stands in braces is literal: single braces always, `{{}}`, `{{"a": 1}}`, `{{a b}}`,
`{{1}}`, what is not closed, and braces that another `{` stands before, as in `{{{a}}}`. More of them may
follow: in `{"a": {{a}}}` stands a variable, within an object.

A backslash before `{{` makes that literal, and goes: `\{{name}}`. One more makes the backslash literal:
`\\{{name}}` is a backslash and a value. Anywhere else a backslash is a backslash.

static/playground/editor/scanning.js says the same to browsers; a test holds them equal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category

# All backslashes that stand there, and braces; with what may be a name, and the braces that close it.
MARK = re.compile(r"(?<!\\)(\\*)\{\{(?:[ \t]*([^\s{}\\]{1,100})[ \t]*\}\})?")
# Of the kinds of characters: letters, marks and numbers.
IN_NAMES = ("L", "M", "N")


class Kind(StrEnum):
    """What a piece of a text is."""

    LITERAL = "literal"
    ESCAPED = "escaped"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as it was typed, and what it says: a variable's name, else what is sent of it."""

    kind: Kind
    typed: str
    says: str


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of a text in order; together they are all of it, as it was typed."""
    done = 0
    for start, piece in marked(text):
        if start > done:
            yield Piece(Kind.LITERAL, text[done:start], text[done:start])
        yield piece
        done = start + len(piece.typed)
    if done < len(text):
        yield Piece(Kind.LITERAL, text[done:], text[done:])


def marked(text: str) -> Iterator[tuple[int, Piece]]:
    """Yield the variables and escapes of a text, each with where it begins."""
    for mark in MARK.finditer(text):
        (start, end), braces, slashes = mark.span(), mark.end(1), len(mark[1])
        half = "\\" * (slashes // 2)
        if slashes % 2:
            end = end if is_variable(mark) else braces + 2
            yield start, Piece(Kind.ESCAPED, text[start:end], half + text[braces:end])
            continue
        if slashes:
            yield start, Piece(Kind.ESCAPED, mark[1], half)
        if is_variable(mark):
            yield braces, Piece(Kind.VARIABLE, text[braces:end], mark[2])


def is_variable(mark: re.Match[str]) -> bool:
    """Tell whether braces would be a variable, had they no backslash before them."""
    braces = mark.end(1)
    is_inner = braces > 0 and mark.string[braces - 1] == "{"
    return mark[2] is not None and not is_inner and is_name(mark[2])


def is_name(text: str) -> bool:
    """Tell whether a text can be a variable's name."""
    first, rest = text[:1], text[1:]
    begins = first == "_" or category(first).startswith("L")
    return begins and all(char in "_-." or category(char)[0] in IN_NAMES for char in rest)


def names(texts: Iterable[str]) -> list[str]:
    """Return the names of the variables of some texts, each once, in the order in which they first appear."""
    found = (piece.says for text in texts for piece in pieces(text) if piece.kind is Kind.VARIABLE)
    return list(dict.fromkeys(found))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text as it is sent, each variable as its value, once: what a value holds stays as it is.

    Raises `KeyError` for a variable without a value.
    """
    return "".join(said(piece, values) for piece in pieces(text))


def filled_length(text: str, values: Mapping[str, str]) -> int:
    """Return how many characters `filled` would have, without making them."""
    return sum(len(said(piece, values)) for piece in pieces(text))


def said(piece: Piece, values: Mapping[str, str]) -> str:
    """Return what is sent of a piece."""
    return values[piece.says] if piece.kind is Kind.VARIABLE else piece.says


def escaped(text: str) -> str:
    """Return what is typed to send exactly this text: nothing of it is a variable, or an escape."""
    return MARK.sub(lambda mark: mark[1] + ("\\" if is_variable(mark) else "") + mark[0], text)
