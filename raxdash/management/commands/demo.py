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
        shown = ""
        for name, days in demonstration.fill(team):
            shown = f"\rMaking ninety days of history … {name}: {days} days"
            self.stdout.write(f"{shown:<70}", ending="")
            self.stdout.flush()
        if shown:
            self.stdout.write("")
        self.stdout.write(f"Sign in as {demonstration.EMAIL} with the password: {demonstration.PASSWORD}")
