"""The keys of a page, as its help sheet, its hints and the documentation tell them: a list for each page."""

from dataclasses import dataclass


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


MOVE = Shortcut(("Tab",), "Go to the next field, button or link; with Shift, to the one before")
HELP = Shortcut(("?",), "Show these keys, while no field has the focus")
