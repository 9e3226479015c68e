"""Long names of series, shortened so that those that stand together still differ. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from common.templatetags.names import isolated

# So many letters of a line have room beside a swatch; the parts of a name share them.
ROOM = 44
BETWEEN = " · "
CUT = "…"
# Of what names have in common so much stands before that in which they differ.
BEFORE = 4


def told_apart(names: Sequence[Sequence[str]], room: int = ROOM) -> list[str]:
    """Each name, of one or several parts, in as many letters as there is room for: a part that is too long
    has its beginning and its end, or that in which it differs from the others at its place.
    """
    shortened = dict(_parts(names, room))
    found = []
    for parts in names:
        fits = len(BETWEEN.join(parts)) <= room
        shown = parts if fits else [shortened[len(parts), place, part] for place, part in enumerate(parts)]
        found.append(BETWEEN.join(map(isolated, shown)) if len(shown) > 1 else shown[0])
    return found


def _parts(names: Sequence[Sequence[str]], most: int) -> Iterator[tuple[tuple[int, int, str], str]]:
    """({of so many parts, at a place, this one}, shortened)."""
    beside: dict[tuple[int, int], dict[str, None]] = defaultdict(dict)
    for parts in names:
        for place, part in enumerate(parts):
            beside[len(parts), place][part] = None
    for (count, place), found in beside.items():
        room = (most - len(BETWEEN) * (count - 1)) // count
        for part, short in zip(found, _differing(list(found), room), strict=True):
            yield (count, place, part), short


def _differing(texts: Sequence[str], room: int) -> list[str]:
    alike = defaultdict(list)
    for text in texts:
        alike[ends(text, room)].append(text)
    return [
        short if len(alike[short := ends(text, room)]) == 1 else _around(text, alike[short], room)
        for text in texts
    ]


def ends(text: str, room: int = ROOM) -> str:
    """A text, of a long one its beginning and its end."""
    if len(text) <= room:
        return text
    first = room // 2
    return f"{text[:first]}{CUT}{text[len(text) - (room - first - len(CUT)) :]}"


def _around(text: str, others: Sequence[str], room: int) -> str:
    """From a little before the first letter in which a text differs from most like it among others."""
    same = max(_in_common(text, other) for other in others if other != text)
    start = max(same - BEFORE, 0)
    rest = text[start:]
    return f"{CUT}{rest}" if len(rest) < room else f"{CUT}{rest[: room - 2 * len(CUT)]}{CUT}"


def _in_common(one: str, other: str) -> int:
    """With how many letters both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
