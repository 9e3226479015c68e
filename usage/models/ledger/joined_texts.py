"""Some rows that a query finds for each of another one, as one text: cheaper than a look for each of them."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Subquery, TextField
from django.db.models.sql.compiler import SQLCompiler

BETWEEN = ","


class JoinedTexts(Subquery):
    """What a query of texts, called `told`, finds for a row, joined by commas, in any order, or None."""

    output_field = TextField()
    template = "(SELECT group_concat(told, ',') FROM (%(subquery)s))"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """The same in PostgreSQL's words."""
        words = "(SELECT string_agg(told, ',') FROM (%(subquery)s) AS listed)"
        return self.as_sql(compiler, connection, template=words, **context)
