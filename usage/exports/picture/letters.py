"""Which letters fonts have: what ours lack is drawn by one of the machine's, or told by its number."""

import re
import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path

from usage.exports.picture.font_file import ranges_of

# Where systems keep fonts for everybody.
FOLDERS = tuple(
    map(Path, ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts"))
)
ENDINGS = {".ttf", ".otf", ".ttc"}
MOST_FONTS = 500
# Of fonts that have the same letters, the plain one.
STYLED = re.compile(r"bold|italic|oblique|black|light|thin|mono|serif|condensed", re.IGNORECASE)
# Signs that nothing is drawn for, or that stand on others.
UNDRAWN = {"Cc", "Cf", "Mn", "Me", "Zl", "Zp", "Zs"}
TOLD = 2

type Ranges = tuple[Sequence[int], Sequence[int]]


def missing(text: str, fonts: Sequence[Path]) -> set[str]:
    """The letters of a text that none of some fonts has."""
    known = [letters_of(font) for font in fonts]
    seen = {letter for letter in set(text) if letter > "\x7f" and unicodedata.category(letter) not in UNDRAWN}
    return {letter for letter in seen if not any(has(ranges, letter) for ranges in known)}


def font_with(letters: Collection[str]) -> Path | None:
    """The font of the machine that has most of some letters, the plainest of several; None where none has."""
    fonts = [(sum(has(letters_of(font), one) for one in letters), font) for font in fonts_of_machine(FOLDERS)]
    count, best = max(fonts, key=lambda pair: pair[0], default=(0, None))
    return best if count else None


@cache
def fonts_of_machine(folders: Sequence[Path]) -> Sequence[Path]:
    """All fonts in some folders, the plain ones first; as they were when this was asked first."""
    found = [file for folder in folders for file in folder.rglob("*") if file.suffix.lower() in ENDINGS]
    return sorted(found, key=lambda file: (bool(STYLED.search(file.stem)), str(file)))[:MOST_FONTS]


def numbered(text: str, letters: Collection[str]) -> str:
    """A text with runs of letters that cannot be drawn told by their numbers: `[U+4EA7 U+54C1…]`."""
    if not letters:
        return text
    run = re.compile(f"[{''.join(map(re.escape, letters))}]+")
    return run.sub(lambda found: _numbers(found[0]), text)


def _numbers(run: str) -> str:
    numbers = " ".join(f"U+{ord(letter):04X}" for letter in run[:TOLD])
    return f"[{numbers}{'…' if len(run) > TOLD else ''}]"


def has(ranges: Ranges, letter: str) -> bool:
    """Tell whether a letter is in ranges of numbers: the first of each, and the last."""
    firsts, lasts = ranges
    place = bisect_right(firsts, ord(letter)) - 1
    return place >= 0 and ord(letter) <= lasts[place]


@cache
def letters_of(font: Path) -> Ranges:
    """The letters that a font has, as ranges of their numbers; none where it cannot be read."""
    try:
        with font.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            found = sorted(ranges_of(data))
    except (OSError, ValueError, struct.error):
        found = []
    return [first for first, _ in found], [last for _, last in found]
