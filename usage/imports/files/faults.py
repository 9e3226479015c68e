"""What is wrong with a file, in words, each with its line: a few are shown, all are counted."""

from dataclasses import dataclass, field

from common.templatetags.names import isolated

# So many are shown.
MOST_SHOWN = 20


class Unreadable(Exception):
    """The file cannot be read at all; its text tells a person why."""


@dataclass(slots=True)
class Faults:
    """What is wrong, in the order of the lines."""

    shown: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, words: str) -> None:
        """Note what is wrong with a line."""
        self.count += 1
        if len(self.shown) < MOST_SHOWN:
            self.shown.append((line, words))

    def __bool__(self) -> bool:
        return self.count > 0


def quoted(text: str, most: int = 40) -> str:
    """What stands in a file, cut and set apart from the words around it, whatever its direction."""
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[:most])
    return f"“{isolated(shown)}{'…' if len(text) > most else ''}”"
