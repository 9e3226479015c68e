"""Questions to the database that are composed once, and asked again and again with other values.

Django takes milliseconds to make SQL of a question with many parts. What every page asks is made once a
process; what changes from one asking to the next stands in the question as a `Given`, and is told with it:

    late = Prepared(lambda: Meter.objects.filter(next_poll_at__lt=NOW).values("name"))

    rows = late.rows({"now": timezone.now()})

All else is as it was at the first asking: settings and anything of the moment have to be given too.
`PreparedModels` does the same for questions that tell models.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import BigIntegerField, DateTimeField, Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """A value that is told, by this name, when the question is asked."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, *_compiling: Any) -> tuple[str, Any]:
        """Stand where the value will."""
        return "%s", (self,)

    def read(self, given: Mapping[str, Any]) -> Any:
        """The value, as the database takes it."""
        return self.output_field.get_db_prep_value(given[self.name], connection)


# What questions are told most often: when they are asked, of which team, and by whom, both by their ids.
NOW = Given("now", DateTimeField())
TEAM, USER = Given("team", BigIntegerField()), Given("user", BigIntegerField())


@dataclass(frozen=True, slots=True)
class _Composed:
    query: Query
    sql: str
    values: Sequence[Any]
    names: Sequence[str]
    columns: Sequence[Expression]


@dataclass(frozen=True, slots=True)
class Filled:
    """A question with the values of one asking; it may be asked beside others (see `together`)."""

    composed: _Composed
    values: Sequence[Any]

    @property
    def sql(self) -> str:
        """The question in SQL."""
        return self.composed.sql

    @property
    def columns(self) -> Sequence[Expression]:
        """What each column of its rows is."""
        return self.composed.columns

    def rows(self) -> list[dict[str, Any]]:
        """What it tells. One query."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)
            return self.read(cursor.fetchall())

    def read(self, rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
        """Rows as the database gives them, as Python has them."""
        compiler = self.composed.query.get_compiler(connection=connection)
        read = compiler.apply_converters(rows, compiler.get_converters(self.columns))
        return [dict(zip(self.composed.names, row, strict=True)) for row in read]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question, composed when it is first asked; it tells rows of `values`."""

    compose: Callable[[], QuerySet[Any, Any]]
    _of_vendor: dict[str, _Composed] = field(default_factory=dict)

    def rows(self, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return what it tells with these values. One query."""
        return self.filled(given).rows()

    def filled(self, given: Mapping[str, Any]) -> Filled:
        """The question with these values, to be asked beside others."""
        composed = self._of_vendor.get(connection.vendor) or self._composed()
        return Filled(composed, filled_in(composed.values, given))

    def _composed(self) -> _Composed:
        query = self.compose().query
        compiler = query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        names = [*query.values_select, *query.annotation_select]
        columns = [expression for expression, _, _ in compiler.select]
        composed = _Composed(query, sql, values, list(query.selected or names), columns)
        return self._of_vendor.setdefault(connection.vendor, composed)


@dataclass(frozen=True, slots=True)
class _ComposedModels[AnyModel: Model]:
    queryset: QuerySet[AnyModel]
    compiler: SQLCompiler
    sql: str
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class PreparedModels[AnyModel: Model]:
    """A question, composed when it is first asked; it tells models, with what it selects beside them."""

    compose: Callable[[], QuerySet[AnyModel]]
    _of_vendor: dict[str, _ComposedModels[AnyModel]] = field(default_factory=dict)

    def all(self, given: Mapping[str, Any]) -> list[AnyModel]:
        """Return what it tells with these values. One query."""
        composed = self._of_vendor.get(connection.vendor) or self._composed()
        # Of this thread: who composed it may have been another one, with a connection of its own.
        compiler: Any = copy(composed.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda: (composed.sql, filled_in(composed.values, given))
        asked: Any = composed.queryset.all()
        asked.query.get_compiler = lambda **_: compiler
        return list(ModelIterable(asked))

    def first(self, given: Mapping[str, Any]) -> AnyModel | None:
        """Return the first that it tells, of few; None where there is none."""
        return next(iter(self.all(given)), None)

    def _composed(self) -> _ComposedModels[AnyModel]:
        queryset = self.compose()
        compiler = queryset.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        return self._of_vendor.setdefault(connection.vendor, _ComposedModels(queryset, compiler, sql, values))


def filled_in(values: Sequence[Any], given: Mapping[str, Any]) -> list[Any]:
    """Return the values of a question, with those that are given now in their places."""
    return [value.read(given) if isinstance(value, Given) else value for value in values]
