"""Sums over amounts that are kept as JSON, {metric: {model: amount}}, made by the database."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func
from django.db.models.sql.compiler import SQLCompiler

from usage.ledger import METRICS


class SumOfModels(Func):
    """The sum over all models of one metric of a JSON column; 0 where there is none."""

    output_field = BigIntegerField()
    template = "(SELECT COALESCE(SUM(value), 0) FROM json_each(%(expressions)s, '$.%(metric)s'))"
    template_of_postgresql = (
        "(SELECT COALESCE(SUM(value::numeric), 0)::bigint"
        " FROM jsonb_each_text(COALESCE(%(expressions)s -> '%(metric)s', '{}'::jsonb)))"
    )

    def __init__(self, column: str, metric: str) -> None:
        if metric not in METRICS:
            raise ValueError(f"There is no metric {metric}.")
        super().__init__(column, metric=metric)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, list[Any] | tuple[Any, ...]]:
        """The same in PostgreSQL's words."""
        return self.as_sql(compiler, connection, template=self.template_of_postgresql, **context)
