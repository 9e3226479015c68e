"""Keep what providers sent: each body once for a team, and of one meter only so much a day.

A body is never shared between teams, though nobody could tell: what one team was answered is in no row that
another one reads.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from common.database import bulk
from rax import RawAnswer
from usage.books.answers.answer import Answer
from usage.models import Meter, PollBody

# A body that is no larger is always kept: a poll a minute brings a megabyte and a half of them a day.
SMALL_BYTES = 1_024

# What the larger bodies of one meter may take of the disk in a day (UTC).
BYTES_A_DAY = 2_000_000


class BodyRow(NamedTuple):
    """A body as a plain row."""

    team_id: int
    hash: str
    text: str
    size: int
    is_cut: bool
    first_seen_at: datetime


def keep_bodies(answers: Sequence[Answer], meters: Mapping[int, Meter]) -> list[int | None]:
    """Store the bodies of answers that are new to their teams, which are locked.

    Return the primary key of each answer's body; None where there is none, or it is past the meter's bound.
    """
    places = [(meters[answer.meter_id].team_id, answer.body_hash) for answer in answers]
    known = _stored(place for place in places if place[1])
    new: dict[tuple[int, str], BodyRow] = {}
    for answer, place in zip(answers, places, strict=True):
        if answer.received is None or not place[1] or place in known or place in new:
            continue
        if take_room(meters[answer.meter_id], len(answer.received.body), answer.ended_at):
            new[place] = _row(*place, answer.received, answer.ended_at)
    bulk.insert(PollBody, new.values(), BodyRow._fields)
    large = {meters[answer.meter_id] for answer in answers if _is_large(answer)}
    bulk.update(Meter, large, ("bodies_on", "body_bytes"))
    known |= _stored(new)
    return [known.get(place) for place in places]


def _stored(places: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """{(team id, hash): primary key} of the bodies that are there."""
    hashes: dict[int, set[str]] = defaultdict(set)
    for team_id, body_hash in places:
        hashes[team_id].add(body_hash)
    found: dict[tuple[int, str], int] = {}
    for team_id, wanted in hashes.items():
        bodies = PollBody.objects.filter(team=team_id, hash__among=wanted)
        found |= {(team_id, body_hash): pk for pk, body_hash in bodies.values_list("pk", "hash")}
    return found


def _row(team_id: int, body_hash: str, received: RawAnswer, at: datetime) -> BodyRow:
    return BodyRow(
        team_id=team_id,
        hash=body_hash,
        text=received.text,
        size=len(received.body),
        is_cut=received.is_cut,
        first_seen_at=at,
    )


def _is_large(answer: Answer) -> bool:
    return answer.received is not None and len(answer.received.body) > SMALL_BYTES


def take_room(meter: Meter, size: int, at: datetime) -> bool:
    """Tell whether a body of a meter may be kept, and count it there where it is large."""
    if size <= SMALL_BYTES:
        return True
    day = at.astimezone(UTC).date()
    if meter.bodies_on is None or meter.bodies_on < day:
        meter.bodies_on, meter.body_bytes = day, 0
    if meter.body_bytes + size > BYTES_A_DAY:
        return False
    meter.body_bytes += size
    return True
