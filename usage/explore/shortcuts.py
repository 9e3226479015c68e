"""The keys of the usage page."""

from common.shortcuts import HELP, MOVE, Shortcut

SHORTCUTS = (
    Shortcut(("←",), "Step to the period before; with →, to the one after"),
    Shortcut(("p",), "Open the periods"),
    Shortcut(("c",), "Choose what is compared"),
    Shortcut(("g",), "Choose by what is grouped"),
    Shortcut(("f",), "Add a filter"),
    Shortcut(("s",), "Choose how long a bar is"),
    Shortcut(("b",), "Turn bars into their growing sum, and back"),
    Shortcut(("↓",), "In a menu that is open, go to the next entry; with ↑, to the one before"),
    Shortcut(("Esc",), "Close what is open"),
    Shortcut(("Home",), "In the chart (Tab leads there), go to its first bar; ←, → and End to others"),
    Shortcut(("Shift", "→"), "In the chart, choose several bars; Esc gives it up"),
    Shortcut(("Enter",), "In the chart, look at the bar, or at those that are chosen, alone"),
    MOVE,
    HELP,
)
