"""What the team thinks of a run: written by whoever may run prompts, found again by its words."""

from enum import Enum, auto

from django import forms
from django.db import transaction
from django.utils import timezone

from playground.editor.form.fields import LinesField
from playground.history.erasing import lock
from playground.models import Rating, Run
from playground.models.ratings import NOTE_CHARS
from playground.search import index
from teams.models import User


class RatingForm(forms.Form):
    """How an answer was found, and a note on it."""

    verdict = forms.ChoiceField(
        label="Rating",
        choices=Rating.Verdict.choices,
        required=False,
    )
    note = LinesField(
        label="Note",
        required=False,
        max_length=NOTE_CHARS,
        error_messages={"max_length": f"A note has {NOTE_CHARS:,} characters at most."},
    )


class Outcome(Enum):
    """What became of a rating: kept; its words are gone; somebody else has rated them meanwhile."""

    KEPT = auto()
    GONE = auto()
    MEANWHILE = auto()


def rate(run: Run, author: User, verdict: str, note: str, seen: str | None = None) -> Outcome:
    """Keep what somebody thinks of a run, in place of what was thought before, if they have `seen` that.

    That is a `Rating.stamp`, empty for none; None where nobody says. Without a verdict and a note nothing is
    kept.
    """
    with transaction.atomic():
        # Nobody erases its words meanwhile: what is said of them goes with them.
        lock({run.conversation_id})
        mine = Run.objects.filter(pk=run.pk).with_words()
        if not mine.exists():
            return Outcome.GONE
        before = Rating.objects.filter(run=run).first()
        if seen is not None and seen != (before.stamp if before else ""):
            return Outcome.MEANWHILE
        Rating.objects.filter(run=run).delete()
        if verdict or note:
            fields = {"verdict": verdict, "note": note, "author": author, "changed_at": timezone.now()}
            Rating.objects.create(run=run, **fields)
        index.put(mine)
    return Outcome.KEPT
