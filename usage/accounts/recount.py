"""Accounts are counted anew, as somebody said, by a long job: one at a time in each team.

What people decide holds at once: the decision is saved, and the meters concerned are held. The job then folds
drafts, lets them take the place of the old numbers quarter by quarter, and in its last step says which meter
counts which keys (see books/draft.py). Whoever decides about another account meanwhile is asked to wait.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import F, Max, Min
from django.utils import timezone

from common import jobs
from common.jobs.kinds import Progress, Write
from common.models import Job
from teams.changes import Refused
from teams.jobs import scope_of, team_of
from teams.models import Team
from usage.accounts import changed_sums, merge
from usage.accounts.changed_sums import Change
from usage.books import draft as drafting
from usage.books import draft_slices, told_days
from usage.books.draft import Batch, Draft
from usage.books.rollups.calendar import written_zones
from usage.ledger import OutOfOrderError
from usage.ledger.grid import QUARTER
from usage.models import CounterReset, Meter, RawPoll, SharingSuggestion

KIND, WORDS = "usage.recount", "Counting accounts anew"
WAIT = "An account of this team is being counted anew. Try again when that is done."
WAIT_FOR_ACCOUNT = "This account is being counted again under exacter rules. Try again when that is done."
# Raw polls that move to another meter in one slice.
MOVED_AT_ONCE = 1_000
# What may wait for the last step: it is folded while the team is locked.
LAST_POLLS = 50


@dataclass(frozen=True, slots=True)
class Account:
    """A meter, whose polls it counts from now on, and since when they are folded again.

    None is since the first of them that is kept, `BEFORE_ALL` from nothing.
    """

    meter: int
    members: Sequence[int]
    since: int | None = None


@dataclass(slots=True)
class Place:
    """Where the job goes on: its drafts, and the last quarter that was changed over; 0 before the first.

    `changes` are what the drafts change, where that is told at the end.
    """

    drafts: list[Draft] = field(default_factory=list)
    quarter: int = 0
    changes: list[Change] = field(default_factory=list)

    @classmethod
    def of(cls, job: Job) -> "Place":
        """The place of a job."""
        drafts = [Draft(**draft) for draft in job.place.get("drafts", ())]
        changes = [(more, fewer) for more, fewer in job.place.get("changes", ())]
        return cls(drafts, job.place.get("quarter", 0), changes)

    @property
    def boundary(self) -> int:
        """The instant before which everything is new; -1 before the first quarter."""
        return self.quarter * QUARTER if self.quarter else -1


def is_under_way(team: Team, kind: str = KIND) -> bool:
    """Tell whether accounts of the team are being counted anew, or wait for somebody after an error."""
    return Job.objects.of(scope_of(team), kind).pending().exists()


def start(
    team: Team,
    accounts: Sequence[Account],
    ends: Sequence[int] = (),
    *,
    deed: Mapping[str, Any],
    by: object = "",
    by_id: object = "",
    kind: str = KIND,
) -> Job:
    """Hold meters and begin to count them anew; `ends` count nothing afterwards. The team is locked.

    `deed` is what the last step does beside. Raises Refused where another account is being counted anew
    by a job of this kind, or one of these by any.
    """
    if is_under_way(team, kind):
        raise Refused(WAIT)
    held = Meter.objects.filter(pk__in=[*ends, *(account.meter for account in accounts)])
    if held.filter(is_held=True).exists():
        raise Refused(WAIT_FOR_ACCOUNT)
    held.update(is_held=True)
    # Who stores a poll locks the team: what comes from now on has a greater key.
    newest = RawPoll.objects.filter(meter__team=team).aggregate(newest=Max("pk"))["newest"] or 0
    arguments = {
        "accounts": [asdict(account) for account in accounts],
        "ends": list(ends),
        "newest": newest,
        "deed": dict(deed),
    }
    return jobs.start(kind, scope_of(team), arguments, by=str(by), by_id=by_id)[0]


def step(job: Job) -> Write:
    """One slice: what comes next is looked up and folded without a lock."""
    place, deed = Place.of(job), job.arguments["deed"]
    if not place.drafts:
        if deed.get("moves") and stray(deed["moves"]).exists():
            return partial(move_polls, job)
        return partial(begin, job)
    most = LAST_POLLS if place.quarter else 0
    late = [draft for draft in place.drafts if drafting.waiting(draft).count() > most]
    try:
        batch = drafting.fold(late[0], place.boundary) if late else None
    except OutOfOrderError as error:
        return partial(begin_again, job, error.since)
    if batch:
        if drafting.reaches_back(batch, place.boundary):
            return partial(begin_again, job)
        return partial(keep, job, place, late[0], batch)
    if "rules" in deed and not place.changes:
        place.changes = changed_sums.changes_of(place.drafts, Team.objects.get(pk=team_of(job)).zone)
    return partial(change_over, job, place)


def locked(job: Job) -> Team:
    """The job's team, locked."""
    return Team.objects.select_for_update().get(pk=team_of(job))


def stray(moves: Mapping[str, Any]) -> Any:
    """The polls that belong to the new secret's meter and are still with the old one."""
    since = datetime.fromisoformat(moves["since"])
    return RawPoll.objects.filter(meter=moves["from"], started_at__gte=since).order_by("pk")


