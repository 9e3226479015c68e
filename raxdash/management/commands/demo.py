"""Fill the demonstration's history: `make demo` calls it."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from raxdash import demonstration


class Command(BaseCommand):
    """Create the demo team with its keys and their polls."""

    help = "Create a demo team with three simulated keys and days of history (90)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many days to make."""
        parser.add_argument("--days", type=int, default=demonstration.HISTORY.days)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill what is missing, and say how far it is."""
        team = demonstration.prepare()
        for name, days, of_days in demonstration.fill(team, timedelta(days=options["days"])):
            if self.stdout.isatty() or days == of_days:
                done = f"Making {of_days} days of history … {name}: {days} of {of_days} days"
                self.stdout.write(f"\r{done:<70}", ending="\n" if days == of_days else "")
                self.stdout.flush()
        self.stdout.write(f"Sign in as {demonstration.EMAIL} with the password: {demonstration.PASSWORD}")
