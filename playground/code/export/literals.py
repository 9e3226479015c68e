"""Values as a language writes them: JSON, Python, JavaScript. Nothing in a text can end its quotes.

What nobody could see, or a terminal would obey, is written as its number: control characters, marks that turn
the direction of a line, line separators.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A list or an object stands in one line up to this length.
INLINE_CHARS = 76
INDENT = "  "
# All three languages write these alike.
SHORT = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
# JavaScript knows whole numbers exactly up to here.
LARGEST_SAFE = 2**53 - 1
LARGEST_IN_16_BITS = 0xFFFF


@dataclass(frozen=True, slots=True)
class Notation:
    """How a language writes texts, numbers, names of fields, and true, false and nothing."""

    text: Callable[[str], str]
    number: Callable[[float], str]
    name: Callable[[str], str]
    true: str = "true"
    false: str = "false"
    null: str = "null"
    indent: str = INDENT
    # Of a list or an object over several lines, after its last part.
    last_comma: str = ","

    def write(self, value: Any) -> str:
        """Return a value as it is written, over several lines where it is long."""
        if isinstance(value, str):
            return self.text(value)
        if value is None or isinstance(value, bool):
            return self.null if value is None else self.true if value else self.false
        if isinstance(value, int | float):
            return self.number(value)
        return self._object(value) if isinstance(value, Mapping) else self._list(value)

    def _object(self, value: Mapping[str, Any]) -> str:
        parts = [f"{self.name(name)}: {self.write(one)}" for name, one in value.items()]
        return self._enclosed("{", parts, "}")

    def _list(self, value: Sequence[Any]) -> str:
        return self._enclosed("[", [self.write(one) for one in value], "]")

    def _enclosed(self, opening: str, parts: list[str], closing: str) -> str:
        length = sum(map(len, parts)) + 2 * len(parts)
        if length <= INLINE_CHARS and not any("\n" in part for part in parts):
            return f"{opening}{', '.join(parts)}{closing}"
        return f"{opening}\n{self.lines(parts)}\n{closing}"

    def lines(self, parts: Sequence[str]) -> str:
        """Return parts on lines of their own, one step further in. No text holds a line end as itself."""
        return indented(",\n".join(parts) + self.last_comma, self.indent)


def indented(text: str, by: str) -> str:
    """Return lines that begin further to the right."""
    return by + text.replace("\n", f"\n{by}")


def whole_characters(text: str) -> str:
    """Return a text without half characters, which cannot be sent: pairs are joined, others are U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def quoted(text: str, numbered: Callable[[str], str]) -> str:
    """Return a text in double quotes; `numbered` writes what is not printable."""
    text = whole_characters(text)
    if not text.isprintable():
        shown = (SHORT.get(one) or (one if one.isprintable() else numbered(one)) for one in text)
        return f'"{"".join(shown)}"'
    return f'"{text.replace("\\", r"\\").replace('"', r"\"")}"'


def json_text(text: str) -> str:
    """Return a text as JSON and JavaScript write it."""
    return quoted(text, in_16_bits)


def python_text(text: str) -> str:
    """Return a text as Python writes it."""
    return quoted(text, in_32_bits)


def in_32_bits(character: str) -> str:
    """Return a character by its number in Python, which has longer ones for those past 16 bits."""
    number = ord(character)
    return rf"\U{number:08x}" if number > LARGEST_IN_16_BITS else in_16_bits(character)


def in_16_bits(character: str) -> str:
    """Return a character by its number, one past 16 bits by two."""
    units = character.encode("utf-16-be")
    return "".join(rf"\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def script_name(name: str) -> str:
    """Return the name of a field in JavaScript, where one of them is no field unless it is computed."""
    return '["__proto__"]' if name == "__proto__" else json_text(name)


def script_number(number: float) -> str:
    """Return a number in JavaScript, which would round a long one."""
    is_exact = isinstance(number, float) or abs(number) <= LARGEST_SAFE
    return repr(number) if is_exact else f'JSON.rawJSON("{number}")'


JSON = Notation(json_text, repr, json_text, last_comma="")
PYTHON = Notation(python_text, repr, python_text, "True", "False", "None", indent="    ")
SCRIPT = Notation(json_text, script_number, script_name)
