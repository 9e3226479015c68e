"""Ids as addresses and forms name them, which may hold anything."""

from collections.abc import Iterable
from uuid import UUID


def uuid_of(text: str) -> UUID | None:
    """Return the id that a text is; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def uuids_in(texts: Iterable[str]) -> list[UUID]:
    """Return the ids among some texts, in their order."""
    return [found for text in texts if (found := uuid_of(text))]
