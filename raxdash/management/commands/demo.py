"""Fill the demonstration's history: `make demo` calls it."""

from datetime import UTC, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from raxdash.demonstration import cast, filling, runs, story


class Command(BaseCommand):
    """Create the demo team with its people, its keys and their polls, and all else there is to look at."""

    help = "Create a demo team with four people, six simulated keys and days of history (90)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many days to make."""
        parser.add_argument("--days", type=int, default=story.HISTORY.days)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill what is missing, and say how far it is."""
        team = cast.prepare()
        # scripts/launch.py tells the simulator, which is to count as the history does.
        (settings.DATA_DIR / "demo-day").write_text(f"{team.created_at.astimezone(UTC):%Y-%m-%d}")
        for name, days, of_days in filling.fill(team, timedelta(days=options["days"])):
            if self.stdout.isatty() or days == of_days:
                done = f"Making {of_days} days of history … {name}: {days} of {of_days} days"
                self.stdout.write(f"\r{done:<70}", ending="\n" if days == of_days else "")
                self.stdout.flush()
        self.stdout.write(f"Sign in as {cast.EMAIL} with the password: {cast.PASSWORD}")
        others = " and ".join(person.email for person in cast.GUESTS)
        self.stdout.write(f"The same password lets in {others}.")
        if page := runs.columns_page(team):
            self.stdout.write(f"Three models beside each other: {page}")
