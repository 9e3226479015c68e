"""What is done in the database and taken back, so that many questions are asked of the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Take back what was done meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
