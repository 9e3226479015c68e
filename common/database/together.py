"""Several questions to the database as one query.

A reading is a generator: it yields what it asks, is sent the rows of each, and returns what it found.
Readings that go on side by side take as many queries as the longest of them has steps, however many they are;
each of them reads as if it were alone.

    def notes_of(team: Team) -> Reading[list[Note]]:
        return (yield from ask(Note.objects.filter(team=team)))

    notes, models = read(side_by_side(notes_of(team), models_of(team)))

What is asked side by side comes as one JSON array a row, so that rows of any shape fit into one statement.
They keep their order, and are what the queryset would yield by itself, but that SQLite tells 15 digits of a
fraction. Bytes cannot be told so: defer such columns.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, overload
from uuid import UUID

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from common.database.prepared import Filled


@dataclass(frozen=True, slots=True)
class Raw:
    """A question in SQL, with its parameters, that answers so many `columns`."""

    sql: str
    values: Sequence[Any]
    columns: int

    def rows(self) -> list[Any]:
        """The answer. One query."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)
            return list(cursor.fetchall())


type Question = QuerySet[Any, Any] | Raw | Filled
type Rows = list[Any]
type Reading[Found] = Generator[Sequence[Question], Sequence[Rows], Found]


def ask(question: Question) -> Reading[Rows]:
    """One question as a reading."""
    (rows,) = yield [question]
    return rows


def nothing[Found](found: Found) -> Reading[Found]:
    """What is known already, as a reading that asks nothing."""
    yield from ()
    return found


def read[Found](reading: Reading[Found]) -> Found:
    """What a reading finds: one query for each of its steps."""
    run = _Run(reading)
    run.go_on(None)
    while not run.is_over:
        run.go_on(fetch(run.asked))
    found: Found = run.found
    return found


@overload
def side_by_side[A, B](one: Reading[A], two: Reading[B], /) -> Reading[tuple[A, B]]: ...
@overload
def side_by_side[A, B, C](
    one: Reading[A], two: Reading[B], three: Reading[C], /
) -> Reading[tuple[A, B, C]]: ...
@overload
def side_by_side[Found](*readings: Reading[Found]) -> Reading[tuple[Found, ...]]: ...


def side_by_side(*readings: Reading[Any]) -> Reading[tuple[Any, ...]]:
    """Several readings as one: what they ask in the same step is one query."""
    runs = [_Run(reading) for reading in readings]
    for run in runs:
        run.go_on(None)
    while waiting := [run for run in runs if not run.is_over]:
        answers = iter((yield [question for run in waiting for question in run.asked]))
        for run in waiting:
            run.go_on([next(answers) for _ in run.asked])
    return tuple(run.found for run in runs)


@dataclass(slots=True)
class _Run:
    """One reading among others: what it asks just now, or what it found."""

    reading: Reading[Any]
    asked: Sequence[Question] = ()
    found: Any = None
    is_over: bool = False

    def go_on(self, answers: Sequence[Rows] | None) -> None:
        """Take the answers, and come to the next step that asks something."""
        try:
            self.asked = next(self.reading) if answers is None else self.reading.send(answers)
            while not self.asked:
                self.asked = self.reading.send(())
        except StopIteration as end:
            self.found, self.is_over = end.value, True


def fetch(questions: Sequence[Question]) -> list[Rows]:
    """The rows of each question. One query, none without any question."""
    if len(questions) == 1:
        (one,) = questions
        return [one.rows() if isinstance(one, Raw | Filled) else list(one)]
    told = [_Told.of(question) for question in questions]
    asked = [(number, one) for number, one in enumerate(told) if one.sql]
    if asked:
        named = ", ".join(f"q{number} ({one.columns}) AS ({one.sql})" for number, one in asked)
        rows = " UNION ALL ".join(f"SELECT {number}, {one.row} FROM q{number}" for number, one in asked)  # noqa: S608  our own names
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {named} {rows}", [value for _, one in asked for value in one.values])
            rows_of: dict[int, list[str]] = defaultdict(list)
            for number, row in cursor.fetchall():
                rows_of[number].append(row)
        for number, some in rows_of.items():
            told[number].rows = loads(some)
    return [one.answer() for one in told]


