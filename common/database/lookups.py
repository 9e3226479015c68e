"""`among`: the lookup `in` for long lists of values that are of the field's own type already.

Django writes a mark for each value of `in` and prepares each on its own, which costs more than asking for
three hundred rows. PostgreSQL takes them as one array; SQLite gets what `in` gives it.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler


class Among(In):
    """Whether a column is one of an iterable of values."""

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        """Take values as they are; of a queryset, what `in` takes."""
        return list(self.rhs) if self.rhs_is_direct_value() else super().get_prep_lookup()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Compare with one array."""
        if not self.rhs_is_direct_value():
            return self.as_sql(compiler, connection)
        if not self.rhs:
            raise EmptyResultSet
        column, params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        kind = getattr(field, "target_field", field).cast_db_type(connection)
        return f"{column} = ANY(%s::{kind}[])", (*params, self.rhs)
