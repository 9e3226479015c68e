"""What pages show of an import: how far it is, what it changes, and what stands in its way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from teams.models import Team
from usage.imports.jobs.dates import remarks_of
from usage.imports.jobs.effect import Effect
from usage.imports.words import cost_words, remarks, sentence
from usage.models import DateRangeAnswer, Import, Meter

# So many accounts are named.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ShownImport:
    """An import with what it changes in words; nothing, where that is not known yet."""

    origin: Import
    effect: Effect | None
    sentence: str

    @classmethod
    def of(cls, origin: Import, team: Team) -> "ShownImport":
        """The import of a team."""
        stored = origin.effect.get("total")
        if stored is None:
            return cls(origin, None, "")
        effect = Effect.load(stored)
        is_done = origin.state not in (Import.State.READY, Import.State.TAKING, Import.State.DISCARDING)
        return cls(origin, effect, sentence(effect, team, is_done=is_done))

    @property
    def remarks(self) -> list[str]:
        """What else is to be said, each in a sentence."""
        beside = list(remarks(self.effect)) if self.effect else []
        return [*beside, *_of_rows(self.origin.options)]


def accounts_of(origin: Import, team: Team) -> list[dict[str, Any]]:
    """Whose numbers change, by how much, those first that change most; and who told nothing, and why."""
    effects = {int(pk): Effect.load(stored) for pk, stored in origin.effect.get("accounts", {}).items()}
    reasons = remarks_of(origin)
    meters = Meter.objects.filter(team=team, pk__in={*effects, *reasons}).select_related("key").defer("state")
    rows = [
        {
            "name": meter.title,
            "effect": effects.get(meter.pk),
            "cost": cost_words(effects[meter.pk]) if meter.pk in effects else "–",
            "reason": reasons.get(meter.pk, ""),
        }
        for meter in meters
    ]
    return sorted(rows, key=lambda row: (-(row["effect"].tokens if row["effect"] else -1), row["name"]))


def honoured(team: Team) -> dict[str, int]:
    """How many of the team's keys have servers that honour dates, and how many have none."""
    answers = DateRangeAnswer.objects.filter(meter__team=team).values_list("is_honoured", flat=True)
    found = list(answers)
    return {"yes": sum(found), "no": len(found) - sum(found)}


def _of_rows(options: dict[str, Any]) -> Iterator[str]:
    """What of a file was passed over."""
    if count := options.get("passed"):
        yield f"Rows without a number, which were passed over: {count:,}."
    if count := options.get("unfinished"):
        yield f"Rows of a time that was not over, which were passed over: {count:,}."
    if count := options.get("at_least"):
        yield f"Rows that say “at least”, which count as what they tell: {count:,}."
    if count := options.get("own"):
        yield f"Rows of runs of raxdash’s own, which no provider counts and which are kept here: {count:,}."
    if others := options.get("others"):
        yield f"Columns that were not read: {', '.join(others)}."
