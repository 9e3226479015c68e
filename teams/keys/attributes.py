"""Change what a team says about its keys, from a local day on: the dated rows, and the columns of now.

The only place that writes either, always both, in one transaction.
"""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.db.models import F

from teams.keys.timelines import Changes, Dated, Timeline, stored
from teams.models import Key, KeyAttributes, Team, User
from teams.models.attributes import columns_of
from teams.signals import limits_changed

COLUMNS = [
    "owner_id",
    "owner_name",
    "project",
    "plan",
    "requests_per_minute",
    "tokens_per_day",
    "tokens_per_period",
]
LABELLED = KeyAttributes.labels.through


@transaction.atomic
def change_attributes(keys: Iterable[Key], since: date, changes: Changes) -> None:
    """Let `changes` be valid for these saved keys from the local day `since` on, and now.

    `ALWAYS` corrects every day; only what differs from now is corrected. The given instances are kept in
    step. Changes of one team wait for each other, as in teams/changes.py.
    """
    given, columns = {key.pk: key for key in keys}, columns_of(**changes)
    teams = Team.objects.filter(pk__in={key.team_id for key in given.values()})
    list(teams.select_for_update().order_by("pk"))
    before, keys_now = stored(given), Key.objects.filter(pk__in=given).select_related("owner")
    after = {key.pk: applied(before.get(key.pk) or Timeline.of(key), since, changes) for key in keys_now}
    if write(before, after):
        # What is grouped by attributes changes with them, as it does with a poll.
        teams.update(generation=F("generation") + 1)
    keys_now.update(**columns)
    for key in given.values():
        for name, value in columns.items():
            setattr(key, name, value)
    if "terms" in changes:
        limits_changed.send(None, keys=list(given.values()))


def applied(timeline: Timeline, since: date, changes: Changes) -> Timeline:
    """Return the timeline with those of the changes that say something new."""
    differences = timeline.differences(changes)
    return timeline.changed(since, differences) if differences else timeline


def write(before: dict[UUID, Timeline], after: dict[UUID, Timeline]) -> bool:
    """Store what differs between two states of timelines; tell whether anything did."""
    new: list[tuple[UUID, Dated]] = []
    gone: dict[date, list[UUID]] = {}
    for key_id, timeline in after.items():
        old = before[key_id].entries if key_id in before else ()
        new += [(key_id, entry) for entry in timeline.entries if entry not in old]
        for day in {entry.valid_from for entry in old} - {entry.valid_from for entry in timeline.entries}:
            gone.setdefault(day, []).append(key_id)
    for day, key_ids in gone.items():
        KeyAttributes.objects.filter(key__in=key_ids, valid_from=day).delete()
    if new:
        save(new)
    return bool(new or gone)


def save(entries: list[tuple[UUID, Dated]]) -> None:
    """Write entries over what is stored for the same key and day, or beside it."""
    rows = KeyAttributes.objects.bulk_create(
        [KeyAttributes.holding(key_id, entry.valid_from, entry.attributes) for key_id, entry in entries],
        update_conflicts=True,
        unique_fields=["key", "valid_from"],
        update_fields=COLUMNS,
        batch_size=500,
    )
    LABELLED.objects.filter(keyattributes__in=[row.pk for row in rows]).delete()
    LABELLED.objects.bulk_create(
        LABELLED(keyattributes_id=row.pk, label_id=label.pk)
        for row, (_, entry) in zip(rows, entries, strict=True)
        for label in entry.attributes.labels
    )


def disown(user: User, team: Team | None = None) -> None:
    """Take the person's keys away from today on, in one team or in all: until yesterday they were theirs."""
    owned = Key.objects.filter(owner=user, **({"team": team} if team else {})).select_related("team")
    for its_team, keys in groupby(owned.order_by("team"), attrgetter("team")):
        change_attributes(keys, its_team.today(), {"owner": None})
