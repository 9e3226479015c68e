"""Keep what runs are found by, and let it go: always in the transaction that stores or erases their words."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction

from playground.models import ENDED_STATES, Run, RunQuerySet, SearchText
from playground.search.entries import COLUMNS, Entry, rating_of

# How many runs of one millisecond are told apart where the beginnings of their ids are the same.
MOST_AT_ONCE = 50
INSERT = (
    "INSERT INTO playground_searchtext (id, run_id, team_id, words, terms) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT DO NOTHING"
)


@transaction.atomic(savepoint=False)
def put(runs: RunQuerySet) -> int:
    """Keep what those of these runs are found by that are over and have words; tell how many those are.

    They are held: who erases one waits, and finds here what is to go.
    """
    over = runs.with_words().filter(state__in=ENDED_STATES)
    # Rows of SQLite's index are added fastest in the order of their places.
    held = over.select_related("rating").only(*COLUMNS, "rating").select_for_update(of=("self",))
    found = sorted(held.order_by("pk"), key=lambda run: run.created_at)
    forget([run.pk for run in found])
    for run in found:
        add(run, Entry.of(run, rating_of(run)))
    return len(found)


def add(run: Run, entry: Entry) -> None:
    """Add a run's entry, at the next place where another run has its own."""
    run_id = Run._meta.pk.get_db_prep_value(run.pk, connection)
    with connection.cursor() as cursor:
        for place in range(entry.place, entry.place + MOST_AT_ONCE):
            cursor.execute(INSERT, [place, run_id, run.team_id, entry.words, entry.terms])
            if cursor.rowcount:
                return


def forget(run_ids: Iterable[UUID]) -> None:
    """Let what these runs are found by go."""
    SearchText.objects.filter(run__among=list(run_ids)).delete()


def forget_erased() -> None:
    """Let go of what the version before, which knows no index, has erased."""
    SearchText.objects.exclude(run__erased_at=None).delete()
