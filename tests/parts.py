"""What is run in part by `make test`, and whole by `make chaos` or `make worlds`."""

from collections.abc import Sequence
from typing import Any

import pytest


def first_of_all(backend: str) -> list[Any]:
    """A backend, and what else there is in `make chaos`: for stories that differ little between them."""
    others = [other for other in ("embedded", "grown up") if other != backend]
    return [backend, *(pytest.param(other, marks=pytest.mark.chaos) for other in others)]


def parts(firsts: Sequence[int], in_chaos: int) -> list[Any]:
    """The first number of each part of many random worlds: processes share them, and end between two parts.

    `make chaos` takes so many of the parts, and `make worlds` all.
    """
    marks = [pytest.mark.chaos] * in_chaos + [pytest.mark.worlds] * (len(firsts) - in_chaos)
    return [pytest.param(first, marks=mark) for first, mark in zip(firsts, marks, strict=True)]
