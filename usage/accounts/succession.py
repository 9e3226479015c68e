"""Which account a meter counts. A key may come to mean another one; a meter never does.

Another address is another account: the key gets a new meter, and the old one stays with its numbers. A new
secret at the same address is usually the same account (keys are rotated), so its meter goes on, unless the
answer contradicts what was counted. Where that was wrong, a person says so and `split` parts them exactly.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from common.guard import guarded
from teams.models import Key, Team, User
from usage.accounts import recount
from usage.accounts.recount import Account
from usage.books.ingest import lock_teams
from usage.ledger import Poll, State
from usage.ledger.counters import fallen
from usage.ledger.words import microseconds
from usage.models import Meter, RawPoll, SharingSuggestion


def fingerprint(secret: str) -> str:
    """Return a keyed hash by which a secret is known again and cannot be found out."""
    return salted_hmac("usage.accounts", secret, algorithm="sha256").hexdigest()


def detach_moved(now: datetime, team: Team | None = None) -> int:
    """Let go of the meters (of a team, or of all) whose keys point to another address; return how many."""
    moved = Meter.objects.exclude(key=None).exclude(base_url=F("key__base_url"))
    count = 0
    for meter in moved if team is None else moved.filter(team=team):
        with guarded("Letting go of a moved key by meter", meter.pk), transaction.atomic():
            count += detach(meter, now)
    return count


def detach(meter: Meter, now: datetime) -> bool:
    """Take the key from its meter, whose numbers stay; tell whether it still had it."""
    name = f"{meter.name[:60]} (until {now:%Y-%m-%d})"
    mine = Meter.objects.filter(pk=meter.pk, key=meter.key_id).exclude(key=None)
    return bool(mine.update(key=None, name=name, lease_until=None))


def continues(state: State | None, poll: Poll) -> bool:
    """Tell whether a poll can be of the account that a state was counted from."""
    if state is None:
        return True
    if poll.period_start != state.period.told_start:
        return state.period.end is not None and poll.period_start >= state.period.end
    return not fallen(state.counters, poll, state.seats)


def succeed(meter: Meter, now: datetime) -> Meter:
    """Give the key of a meter a new one, which counts another account from here on."""
    new = Meter(team=meter.team, key=meter.key, name=meter.name, next_poll_at=meter.next_poll_at)
    new.base_url, new.created_at, new.planned_at = meter.base_url, now, meter.planned_at
    detach(meter, now)
    new.save()
    return new


@transaction.atomic
def split(key: Key, at: datetime | None = None, by: User | None = None) -> Meter | None:
    """Say that a key counts another account since `at` (when its secret was set, unless given).

    A long job moves the polls since then to a new meter, and counts both anew; return the new one, or None
    where the key's meter knows nothing from before: it has none yet, or was split a moment ago.
    """
    since = at or key.secret_set_at or timezone.now()
    teams = lock_teams(Meter.objects.filter(key=key).values_list("pk", flat=True))
    old = Meter.objects.filter(key=key).first()
    if old is None or not RawPoll.objects.readable().filter(meter=old, started_at__lt=since).exists():
        return None
    new = succeed(old, since)
    # Their evidence may have moved; the next look finds what is still true.
    SharingSuggestion.objects.about(old).open().delete()
    root, instant = old.root(), microseconds(since)
    accounts = [Account(root.pk, root.account_ids(), instant), Account(new.pk, [new.pk], instant)]
    moves = {"from": old.pk, "to": new.pk, "since": since.isoformat()}
    (team,) = teams.values()
    recount.start(team, accounts, deed={"moves": moves}, by=by or "", by_id=by.pk if by else "")
    return new
