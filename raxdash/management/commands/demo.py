"""Fill the demonstration's history: `make demo` calls it."""

from typing import Any

from django.core.management.base import BaseCommand

from raxdash import demonstration


class Command(BaseCommand):
    """Create the demo team with its keys and ninety days of polls."""

    help = "Create a demo team with three simulated keys and ninety days of history."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill what is missing, and say how far it is."""
        team = demonstration.prepare()
        for name, days, of_days in demonstration.fill(team):
            if self.stdout.isatty() or days == of_days:
                done = f"Making ninety days of history … {name}: {days} of {of_days} days"
                self.stdout.write(f"\r{done:<70}", ending="\n" if days == of_days else "")
                self.stdout.flush()
        self.stdout.write(f"Sign in as {demonstration.EMAIL} with the password: {demonstration.PASSWORD}")
