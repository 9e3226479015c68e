"""`manage.py poll`: poll every key once, now."""

from typing import Any

from django.core.management.base import BaseCommand

from usage.polls.polling import poll_now


class Command(BaseCommand):
    """Poll every key once, in this process, and print one line for each."""

    help = "Poll every key once, now."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what each key told; exit with an error if one told nothing."""
        outcomes = poll_now()
        for outcome in outcomes:
            self.stdout.write(outcome.line())
        if not outcomes:
            self.stdout.write("There is no key to poll.")
        if any(outcome.error for outcome in outcomes):
            raise SystemExit(1)
