"""What a live run has said beyond what its row holds."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import models

from playground.models.states import LIVE_STATES

# A row that holds so many characters of what a live run says is not written anew for each second's.
ROW_CHARS = 8_000
# The columns that they are written to.
SAID = ("answer", "reasoning", "refusal")


class ContinuationQuerySet(models.QuerySet["Continuation"]):
    """Answers how the texts of live runs go on."""

    def texts_of(self, held: Mapping[UUID, Mapping[str, str]]) -> dict[UUID, dict[str, str]]:
        """Return the whole texts of runs, by their columns, from those that the rows hold; one query."""
        texts = {run_id: dict(of_row) for run_id, of_row in held.items()}
        pieces = self.filter(run__among=list(texts)).order_by("run", "part", "begins")
        told = pieces.values_list("run", "part", "begins", "text")
        for (run_id, part), of_part in groupby(told, key=lambda piece: piece[:2]):
            following = [(begins, text) for _, _, begins, text in of_part]
            texts[run_id][part] = continued(texts[run_id][part], following)
        return texts


class Continuation(models.Model):
    """A piece of a live run's text that its row does not hold.

    To write a long text anew each second would cost more with every second. So the row takes its beginning,
    and what comes then is added piece by piece; the run's end writes all of it into the row, and these go.
    `part` is the column that the text belongs to, `begins` how many characters of that stand before.
    """

    run = models.ForeignKey("Run", on_delete=models.CASCADE, related_name="continuations", db_index=False)
    part = models.CharField(max_length=12)
    begins = models.PositiveIntegerField()
    text = models.TextField()

    objects = ContinuationQuerySet.as_manager()

    class Meta:
        constraints = [
            # texts_of, in order; a save that is repeated writes its piece anew.
            models.UniqueConstraint(fields=["run", "part", "begins"], name="one_continuation_at_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.run_id} from {self.begins} on"


def continued(held: str, pieces: Iterable[tuple[int, str]]) -> str:
    """Return a text with pieces, each with where it begins, as far as they follow without a gap."""
    texts, chars = [held], len(held)
    for begins, text in pieces:
        if begins <= chars < begins + len(text):
            texts.append(text[chars - begins :])
            chars = begins + len(text)
    return "".join(texts)


def go_on(runs: Iterable[models.Model]) -> None:
    """Let runs, as they were fetched, hold all that is saved of their words; one query, where one goes on."""
    going_on = {run.pk: run for run in runs if may_go_on(vars(run))}
    if not going_on:
        return
    held = {run_id: {column: vars(run)[column] for column in SAID} for run_id, run in going_on.items()}
    for run_id, texts in Continuation.objects.texts_of(held).items():
        vars(going_on[run_id]).update(texts)


def may_go_on(held: Mapping[str, Any]) -> bool:
    """Tell whether more may be saved of a run's words than what was fetched of its row."""
    if held.get("state") not in LIVE_STATES or not all(column in held for column in SAID):
        return False
    return sum(len(held[column]) for column in SAID) >= ROW_CHARS
