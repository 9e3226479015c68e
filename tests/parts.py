"""Many random worlds in parts: processes share them, and what takes too long ends between two of them."""

from collections.abc import Sequence
from typing import Any

import pytest


def parts(firsts: Sequence[int], in_chaos: int) -> list[Any]:
    """The first number of each part; `make chaos` takes so many of them, and `make worlds` all."""
    marks = [pytest.mark.chaos] * in_chaos + [pytest.mark.worlds] * (len(firsts) - in_chaos)
    return [pytest.param(first, marks=mark) for first, mark in zip(firsts, marks, strict=True)]
