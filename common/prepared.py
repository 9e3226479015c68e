"""Questions to the database that are composed once, and asked again and again with other values.

Django takes milliseconds to make SQL of a question with many parts. What every page asks is made once a
process; what changes from one asking to the next stands in the question as a `Given`, and is told with it:

    late = Prepared(lambda: Meter.objects.filter(next_poll_at__lt=NOW).values("name"))

    rows = late.rows({"now": timezone.now()})

All else is as it was at the first asking: settings and anything of the moment have to be given too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Expression, Field, QuerySet
from django.db.models.sql import Query


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


NOW = Given("now", DateTimeField())


@dataclass(frozen=True, slots=True)
class _Composed:
    query: Query
    sql: str
    values: Sequence[Any]
    names: Sequence[str]
    columns: Sequence[Expression]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question, composed when it is first asked; it tells rows of `values`."""

    compose: Callable[[], QuerySet[Any, Any]]
    _of_vendor: dict[str, _Composed] = field(default_factory=dict)

    def rows(self, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return what it tells with these values. One query."""
        composed = self._of_vendor.get(connection.vendor) or self._composed()
        values = [value.read(given) if isinstance(value, Given) else value for value in composed.values]
        with connection.cursor() as cursor:
            cursor.execute(composed.sql, values)
            rows = cursor.fetchall()
        compiler = composed.query.get_compiler(connection=connection)
        read = compiler.apply_converters(rows, compiler.get_converters(composed.columns))
        return [dict(zip(composed.names, row, strict=True)) for row in read]

    def _composed(self) -> _Composed:
        query = self.compose().query
        compiler = query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        names = [*query.values_select, *query.annotation_select]
        columns = [expression for expression, _, _ in compiler.select]
        composed = _Composed(query, sql, values, list(query.selected or names), columns)
        return self._of_vendor.setdefault(connection.vendor, composed)
