"""`manage.py catalogue rebuild`: make the catalogue of models again from the answers that were kept."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from teams.models import Team
from usage.catalogue.rebuild import NotKept, rebuild


class Command(BaseCommand):
    """Make the catalogue of all teams, or of some, again."""

    help = (
        "Rebuild the catalogue of models from the kept answers of /models; nothing changes where all is well."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take of whom."""
        parser.add_argument("action", choices=["rebuild"])
        parser.add_argument("--team", action="append", metavar="SLUG", help="only this team; may be repeated")

    def handle(self, *_: Any, team: list[str] | None, **__: Any) -> None:
        """Go on with the other teams where one cannot be rebuilt."""
        teams = Team.objects.filter(deleted_at=None).order_by("slug")
        found = list(teams.filter(slug__in=team) if team else teams)
        if missing := set(team or ()) - {each.slug for each in found}:
            raise CommandError(f"There is no team {', '.join(sorted(missing))}.")
        failed = 0
        for each in found:
            try:
                self.stdout.write(f"{each.slug}: made of {rebuild(each):,} answers.")
            except NotKept as error:
                failed += 1
                self.stderr.write(f"{each.slug}: {error}")
        if failed:
            raise CommandError(f"{failed} could not be made again.")
