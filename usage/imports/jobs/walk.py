"""A long job that goes through the accounts of an import, one in each slice; and what comes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from common.jobs.kinds import Progress
from common.models import Job
from usage.imports.jobs import store
from usage.imports.jobs.effect import Effect
from usage.models import Import, Meter


@dataclass(slots=True)
class Walk:
    """Where it is: those of `roots` from `at` on come yet. `effects` are by account what came of it."""

    roots: list[int]
    at: int = 0
    effects: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, job: Job, origin: Import) -> Self:
        """Where a job is; at its first account, where it has not begun."""
        return cls(**job.place["walk"]) if is_begun(job) else cls(store.roots_of(origin))

    @property
    def root(self) -> Meter | None:
        """The account that comes next; None where it is gone."""
        return Meter.objects.filter(pk=self.roots[self.at]).first()

    @property
    def is_over(self) -> bool:
        """Tell whether all accounts were seen."""
        return self.at >= len(self.roots)

    def go_on(self, effect: Effect | None = None) -> None:
        """Go on to the next account."""
        if effect is not None:
            self.effects[str(self.roots[self.at])] = effect.dump()
        self.at += 1

    def progress(self, is_done: bool = False) -> Progress:
        """How far that is."""
        place = {"roots": self.roots, "at": self.at, "effects": self.effects}
        return Progress({"walk": place}, self.at, max(len(self.roots), 1), is_done)

    def effect(self) -> dict[str, Any]:
        """All that came of it, as an import keeps it."""
        return {"accounts": self.effects, "total": total(self.effects).dump()}


def is_begun(job: Job) -> bool:
    """Tell whether a job has come to the accounts."""
    return "walk" in job.place


def total(effects: Mapping[str, Any]) -> Effect:
    """What comes to all accounts together."""
    found = [Effect.load(stored) for stored in effects.values()]
    together = Effect()
    for effect in found:
        together = together.plus(effect)
    return together