def move_polls(job: Job) -> Progress:
    """Give some polls to the meter that they are of, with what people said of them."""
    moves = job.arguments["deed"]["moves"]
    locked(job)
    some = dict(stray(moves).values_list("pk", "at")[:MOVED_AT_ONCE])
    RawPoll.objects.filter(pk__in=some).update(meter=moves["to"])
    said = CounterReset.objects.filter(meter=moves["from"], at__in=[at for at in some.values() if at])
    said.update(meter=moves["to"])
    return Progress(job.place, job.done + len(some), None)


def begin(job: Job, since: int | None = None) -> Progress:
    """Begin a draft for each account; `since` is earlier than somebody thought."""
    locked(job)
    drafts, total = [], 0
    for account in accounts_of(job):
        start = since_of(job, account)
        if start is not None and since is not None:
            start = min(start, since)
        meter = Meter.objects.get(pk=account.meter)
        drafts.append(drafting.begin(meter, account.members, start))
        total += drafting.waiting(drafts[-1]).count()
    # Folding is half of the work.
    # What was told before still differs from what was there at first.
    return _progress(job, Place(drafts, changes=Place.of(job).changes), 0, 2 * total)


def accounts_of(job: Job) -> list[Account]:
    """What is counted anew."""
    return [Account(**account) for account in job.arguments["accounts"]]


def since_of(job: Job, account: Account) -> int | None:
    """Since when an account is folded again: earlier where an answer came that is older."""
    if account.since is None:
        return None
    came = RawPoll.objects.readable().filter(meter__in=account.members, pk__gt=job.arguments["newest"])
    first = came.aggregate(first=Min("at"))["first"]
    return account.since if first is None else min(account.since, first)


def is_complete(job: Job, drafts: Sequence[Draft]) -> bool:
    """Tell whether the drafts hold every answer before their last: none came late."""
    stand = [since_of(job, account) for account in accounts_of(job)]
    return all(drafting.is_complete(draft, since) for draft, since in zip(drafts, stand, strict=True))


def begin_again(job: Job, since: int | None = None) -> Progress:
    """Begin anew: something came late that changes what was folded."""
    drafting.throw_away(Place.of(job).drafts)
    return begin(job, since)


def keep(job: Job, place: Place, draft: Draft, batch: Batch) -> Progress:
    """Keep what was folded."""
    drafting.save(draft, batch)
    return _progress(job, place, job.done + batch.polls, job.total or 0)


def change_over(job: Job, place: Place) -> Progress:
    """Change some quarters over, or finish where these are the last."""
    team, ends = locked(job), job.arguments["ends"]
    zone = written_zones([team])[team.pk]
    first = place.quarter + 1 if place.quarter else draft_slices.first_quarter(place.drafts, ends)
    end = draft_slices.slice_end(place.drafts, ends, first, zone)
    if end < draft_slices.last_quarter(place.drafts, ends):
        return _change_some(job, place, team, first, end)
    moves = job.arguments["deed"].get("moves")
    if moves and stray(moves).exists():
        move_polls(job)
        return begin_again(job)
    if not is_complete(job, place.drafts):
        return begin_again(job)
    try:
        for draft in place.drafts:
            batch = drafting.fold(draft, place.boundary)
            if drafting.reaches_back(batch, place.boundary):
                return begin_again(job)
            drafting.save(draft, batch)
    except OutOfOrderError as error:
        return begin_again(job, error.since)
    last = max(first, draft_slices.last_quarter(place.drafts, ends))
    drafting.change_over(place.drafts, ends, zone, place.boundary, first, last)
    drafting.finish(place.drafts, ends, last * QUARTER)
    conclude(job, team, place.changes)
    return Progress({}, job.done, job.done, is_done=True)


def _change_some(job: Job, place: Place, team: Team, first: int, last: int) -> Progress:
    zone = written_zones([team])[team.pk]
    drafting.change_over(place.drafts, job.arguments["ends"], zone, place.boundary, first, last)
    Team.objects.filter(pk=team.pk).update(generation=F("generation") + 1)
    end = draft_slices.last_quarter(place.drafts, job.arguments["ends"])
    folded = sum(draft.folded for draft in place.drafts)
    done = folded + folded * (last - first + 1) // max(end - first + 1, 1)
    return _progress(job, replace(place, quarter=last), max(job.done, done), job.total or 0)


def conclude(job: Job, team: Team, changes: Sequence[Change]) -> None:
    """Say which meter counts which keys, let the meters go, and tell what changed by itself."""
    accounts = accounts_of(job)
    merge.arrange({account.meter: account.members for account in accounts}, job.arguments["ends"])
    held = [*job.arguments["ends"], *(account.meter for account in accounts)]
    Meter.objects.filter(pk__in=held).update(is_held=False)
    told_days.fill(Meter.objects.filter(pk__in=[account.meter for account in accounts]).defer("state"))
    Team.objects.filter(pk=team.pk).update(generation=F("generation") + 1)
    changed_sums.tell(team, changes)
    if "decided_by" in job.arguments["deed"]:
        same = SharingSuggestion.objects.filter(team=team).answered().open()
        decided = {"decided_by": job.arguments["deed"]["decided_by"], "decided_at": timezone.now()}
        same.update(state=SharingSuggestion.Decision.COUNTED_ONCE, **decided)


def _progress(job: Job, place: Place, done: int, total: int) -> Progress:
    return Progress(asdict(place), done, max(total, done) or None)
