"""The keys of the playground, as its help sheet, its hints and the documentation tell them: the one list."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys that are pressed together, one name each; what they do, and in a hint, in fewer words."""

    keys: tuple[str, ...]
    words: str
    hint: str = ""

    @property
    def spoken(self) -> str:
        """The keys in one text: "Ctrl+Enter"."""
        return "+".join(self.keys)


RUN_ALL = Shortcut(("Ctrl", "Enter"), "Run: the message, or all columns. ⌘ does the same as Ctrl", "run")
RUN_ONE = Shortcut(("Ctrl", "Shift", "Enter"), "Run the column you are in", "this column")
STOP = Shortcut(("Esc",), "Stop what is being written, wherever you read; close what is open first", "stop")
COLUMN = Shortcut(("Alt", "1"), "Go to the message of column A; 2, 3 and 4 to those of B, C and D")
ROW = Shortcut(("Alt", "↑"), "Move the message you are in up among those before the next one; with ↓, down")
MOVE = Shortcut(("Tab",), "Go to the next field, button or link; with Shift, to the one before")
HELP = Shortcut(("?",), "Show these keys, while no field has the focus")

SHORTCUTS = (RUN_ALL, RUN_ONE, STOP, COLUMN, ROW, MOVE, HELP)


def hints(*, several: bool) -> tuple[Shortcut, ...]:
    """Return those that a page reminds of below the message."""
    return (replace(RUN_ALL, hint="run all"), RUN_ONE, STOP) if several else (RUN_ALL,)
