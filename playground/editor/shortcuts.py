"""The keys of the playground."""

from dataclasses import replace

from common.shortcuts import HELP, MOVE, Shortcut

RUN_ALL = Shortcut(
    ("Ctrl", "Enter"),
    "Run: the message, or all columns; with nothing typed, the last one again. ⌘ does the same as Ctrl",
    "run",
)
RUN_ONE = Shortcut(("Ctrl", "Shift", "Enter"), "Run the column you are in", "this column")
STOP = Shortcut(("Esc",), "Stop what is being written, wherever you read; close what is open first", "stop")
COLUMN = Shortcut(("Alt", "1"), "Go to the message of column A; 2, 3 and 4 to those of B, C and D")
ROW = Shortcut(("Alt", "↑"), "Move the message you are in up among those before the next one; with ↓, down")

SHORTCUTS = (RUN_ALL, RUN_ONE, STOP, COLUMN, ROW, MOVE, HELP)


def hints(*, several: bool) -> tuple[Shortcut, ...]:
    """Return those that a page reminds of below the message."""
    return (replace(RUN_ALL, hint="run all"), RUN_ONE, STOP) if several else (RUN_ALL,)
