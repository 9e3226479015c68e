"""`manage.py ledger verify` and `ledger rebuild`: hold the stored ledger against its raw polls."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common.guard import guarded
from teams.models import Team
from usage.books.verify import meter_differences, rebuild, rebuild_team, team_differences
from usage.models import Meter


class Command(BaseCommand):
    """Fold each meter's raw polls again and compare, or repair."""

    help = "Verify the ledger against its raw polls, or rebuild it from them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        parser.add_argument("action", choices=["verify", "rebuild"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through all teams and meters; exit with an error if anything differs in the end."""
        repairs = options["action"] == "rebuild"
        wrong = sum(self._check(team, repairs) for team in Team.objects.order_by("pk"))
        if wrong:
            raise SystemExit(1)

    def _check(self, team: Team, repairs: bool) -> int:
        """Repair if told to, print one line for each meter and the team; return how many differ."""
        found = {}
        for meter in Meter.objects.for_team(team):
            if meter.is_held:
                self.stdout.write(f"{team} / {meter}: is being counted anew")
                continue
            if meter.is_outdated() and not repairs:
                self.stdout.write(f"{team} / {meter}: folded under older rules, waits to be counted again")
                continue
            with guarded("Looking at meter", meter.pk):
                found[f"{team} / {meter}"] = ["it cannot be read"]
                if repairs:
                    rebuild(meter)
                found[f"{team} / {meter}"] = meter_differences(meter)
        if repairs:
            rebuild_team(team)
        found[str(team)] = team_differences(team)
        for name, differences in found.items():
            self.stdout.write(f"{name}: {', '.join(differences) or 'as it must be'}")
        return sum(map(bool, found.values()))
