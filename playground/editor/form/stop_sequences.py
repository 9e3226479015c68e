"""Stop sequences as they are typed: one on each line, each the inside of a JSON string.

So a line end is `\\n`, a backslash is typed twice, and nothing that can be sent cannot be typed.
"""

import json
import re

# One character as the inside of a JSON string spells it. A tab that is typed as itself does no harm.
SPELLED = re.compile(r'[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")


class Misspelled(ValueError):
    """A line is not the inside of a JSON string; the message says where and why, in the user's words."""


def read_stop_sequences(typed: str) -> list[str]:
    """Return the sequences of lines that have something on them. Raises `Misspelled`."""
    lines = typed.replace("\r\n", "\n").split("\n")
    return [read_line(line, number) for number, line in enumerate(lines, start=1) if line.strip()]


def read_line(line: str, number: int) -> str:
    """Return the sequence that a line spells."""
    place = 0
    while place < len(line):
        spelled = SPELLED.match(line, place)
        if spelled is None:
            raise Misspelled(f"Line {number}: {why_misspelled(line[place:])}")
        place = spelled.end()
    sequence = str(json.loads(f'"{line}"', strict=False))
    if HALF_A_CHARACTER.search(sequence):
        raise Misspelled(rf"Line {number}: a \ud… alone is half a character; type both halves.")
    if "\0" in sequence:
        raise Misspelled(rf"Line {number}: \u0000 cannot be sent.")
    return sequence


def why_misspelled(rest: str) -> str:
    """Return what is wrong at the beginning of the rest of a line."""
    if rest.startswith('"'):
        return r"a quote is typed as \" here."
    if rest == "\\":
        return r"a backslash is typed twice, as \\."
    if rest.startswith(r"\u"):
        return rf"{rest[:6]} is no character: \u takes four digits of 0–9 and a–f, as in \u00e9."
    return rf"{rest[:2]} means nothing. A line end is \n, a tab \t, and a backslash is typed twice, as \\."


def show_stop_sequences(sequences: list[str]) -> str:
    """Return sequences as they can be typed, each on a line."""
    return "\n".join(map(show_sequence, sequences))


def show_sequence(sequence: str) -> str:
    """Return one sequence as it can be typed; what nobody could see is written as its number."""
    if not sequence.strip():
        return "".join(
            rf"\u{ord(character):04x}" if character == " " else spell(character) for character in sequence
        )
    return "".join(map(spell, sequence))


def spell(character: str) -> str:
    """Return one character as the inside of a JSON string."""
    spelled = json.dumps(character, ensure_ascii=not character.isprintable())
    return spelled[1:-1]
