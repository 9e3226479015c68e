"""Single rows that are written by statements that are composed once.

`save()` puts its statement together each time, which costs several times what the database does for it. What
is written for everybody who presses a button goes this way; of many rows `bulk` is the one.

    run_rows = SingleRows(Run)

    run_rows.insert(run)    # as run.save(force_insert=True)
    run_rows.update(run)    # as run.save(force_update=True)

Nobody is told of it by a signal, and the database answers nothing: a model makes its key itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ObjectNotUpdated
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault


@dataclass(frozen=True)
class SingleRows[AnyModel: Model]:
    """The statements for the rows of one model."""

    model: type[AnyModel]
    _of_vendor: dict[str, tuple[str, str]] = field(default_factory=dict)

    def insert(self, row: AnyModel) -> None:
        """Write a new row, with the columns' own defaults where it has no value. One statement."""
        for attname, default in self._defaults:
            if isinstance(getattr(row, attname), DatabaseDefault):
                setattr(row, attname, default)
        self._execute(self._sql[0], values(self._fields, row, is_new=True))
        row._state.adding, row._state.db = False, connection.alias

    def update(self, row: AnyModel) -> None:
        """Write all of a row that is there; raise `ObjectNotUpdated` where it is not. One statement."""
        written = values([*self._fields[1:], self._fields[0]], row, is_new=False)
        if not self._execute(self._sql[1], written):
            raise ObjectNotUpdated(f"This {self.model._meta.verbose_name} is not there any more.")

    @cached_property
    def _fields(self) -> Sequence[Any]:
        """The fields of all columns, the primary key first."""
        key = self.model._meta.pk
        return [key, *(one for one in self.model._meta.local_concrete_fields if one is not key)]

    @cached_property
    def _defaults(self) -> list[tuple[str, Any]]:
        """What columns have by themselves; each is a plain value."""
        return [(one.attname, one.db_default) for one in self._fields if one.has_db_default()]

    @property
    def _sql(self) -> tuple[str, str]:
        """The statements that insert and update a row."""
        return self._of_vendor.get(connection.vendor) or self._composed()

    def _composed(self) -> tuple[str, str]:
        quote = connection.ops.quote_name
        table, columns = quote(self.model._meta.db_table), [quote(one.column) for one in self._fields]
        names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
        key, settings = columns[0], ", ".join(f"{one} = %s" for one in columns[1:])
        insert = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  our own models' names
        update = f"UPDATE {table} SET {settings} WHERE {key} = %s"  # noqa: S608  our own models' names
        return self._of_vendor.setdefault(connection.vendor, (insert, update))

    def _execute(self, sql: str, written: Sequence[Any]) -> int:
        with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
            cursor.execute(sql, written)
            count: int = cursor.rowcount
        return count


def values(fields: Iterable[Any], row: Model, *, is_new: bool) -> list[Any]:
    """Return the values of these fields of a row, as the database takes them."""
    return [one.get_db_prep_save(one.pre_save(row, is_new), connection) for one in fields]
