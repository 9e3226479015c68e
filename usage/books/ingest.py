"""Take answers into the ledger: store them raw, extend the fold, roll up, in one transaction.

A repeat of a slot changes nothing. An answer that comes late makes its meter fold again from the knot before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from common.database import bulk
from teams.models import Team
from usage.books import past, persistence, stretch_rows, told_days
from usage.books.answers.answer import Answer
from usage.books.answers.batches import bounded, weight
from usage.books.answers.bodies import keep_bodies
from usage.books.answers.breakdown import Counts
from usage.books.inserted_knots import history_of, mend
from usage.books.refold import refold
from usage.books.rollups import rollup
from usage.books.rollups.calendar import Zones, written_zones
from usage.books.rollups.settled_days import Used
from usage.ledger import Changes, OutOfOrderError, Poll, State, extend
from usage.ledger.quarters import quarters
from usage.ledger.stretches import stretches_of
from usage.ledger.words import moment
from usage.models import Meter, RawPoll
from usage.models.ledger.periods import NEVER
from usage.models.meters.fields import FOLDED, RETENTION

# What the fold reads of a meter.
READ = ("team", "merged_into", "is_held", *FOLDED, *RETENTION)


class RawPollRow(NamedTuple):
    """An answer as a plain row."""

    meter_id: int
    slot: int
    at: int | None
    started_at: datetime
    ended_at: datetime
    interval_seconds: int
    status: int | None
    error: str
    period_start: datetime | None
    period_end: datetime | None
    total_tokens: int | None
    total_requests: int | None
    breakdown: Mapping[str, Counts]
    limits: Mapping[str, Any]
    body_hash: str
    body_id: int | None
    provider_date: datetime | None
    cost: str | None
    cost_millionths: int | None
    currency: str | None


def store(answers: Iterable[Answer]) -> int:
    """Take answers in, few enough in a transaction; return how many were new."""
    return sum(store_together(batch) for batch in bounded(sorted(answers, key=in_time), weight))


def in_time(answer: Answer) -> tuple[datetime, int, int]:
    """What answers are sorted by before they are folded."""
    return answer.started_at, answer.meter_id, answer.slot


@transaction.atomic
def store_together(answers: Sequence[Answer]) -> int:
    """Take answers in that one transaction can carry (see `batches`); return how many were new."""
    teams = lock_teams({answer.meter_id for answer in answers})
    meters = _meters({answer.meter_id for answer in answers})
    new = _new(sorted(answers, key=in_time), meters)
    polls = [answer.poll() for answer in new]
    bodies = keep_bodies(new, meters)
    bulk.insert(RawPoll, map(_raw_row, new, polls, bodies), RawPollRow._fields)
    changed = _extend(written_zones(teams.values()), meters, zip(new, polls, strict=True))
    told = {meters[answer.meter_id].team_id for answer in new}
    Team.objects.filter(pk__in=told).update(generation=F("generation") + 1)
    if new:
        past.keep({pk: changed.get(pk, NEVER) for pk in told}, new[0].started_at)
    return len(new)


def _meters(meter_ids: Iterable[int]) -> dict[int, Meter]:
    meters = Meter.objects.only(*READ).filter(pk__among=meter_ids)
    return {meter.pk: meter for meter in meters}


def lock_teams(meter_ids: Iterable[int]) -> dict[int, Team]:
    """Lock the teams of these meters, always in the same order: one writer a team, and no circle of waiting.

    SQLite has no row locks; there the whole transaction is alone.
    """
    ids = Meter.objects.filter(pk__among=meter_ids).values("team_id")
    return {team.pk: team for team in Team.objects.filter(pk__in=ids).order_by("pk").select_for_update()}


def _new(answers: Sequence[Answer], meters: dict[int, Meter]) -> list[Answer]:
    """Answers whose slot is not stored yet, and whose meter is still there; the first of each slot."""
    slots = {answer.slot for answer in answers}
    stored = RawPoll.objects.filter(meter_id__among=meters, slot__among=slots)
    seen = set(stored.values_list("meter_id", "slot"))
    new = []
    for answer in answers:
        key = answer.meter_id, answer.slot
        if key not in seen and answer.meter_id in meters:
            seen.add(key)
            new.append(answer)
    return new


def _raw_row(answer: Answer, poll: Poll | None, body_id: int | None) -> RawPollRow:
    return RawPollRow(
        meter_id=answer.meter_id,
        slot=answer.slot,
        at=poll.at if poll else None,
        started_at=answer.started_at,
        ended_at=answer.ended_at,
        interval_seconds=answer.interval_seconds,
        status=answer.status,
        error=answer.refusal[:200],
        period_start=answer.period_start,
        period_end=answer.period_end,
        total_tokens=answer.total_tokens,
        total_requests=answer.total_requests,
        breakdown=dict(answer.breakdown),
        limits=dict(answer.limits),
        body_hash=answer.body_hash,
        body_id=body_id,
        provider_date=answer.received.date if answer.received else None,
        cost=f"{answer.cost:f}" if answer.cost is not None else None,
        cost_millionths=answer.cost_millionths,
        currency=answer.currency,
    )


def _extend(
    zones: Zones, meters: dict[int, Meter], answers: Iterable[tuple[Answer, Poll | None]]
) -> dict[int, int]:
    """Fold answers; return since when periods and notes of each team are others now, in microseconds."""
    polls: dict[int, list[Poll]] = defaultdict(list)
    for answer, poll in answers:
        if poll:
            # The answer to a key that was merged while it was asked is its account's.
            polls[meters[answer.meter_id].merged_into_id or answer.meter_id].append(poll)
    meters |= _meters(polls.keys() - meters.keys())
    extended: list[tuple[Meter, State | None, Changes]] = []
    late: list[tuple[Meter, int]] = []
    changed: dict[int, int] = defaultdict(lambda: NEVER)
    for meter_id, waiting in polls.items():
        meter = meters[meter_id]
        if meter.is_held:
            continue  # whoever counts it anew folds these too, at the end
        before, team_id = meter.ledger_state, meter.team_id
        try:
            state, changes = extend(before, waiting, history_of(meter))
        except OutOfOrderError as error:
            late.append((meter, error.since))
            changed[team_id] = 0
            continue
        extended.append((meter, state, changes))
        changed[team_id] = min(changed[team_id], past.changed_since(before, changes))
    _save(zones, extended)
    for meter, since in late:
        refold(meter, zones[meter.team_id], since)
    return changed


def _save(zones: Zones, extended: Sequence[tuple[Meter, State | None, Changes]]) -> None:
    for meter, _, changes in extended:
        mend(meter, zones[meter.team_id], changes.changed)
    moved = [
        (meter.pk, quarters(changes.knots), stretches_of(changes.knots)) for meter, _, changes in extended
    ]
    _roll_up(zones, [meter for meter, _, _ in extended], moved)
    firsts = [meter for meter, _, changes in extended if changes.first]
    told_days.make_room(meter.pk for meter in firsts)
    stretch_rows.insert((pk, stretch) for pk, _, stretches in moved for stretch in stretches)
    persistence.save_changes((meter.pk, changes) for meter, _, changes in extended)
    for meter, _, changes in extended:
        if changes.first and changes.knots:
            meter.watched_from = moment(changes.knots[0].at)
        meter.idle_since = persistence.idle_since(meter.idle_since, changes)
    persistence.save_states((meter, state) for meter, state, _ in extended)
    unseen = {pk for pk, _, stretches in moved if stretches}
    told_days.fill(meter for meter, _, changes in extended if changes.first or meter.pk in unseen)


def _roll_up(zones: Zones, meters: Sequence[Meter], moved: Sequence[stretch_rows.Moves]) -> None:
    """Write the quarters that moved, the days that they are of, and what teams used in them."""
    ids = rollup.series_ids(meters, stretch_rows.lines(moved))
    team_changes = rollup.TeamChanges()
    quarter_rows, day_rows = [], []
    used: dict[int, list[Used]] = defaultdict(list)
    for meter, (pk, rows, _) in zip(meters, moved, strict=True):
        # Read once each: this is done for every series of a poll.
        team_id, zone, series = meter.team_id, zones[meter.team_id], ids[pk]
        for row in rows:
            day = rollup.local_day(row.number, zone)
            line, opening, value = series[row.series], row.opening, row.value
            team_changes.add(team_id, row.series, row.number, day, value - opening)
            used[team_id].append(Used(pk, row.series.metric, row.number, row.series.model, value - opening))
            quarter_rows.append(rollup.QuarterRow(line, row.number, opening, value))
            day_rows.append(rollup.DayRow(line, day, opening, value))
    rollup.save_quarters(quarter_rows)
    rollup.save_days(day_rows)
    team_changes.save(used)
