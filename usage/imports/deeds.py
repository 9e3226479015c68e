"""Give a file to be read, ask for past days, take an import in or back. Every deed is in the audit trail."""

import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404
from django.utils import timezone

from common import jobs
from teams import audit
from teams.changes import Refused, change
from teams.jobs import scope_of
from teams.models import Membership, Team
from teams.permissions import Access
from usage.acts import UsageAct
from usage.imports.jobs import dates, file, take
from usage.models import Import, ImportFile, Meter, ToldDay
from usage.models.imports import LONGEST_NAME
from usage.polls.claims.adoption import adopt_keys

State = Import.State

WAIT = "Another import of this team is under way. Try again when that is done."
TOO_LATE = "It is not in that state any more. Look at it again."
# Files wait for a moment only.
FAST = 1


class Deed(models.TextChoices):
    """What was done with history, in words that follow a person's name."""

    GIVEN = "import.given", "gave a file of history to be read:"
    ASKED = "import.asked", "asked providers for past days:"
    TAKEN = "import.taken", "imported history:"
    UNDONE = "import.undone", "took back an import of history:"
    DISCARDED = "import.discarded", "discarded an import of history:"


def find(team: Team, import_id: int) -> Import:
    """Return an import of the team; 404 otherwise."""
    return get_object_or_404(Import.objects.for_team(team), pk=import_id)


def give_file(access: Access, name: str, content: bytes, meter: Meter | None) -> Import:
    """Let a file be read; rows that name no key are of `meter`. Raises `Refused` while another is at it."""
    adopt_keys(access.team, timezone.now())
    options = {"zone": access.team.time_zone, "meter": meter and meter.pk}
    with change(access, UsageAct.IMPORT) as actor:
        origin = _begin(actor, ToldDay.Source.IMPORT, name, options)
        ImportFile.objects.create(of=origin, content=zlib.compress(content, FAST))
        _start(origin, file.KIND, actor)
        _record(access, actor, Deed.GIVEN, origin, bytes=len(content))
    return origin


def ask(access: Access, meters: Sequence[Meter], first: date, last: date) -> Import:
    """Let the providers of keys be asked for some days. Raises `Refused` while another import is at it."""
    options = {
        "meters": [meter.pk for meter in meters],
        "first": first.isoformat(),
        "last": last.isoformat(),
    }
    name = f"{len(meters)} keys" if len(meters) > 1 else meters[0].title
    with change(access, UsageAct.IMPORT) as actor:
        origin = _begin(actor, ToldDay.Source.DATE_RANGE, name, options)
        _start(origin, dates.KIND, actor)
        told = {"first": options["first"], "last": options["last"]}
        _record(access, actor, Deed.ASKED, origin, **told)
    return origin


def take_in(access: Access, import_id: int) -> Import:
    """Let the days of an import count that was shown."""
    return _move(access, import_id, (State.READY, State.TAKING), take.TAKE, Deed.TAKEN)


def undo(access: Access, import_id: int) -> Import:
    """Take an import out of the numbers again."""
    return _move(access, import_id, (State.TAKEN, State.UNDOING), take.UNDO, Deed.UNDONE)


def discard(access: Access, import_id: int) -> Import:
    """Throw away what was read and never counted."""
    origin = find(access.team, import_id)
    before = origin.state if origin.can_be_discarded else State.READY
    return _move(access, import_id, (before, State.DISCARDING), take.DISCARD, Deed.DISCARDED)


def _move(access: Access, import_id: int, states: tuple[str, str], kind: str, deed: Deed) -> Import:
    with change(access, UsageAct.IMPORT) as actor:
        origin = find(actor.team, import_id)
        _require_turn(actor.team)
        if not origin.move(*states):
            raise Refused(TOO_LATE)
        _start(origin, kind, actor)
        total = origin.effect.get("total", {})
        told = {name: total[name] for name in ("tokens", "requests", "days") if name in total}
        _record(access, actor, deed, origin, **told)
    return origin


def _begin(actor: Membership, source: str, name: str, options: dict[str, Any]) -> Import:
    _require_turn(actor.team)
    return Import.objects.create(
        team=actor.team,
        source=source,
        name=name[:LONGEST_NAME],
        options=options,
        author=actor.user,
        author_name=str(actor.user)[:254],
        created_at=timezone.now(),
    )


def _require_turn(team: Team) -> None:
    """Raise `Refused` while an import of the team is under way: each is reckoned from what counts then."""
    if Import.objects.filter(team=team).under_way().exists():
        raise Refused(WAIT)


def _start(origin: Import, kind: str, actor: Membership) -> None:
    scope, arguments = scope_of(actor.team), {"import": origin.pk}
    jobs.start(kind, scope, arguments, by=str(actor.user), by_id=actor.user.pk)


def _record(access: Access, actor: Membership, deed: Deed, origin: Import, **details: Any) -> None:
    audit.record(actor.team, deed, by=actor.user, about=origin, ip=access.ip, **details)