def loads(rows: Sequence[str]) -> list[Any]:
    """Rows of JSON, all at once: there may be thousands. PostgreSQL's sums may have more digits than orjson
    reads.
    """
    array = f"[{','.join(rows)}]"
    values: list[Any] = json.loads(array) if connection.vendor == "postgresql" else orjson.loads(array)
    return values


@dataclass(slots=True)
class _Told:
    """A question as a part of a statement, and its rows as they come. Without `sql` it has none."""

    question: Question
    compiler: SQLCompiler | None = None
    sql: str = ""
    values: Sequence[Any] = ()
    columns: str = ""
    row: str = ""
    readers: Sequence[tuple[int, Callable[[Any], Any]]] = ()
    rows: Rows = field(default_factory=list)

    @classmethod
    def of(cls, question: Question) -> "_Told":
        """The question in SQL."""
        if isinstance(question, Raw):
            names = _names(question.columns)
            return cls(question, None, question.sql, question.values, ", ".join(names), _array(names))
        if isinstance(question, Filled):
            fields = [column.output_field for column in question.columns]
            return cls._typed(question, None, question.sql, question.values, fields)
        compiler = question.query.get_compiler(question.db)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            return cls(question)
        if compiler.has_extra_select:
            raise TypeError("What orders rows must be selected too.")
        fields = [expression.output_field for expression, _, _ in compiler.select]
        return cls._typed(question, compiler, sql, values, fields)

    @classmethod
    def _typed(
        cls,
        question: Question,
        compiler: SQLCompiler | None,
        sql: str,
        values: Sequence[Any],
        fields: Iterable["Field[Any, Any]"],
    ) -> "_Told":
        """A question of which it is known what its columns are."""
        kinds = list(map(_kind, fields))
        names = _names(len(kinds))
        cast = [
            f"CAST({name} AS text)" if kind in AS_TEXT else name
            for name, kind in zip(names, kinds, strict=True)
        ]
        is_typed = connection.vendor == "postgresql"
        readers = [(place, READERS[kind]) for place, kind in enumerate(kinds) if is_typed and kind in READERS]
        row = _array(cast if is_typed else names)
        return cls(question, compiler, sql, values, ", ".join(names), row, readers)

    def answer(self) -> Rows:
        """The rows, as the question would have given them by itself."""
        if isinstance(self.question, Raw):
            return self.rows
        if not self.sql:
            return []
        for place, reader in self.readers:
            for row in self.rows:
                if row[place] is not None:
                    row[place] = reader(row[place])
        if isinstance(self.question, Filled):
            return self.question.read(self.rows)
        answered, rows = self.question.all(), self.rows
        # The queryset makes of them what it is asked for: tuples, dictionaries, instances of its model.
        # These two get methods of their own for it, which no checker lets pass.
        compiler: Any = self.compiler
        query: Any = answered.query
        compiler.execute_sql = lambda *_args, **_options: [rows]
        query.get_compiler = lambda *_args, **_options: compiler
        return list(answered)


def _names(count: int) -> list[str]:
    return [f"c{place}" for place in range(count)]


def _array(columns: Iterable[str]) -> str:
    """The columns as text: one JSON array."""
    listed = ", ".join(columns)
    return (
        f"CAST(json_build_array({listed}) AS text)"
        if connection.vendor == "postgresql"
        else f"json_array({listed})"
    )


def _kind(column: "Field[Any, Any]") -> str:
    """What sort of values a column has; a foreign key those of what it points to."""
    return getattr(column, "target_field", column).get_internal_type()


# What JSON tells otherwise than PostgreSQL's driver does; SQLite stores such values as it tells them.
READERS: dict[str, Callable[[Any], Any]] = {
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "UUIDField": UUID,
    "DecimalField": Decimal,
    "FloatField": float,
}
AS_TEXT = {"DecimalField", "JSONField"}
