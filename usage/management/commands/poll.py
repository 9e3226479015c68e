"""`manage.py poll`: poll every key once, now."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from usage.polls.polling import poll_now
from usage.polls.unasked import Unasked, unasked


class Command(BaseCommand):
    """Poll every key once, in this process, and print one line for each."""

    help = "Poll every key once, now; exit code 1 if one told nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what each key told, or why it told nothing; exit with an error if one told nothing."""
        now = timezone.now()
        outcomes = poll_now(now)
        silent = list(unasked(outcomes, now))
        lines = [outcome.line() for outcome in outcomes] + [one.line() for one in silent]
        self.stdout.write("\n".join(lines) or "There is no key to poll.")
        if lost := [one for one in silent if one.is_lost]:
            self.stderr.write(sentence(lost))
        if silent or any(outcome.error for outcome in outcomes):
            raise SystemExit(1)


def sentence(lost: Sequence[Unasked]) -> str:
    """Say of which keys the secret cannot be opened, and what to do."""
    names = ", ".join(f"{one.name} ({one.team})" for one in lost)
    return (
        f"raxdash: ENCRYPTION_KEYS cannot open the secret of {names}: add the encryption key "
        "it was sealed with, or replace the secret on the page of the key"
    )
