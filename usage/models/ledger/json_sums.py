"""What the database makes of JSON: sums over amounts, {metric: {model: amount}}."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func, Value
from django.db.models.sql.compiler import SQLCompiler

from usage.ledger import COST, METRICS

# Money of every currency is a metric of its own; the names stand in the text of a statement.
METRIC = re.compile("|".join([*METRICS, rf"{COST}(?::[A-Z]{{3}})?"]))
SQLITE = "(SELECT COALESCE(SUM(value), 0) FROM json_each({column}, '$.\"{metric}\"'){where})"
POSTGRESQL = (
    "(SELECT COALESCE(SUM(value::bigint), 0)::bigint"
    " FROM jsonb_each_text(COALESCE({column} -> '{metric}', '{{}}'::jsonb)){where})"
)


class SumOfModels(Func):
    """The sum over models of one metric of a JSON column, 0 where there is none: over all models, `only` some
    or all `without` some.
    """

    output_field = BigIntegerField()

    def __init__(
        self, column: str, metric: str, only: Sequence[str] | None = None, without: Sequence[str] = ()
    ) -> None:
        if not METRIC.fullmatch(metric):
            raise ValueError(f"There is no metric {metric}.")
        super().__init__(column)
        self.metric = metric
        self.names = without if only is None else only
        self.word = "NOT IN" if only is None else "IN"

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """The sum in SQLite's words."""
        return self._filled(SQLITE, compiler)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """The sum in PostgreSQL's words."""
        return self._filled(POSTGRESQL, compiler)

    def _filled(self, template: str, compiler: SQLCompiler) -> tuple[str, tuple[Any, ...]]:
        column, parameters = compiler.compile(self.get_source_expressions()[0])
        marks = ", ".join(["%s"] * len(self.names))
        # `IN ()` is an error in PostgreSQL.
        where = f" WHERE key {self.word} ({marks})" if marks else " WHERE FALSE" if self.word == "IN" else ""
        filled = template.format(column=column, metric=self.metric, where=where)
        return filled, (*parameters, *self.names)


class AmountOfModel(Func):
    """The amount of one model and metric of a JSON column, 0 where there is none: cheaper than a sum."""

    output_field = BigIntegerField()
    template = "COALESCE(json_extract(%(expressions)s), 0)"
    arity = 2

    def __init__(self, column: str, metric: str, model: str) -> None:
        super().__init__(column, Value(f'$."{metric}"."{model}"'))
        self.metric, self.model = metric, model

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """The amount in PostgreSQL's words."""
        column, parameters = compiler.compile(self.get_source_expressions()[0])
        return f"COALESCE(({column} -> '{self.metric}' ->> %s)::bigint, 0)", (*parameters, self.model)
