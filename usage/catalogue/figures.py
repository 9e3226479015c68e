"""What is told of a model beside its name, as it is compared and kept."""

from collections.abc import Mapping
from zlib import crc32

from rax import Model

FIGURES = ("owned_by", "description", "context_window", "max_tokens", "retires_on")

# The figures of a model as a key was told them: texts, numbers, and days as ISO 8601.
type Told = Mapping[str, str | int | None]


def told_of(offered: Model) -> Told:
    """Return the figures to be kept with a key: of a description only what tells it from another one."""
    told: dict[str, str | int | None] = {name: getattr(offered, name) for name in FIGURES}
    told["description"] = crc32((offered.description or "").encode("utf-8", "replace"))
    told["retires_on"] = offered.retires_on.isoformat() if offered.retires_on else None
    return told


def changed(before: Told, now: Told) -> set[str]:
    """Return the names of the figures that differ."""
    return {name for name in FIGURES if before.get(name) != now.get(name)}
