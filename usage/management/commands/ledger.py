"""`manage.py ledger verify` and `ledger rebuild`: hold the stored ledger against its raw polls."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from common.guard import guarded
from teams.models import Team
from usage.books.verify import Comparison, compare_meter, compare_team, rebuild, rebuild_team
from usage.models import Meter

UNREADABLE = Comparison(["it cannot be read"], polls=0, rows=0)
HELD = "is being counted anew"
OUTDATED = "folded under older rules, waits to be counted again"


@dataclass(slots=True)
class Tally:
    """What all comparisons of one command come to."""

    meters: int = 0
    teams: int = 0
    polls: int = 0
    rows: int = 0
    wrong: int = 0
    waiting: int = 0

    def add(self, found: Comparison) -> None:
        """Count one comparison in."""
        self.polls += found.polls
        self.rows += found.rows
        self.wrong += bool(found.differences)

    def sentence(self) -> str:
        """Say what was compared, and what came of it."""
        came = f"{self.wrong:,} differ" if self.wrong else "all is as it must be"
        left = (
            f"; {self.waiting:,} not compared, being counted anew or waiting for it" if self.waiting else ""
        )
        return (
            f"Compared: meters {self.meters:,}, teams {self.teams:,}, polls folded again {self.polls:,}, "
            f"rows held against them {self.rows:,}; {came}{left}."
        )


class Command(BaseCommand):
    """Fold each meter's raw polls again and compare, or repair."""

    help = (
        "Verify the ledger against its raw polls, or rebuild it from them; exit code 1 if anything differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do, and of whom."""
        parser.add_argument("action", choices=["verify", "rebuild"])
        parser.add_argument("--team", action="append", metavar="SLUG", help="only this team; may be repeated")
        parser.add_argument(
            "--meter",
            action="append",
            metavar="NAME",
            help="only this meter (its name or number), without its team's sums; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the teams and meters; say what was compared; exit with an error if anything differs."""
        teams = chosen_teams(options["team"])
        meters = chosen_meters(teams, options["meter"])
        self.repairs = options["action"] == "rebuild"
        self.done, self.total = 0, len(meters) + (0 if options["meter"] else len(teams))
        self.tally = Tally()
        for team in teams:
            for meter in meters:
                if meter.team_id == team.pk:
                    self._check_meter(team, meter)
            if not options["meter"]:
                self._check_team(team)
        self.stdout.write(self.tally.sentence())
        if self.tally.wrong:
            raise SystemExit(1)

    def _check_meter(self, team: Team, meter: Meter) -> None:
        name = f"{team} / {meter}"
        if meter.is_held or (meter.is_outdated() and not self.repairs):
            self.tally.waiting += 1
            self._say(name, HELD if meter.is_held else OUTDATED)
            return
        found = UNREADABLE
        with guarded("Looking at meter", meter.pk):
            if self.repairs:
                rebuild(meter)
            found = compare_meter(meter)
        self.tally.meters += 1
        self._tell(name, found, f"{found.polls:,} polls, {found.rows:,} rows")

    def _check_team(self, team: Team) -> None:
        if self.repairs:
            rebuild_team(team)
        found = compare_team(team)
        self.tally.teams += 1
        self._tell(str(team), found, f"{found.rows:,} rows of sums")

    def _tell(self, name: str, found: Comparison, extent: str) -> None:
        self.tally.add(found)
        self._say(name, f"{', '.join(found.differences) or 'as it must be'} ({extent})")

    def _say(self, name: str, what: str) -> None:
        """Write one line at once: a ledger of years takes a while."""
        self.done += 1
        self.stdout.write(f"[{self.done}/{self.total}] {name}: {what}")
        self.stdout.flush()


def chosen_teams(slugs: list[str] | None) -> list[Team]:
    """Return the teams with these slugs, or all; end with a sentence where one is unknown."""
    teams = list(Team.objects.order_by("pk"))
    known = {team.slug for team in teams}
    for slug in slugs or ():
        if slug not in known:
            raise CommandError(f"--team: there is no team {slug!r}: {listed(known)}.", returncode=2)
    return [team for team in teams if slugs is None or team.slug in slugs]


def chosen_meters(teams: list[Team], names: list[str] | None) -> list[Meter]:
    """Return the teams' meters of these names, or all; one that another counts is that one."""
    of_teams = Meter.objects.counted().filter(team__in=teams).select_related("key").order_by("pk")
    if names is None:
        return list(of_teams.filter(merged_into=None))
    found: dict[int, Meter] = {}
    for name in names:
        named = list(of_teams.filter(called(name)))
        if not named:
            known = {meter.title for meter in of_teams}
            raise CommandError(f"--meter: there is no meter {name!r}: {listed(known)}.", returncode=2)
        found |= {root.pk: root for root in map(Meter.root, named)}
    return list(found.values())


def called(name: str) -> Q:
    """The meters of this name, of a key of this name, or with this number."""
    named = Q(name=name) | Q(key__name=name)
    return named | Q(pk=int(name)) if name.isascii() and name.isdigit() and len(name) < 19 else named


def listed(known: set[str]) -> str:
    """Say which there are; of many, the first."""
    return f"there is {', '.join(shown(known))}" if known else "there is none"


def shown(known: set[str], most: int = 10) -> Iterator[str]:
    """Yield the first names, and an ellipsis where there are more."""
    yield from sorted(known)[:most]
    if len(known) > most:
        yield "…"
