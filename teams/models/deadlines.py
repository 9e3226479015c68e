"""How long a run may wait for the API: as its key says, and where that says nothing, as everywhere."""

from dataclasses import replace

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from rax import Timeouts

DEADLINES = ("connect_seconds", "first_token_seconds", "between_tokens_seconds", "whole_seconds")
# A day: whoever waits longer waits for nothing. `RUN_…_SECONDS` have the same bounds.
MOST_SECONDS = {name: 300 if name == "connect_seconds" else 86_400 for name in DEADLINES}


def installed_timeouts() -> Timeouts:
    """Return the deadlines of a run whose key has none of its own."""
    return Timeouts(**{name: getattr(settings, f"RUN_{name.upper()}") for name in DEADLINES})


def deadline(name: str) -> "models.PositiveIntegerField[int | None, int | None]":
    """Return the column of one deadline; NULL is as the installation has it."""
    bounds = [MinValueValidator(1), MaxValueValidator(MOST_SECONDS[name])]
    return models.PositiveIntegerField(null=True, blank=True, validators=bounds)


class DeadlineColumns(models.Model):
    """The deadlines of a key's own."""

    connect_seconds = deadline("connect_seconds")
    first_token_seconds = deadline("first_token_seconds")
    between_tokens_seconds = deadline("between_tokens_seconds")
    whole_seconds = deadline("whole_seconds")

    class Meta:
        abstract = True

    def own_deadlines(self) -> dict[str, int | None]:
        """Return the key's own numbers by name; None is as everywhere."""
        return {name: getattr(self, name) for name in DEADLINES}

    def timeouts(self) -> Timeouts:
        """Return how long a run with this key waits."""
        own = {name: seconds for name, seconds in self.own_deadlines().items() if seconds is not None}
        return replace(installed_timeouts(), **own)
