"""So much of a JSON value as an error is read from: whoever sends megabytes of it keeps nobody waiting."""

from itertools import islice
from typing import Any, Final

_MOST_VALUES: Final = 1_000
_MOST_CHARS: Final = 256 * 1024
_LONGEST_TEXT: Final = 20_000


def trimmed(value: Any) -> Any:
    """Return a copy with the outermost thousand values of objects and lists, and the beginnings of texts."""
    root = [value]
    level: list[Any] = [root]
    values, chars = _MOST_VALUES, _MOST_CHARS
    while level:
        below: list[Any] = []
        for holder in level:
            for place in range(len(holder)) if isinstance(holder, list) else list(holder):
                item = holder[place]
                if isinstance(item, str):
                    holder[place] = item[: min(_LONGEST_TEXT, chars)]
                    chars -= len(holder[place])
                elif isinstance(item, list | dict):
                    holder[place] = _first(item, values)
                    values -= len(holder[place])
                    below.append(holder[place])
        level = below
    return root[0]


def _first(holder: Any, most: int) -> Any:
    """Return a copy of a list or an object with so many of its values at most."""
    return holder[:most] if isinstance(holder, list) else dict(islice(holder.items(), most))
