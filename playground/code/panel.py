"""What the panel shows of a request: its body, or a program that sends it, and the way to the others."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from playground.code.export.languages import BY_NAME, LANGUAGES
from playground.code.export.requests import KEY_VARIABLE, CodeRequest
from playground.text.json_layout import lay_out

# The tab of the request itself, and what it is called in addresses.
BODY = "request"
TABS = ((BODY, "Request"), *((language.name, language.label) for language in LANGUAGES))


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at a request."""

    name: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """A request, looked at in one way: `chosen` is a language's name, or `request`."""

    request: CodeRequest
    body: bytes
    chosen: str = BODY

    @property
    def tabs(self) -> list[Tab]:
        """All ways to look at it."""
        return tabs(self.chosen)

    def all_ways(self) -> Iterator["Panel"]:
        """Yield the panel in each way."""
        return (replace(self, chosen=name) for name, _ in TABS)

    @property
    def label(self) -> str:
        """What is shown, in words."""
        return dict(TABS)[self.chosen]

    @property
    def is_body(self) -> bool:
        """Whether the request itself is shown."""
        return self.chosen == BODY

    @property
    def text(self) -> str:
        """What is shown: the body with a line for each value, or a program."""
        if self.is_body:
            return lay_out(self.body.decode())
        return BY_NAME[self.chosen].write(self.request)

    @property
    def bytes(self) -> int:
        """How many bytes are sent."""
        return len(self.body)

    @property
    def key_variable(self) -> str:
        """The variable of the environment that programs take the key from."""
        return KEY_VARIABLE


def way_named(name: str) -> str:
    """Return the way of this name, as `Panel` takes it; the body by any other name."""
    return name if name in BY_NAME else BODY


def tabs(chosen: str) -> list[Tab]:
    """Return all ways to look at a request, of which one is chosen."""
    return [Tab(name, label, name == chosen) for name, label in TABS]
