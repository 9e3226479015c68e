"""Runs that are indexed, found and erased on a database of its own; run by `manage.py shell`."""

import itertools
import json
import random
import sys
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from playground.history.erasing import erase_all
from playground.models import Conversation, Run, RunState, SearchText
from playground.search import index
from playground.search.engines import asking, way_to
from playground.search.finding import find, find_all, marks_of
from playground.search.questions import BEGINNING, END, Question
from teams.models import Team
from tests.cast import make_cast
from tests.playground.search.plain import finds

VOCABULARY = ("the", "of", "Über", "café", "数据库", "get_user", "x1", "half-life", "stream", "a")
PHRASES: tuple[list[str], ...] = (
    *([word] for word in ("the", "of", "uber", "cafe", "stream", "a", "strea", "数据")),
    *(["get", "user"], ["half", "life"], ["the", "of"], ["of", "the"]),
)
UNWANTED: tuple[list[list[str]], ...] = ([], [["a"]], [["of", "the"]])
SECRET = "xylophonistic"  # a word that nothing else has


def main() -> None:
    """Print what was found."""
    cast = make_cast()
    texts = {make_run(cast.team, text): text for text in made_texts(60)}
    for text in made_texts(30):
        make_run(cast.other_team, text)
    told = {
        "differences": list(differences(cast.team, texts)),
        "slices": slices(cast.team),
        "folded": folded(cast.team),
        "plan": plan(cast.team),
        "erased": erased(cast.team),
    }
    sys.stdout.write(json.dumps(told, default=str))


def made_texts(count: int) -> list[str]:
    """Return texts of a few words, the same each time."""
    chosen = random.Random(7)
    return [" ".join(chosen.choices(VOCABULARY, k=chosen.randint(1, 12))) for _ in range(count)]


def make_run(team: Team, answer: str, state: str = RunState.COMPLETED) -> UUID:
    """Save a run that is over, and index it."""
    run = Run.objects.create(
        team=team, conversation=Conversation.objects.create(team=team), answer=answer, state=state
    )
    index.put(Run.objects.filter(pk=run.pk))
    return run.pk


def differences(team: Team, texts: dict[UUID, str]) -> Any:
    """Yield each question that is answered otherwise than a plain search answers it."""
    for wanted, unwanted in itertools.product(itertools.combinations(PHRASES, 2), UNWANTED):
        typed = " ".join([f'"{" ".join(w)}"' for w in wanted] + [f'-"{" ".join(w)}"' for w in unwanted])
        got = {found.run_id for found in find(team, Question.read(typed), 1_000)}
        expected = {run for run, text in texts.items() if finds(text, list(wanted), unwanted)}
        if got != expected:
            yield [typed, len(got), len(expected)]


def slices(team: Team) -> list[object]:
    """Return whether slices of what is found are all of it, once, newest first."""
    whole = find(team, Question.read("the"), 1_000)
    parts = [found for part in find_all(team, Question.read("the"), 7) for found in part]
    return [parts == whole, parts == sorted(parts, reverse=True), len(parts) > 14]


def plan(team: Team) -> bool:
    """Return whether the database says that it takes its index of marks."""
    way, is_sqlite = way_to(marks_of(team, Question.read("the"))), connection.vendor == "sqlite"
    with asking() as cursor:
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        cursor.execute(f"{explain} {way.statement}", [way.expression, BEGINNING, END, 10])
        text = str(cursor.fetchall())
    return ("VIRTUAL TABLE INDEX" if is_sqlite else "search_text_lexemes") in text


def folded(team: Team) -> list[str]:
    """Return questions that differ only in letters that are folded, and what they find: the same."""
    return [str(len(find(team, Question.read(typed), 1_000))) for typed in ("über", "UBER", "u\u0308ber")]


def erased(team: Team) -> dict[str, object]:
    """Erase a run, and return what is left of it anywhere."""
    run = make_run(team, f"Nobody says {SECRET} twice")
    before = len(find(team, Question.read(SECRET), 10))
    erase_all(Run.objects.filter(pk=run), timezone.now())
    after = len(find(team, Question.read(SECRET), 10))
    rows = SearchText.objects.filter(run=run).count()
    return {"found": [before, after], "rows": rows, "raw": raw_hits(SECRET)}


def raw_hits(word: str) -> list[str]:
    """Return the tables in which a word can still be read, raw index tables among them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM pragma_table_list WHERE type IN ('table', 'shadow')")
            names = [name for (name,) in cursor.fetchall() if name.startswith("playground_")]
            return [name for name in names if in_sqlite(cursor, name, word)]
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'playground%%'")
        names = [name for (name,) in cursor.fetchall()]
        return [name for name in names if in_postgresql(cursor, name, word)]


def in_sqlite(cursor: Any, table: str, word: str) -> bool:
    """Tell whether any value of a table has a word in it."""
    cursor.execute(f'SELECT * FROM "{table}"')
    values = itertools.chain.from_iterable(cursor.fetchall())
    return any(word.encode() in (v if isinstance(v, bytes) else str(v).encode()) for v in values)


def in_postgresql(cursor: Any, table: str, word: str) -> bool:
    """Tell whether any row of a table has a word in it."""
    cursor.execute(f'SELECT 1 FROM "{table}" row WHERE row::text LIKE %s LIMIT 1', [f"%{word}%"])
    return cursor.fetchone() is not None
