"""Gives files and questions to the jobs of imports, and reads what came of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import Model

from teams.models import Membership, Team, User
from teams.permissions import Access
from tests.common.jobs import run_jobs
from usage.books.verify import meter_differences, rebuild, team_differences
from usage.imports import deeds
from usage.ledger.words import moment
from usage.models import Import, Knot, Meter, Quarter, Stretch, TeamDay, ToldDay

DAY = timedelta(days=1)
NOVEMBER = datetime(2025, 11, 1, tzinfo=UTC)
HEADS = "start,key,model,tokens,requests"


def access_of(team: Team, user: User) -> Access:
    return Access(team, Membership.objects.get(team=team, user=user), "203.0.113.9")


def rows(days: Iterable[int], key: str = "Main key", tokens: int = 70, model: str = "rax-9") -> list[str]:
    """A row for each day, counted from 1 November 2025; so many tokens and 3 requests."""
    starts = (NOVEMBER + (number - 1) * DAY for number in days)
    return [f"{start:%Y-%m-%d}T00:00:00Z,{key},{model},{tokens},3" for start in starts]


def give(access: Access, lines: Iterable[str], heads: str = HEADS, meter: Meter | None = None) -> Import:
    """Let a file be read to its end."""
    heads_and_ends = heads.replace("start", "start,end")
    origin = deeds.give_file(access, "history.csv", content(lines, heads_and_ends), meter)
    run_jobs()
    return Import.objects.get(pk=origin.pk)


def content(lines: Iterable[str], heads: str) -> bytes:
    """The file: each row ends a day after it begins."""
    with_ends = []
    for line in lines:
        start, rest = line.split(",", 1)
        end = datetime.fromisoformat(start) + DAY
        with_ends.append(f"{start},{end.isoformat()},{rest}")
    return "\r\n".join([heads, *with_ends, ""]).encode()


def take_in(access: Access, origin: Import) -> Import:
    deeds.take_in(access, origin.pk)
    run_jobs()
    return Import.objects.get(pk=origin.pk)


def undo(access: Access, origin: Import) -> Import:
    deeds.undo(access, origin.pk)
    run_jobs()
    return Import.objects.get(pk=origin.pk)


def make_import(team: Team, user: User, state: str) -> Import:
    """An import in a state, without a day."""
    return Import.objects.create(
        team=team,
        source=ToldDay.Source.IMPORT,
        state=state,
        name="history.csv",
        author=user,
        author_name=str(user),
        created_at=NOVEMBER,
    )


def told(meter: Meter) -> dict[int, int]:
    """{day of November 2025: tokens} of what counts of told days."""
    found = Stretch.objects.filter(meter=meter, quality="told").order_by("start")
    return {(moment(row.start) - NOVEMBER).days + 1: row.total("tokens") for row in found}


def everything() -> list[list[tuple[object, ...]]]:
    """All rows that numbers are made of."""
    columns: dict[type[Model], tuple[str, ...]] = {
        Stretch: ("meter", "end", "start", "quality", "amounts"),
        Quarter: ("series", "number", "opening", "value"),
        Knot: ("meter", "at", "values"),
        TeamDay: ("metric", "model", "day", "amount"),
        ToldDay: ("meter", "start", "told_at", "total_tokens"),
    }
    return [
        list(of._default_manager.order_by(*names[:3]).values_list(*names)) for of, names in columns.items()
    ]


def measured() -> list[list[tuple[object, ...]]]:
    """The rows that follow from polls alone."""
    stretches, quarters, knots, days, _ = everything()
    return [[row for row in stretches if row[3] not in ("told", "unknown")], quarters, knots, days]


def assert_proven(team: Team) -> None:
    """The ledger is as it must be, and a rebuilt one is the same."""
    assert team_differences(team) == []
    before = everything()
    for meter in Meter.objects.filter(team=team):
        assert meter_differences(meter) == []
        rebuild(meter)
    assert everything() == before
