"""Where a turn stands: which version of its turn it is, and where the links beside it lead."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.http import urlencode

from playground.editor.turns.branches import Version


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a run on the page at an address; `version` where there are several at it."""

    run_id: UUID
    address: str
    version: Version | None = None

    @property
    def edit_url(self) -> str:
        """The page with the message of this turn to be edited."""
        return self._page(edit=self.run_id)

    @property
    def use_url(self) -> str:
        """The page with the answer of this turn in the next message."""
        return self._page(use=self.run_id)

    @property
    def previous_url(self) -> str:
        """The page with the version before; empty where there is none."""
        named = self.version.previous if self.version else None
        return self._page(branch=named) if named else ""

    @property
    def next_url(self) -> str:
        """The page with the version after; empty where there is none."""
        named = self.version.next if self.version else None
        return self._page(branch=named) if named else ""

    def _page(self, **asked: UUID) -> str:
        """Return the address of the page that asks for something more; what is asked last holds."""
        query = urlencode({name: str(value) for name, value in asked.items()})
        return f"{self.address}{'&' if '?' in self.address else '?'}{query}"
