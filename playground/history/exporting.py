"""The history as a file: JSON Lines, or CSV for spreadsheets; written while it is read."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, NamedTuple

from asgiref.sync import sync_to_async

from common.spreadsheets import guarded
from playground.history.exported_fields import FIELDS, fields_of
from playground.models import Run
from playground.models.search_texts import place_of
from playground.search.filling import behind
from playground.search.finding import Found, find_all
from playground.search.questions import Question
from teams.models import Team

AT_ONCE = 100
NOT_EXPORTED = ("request", "messages", "left_out", "response_headers", "limits", "error_body")


def as_json_line(run: Run) -> str:
    """Return a run as one line of JSON."""
    return json.dumps(fields_of(run), ensure_ascii=False) + "\n"


def as_csv_row(run: Run) -> str:
    """Return a run as one row."""
    return csv_row([cell(value) for value in fields_of(run).values()])


def csv_row(cells: Sequence[object]) -> str:
    """Return cells as a row of CSV."""
    row = io.StringIO()
    csv.writer(row).writerow(cells)
    return row.getvalue()


def cell(value: Any) -> object:
    """Return a value as a cell: what would be a formula is text, what has parts is JSON."""
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    return guarded(value) if isinstance(value, str) else value


class Kind(NamedTuple):
    """A kind of file: its type, with what it begins, and how it writes a run."""

    content_type: str
    beginning: str
    write: Callable[[Run], str]


# By the end of the file's name.
KINDS = {
    "jsonl": Kind("application/jsonl", "", as_json_line),
    # Excel takes UTF-8 for something else without a mark of the encoding.
    "csv": Kind("text/csv; charset=utf-8", "\ufeff" + csv_row(tuple(FIELDS)), as_csv_row),
}


async def lines(team: Team, question: Question, kind: str) -> AsyncIterator[str]:
    """Yield a file of what a question finds, the newest first; of all runs where it asks for nothing."""
    yield KINDS[kind].beginning
    slices = find_all(team, question, AT_ONCE) if question.asks else all_of(team)
    while found := await sync_to_async(next_of)(slices):
        yield await sync_to_async(written)(team, found, KINDS[kind].write)


def all_of(team: Team) -> Iterator[list[Found]]:
    """Yield all runs of a team, so many at once; also those that are not in the index yet."""
    runs = older = Run.objects.for_team(team)
    while found := list(older.values_list("created_at", "pk")[:AT_ONCE]):
        yield [Found(place_of(at, run_id), run_id) for at, run_id in found]
        older = behind(runs, *found[-1])


def next_of(slices: Iterator[list[Found]]) -> list[Found]:
    """Return the next slice; an empty one after the last."""
    return next(slices, [])


def written(team: Team, found: Sequence[Found], write: Callable[[Run], str]) -> str:
    """Return some runs of a team as a piece of a file."""
    return "".join(map(write, read(team, found)))


def read(team: Team, found: Sequence[Found]) -> list[Run]:
    """Return runs in the order in which they were found; those that were erased meanwhile are left out."""
    runs = Run.objects.for_team(team).with_people().defer(*NOT_EXPORTED)
    return runs.in_order_of([one.run_id for one in found])
