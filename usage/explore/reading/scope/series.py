"""How series are named: by ids, one for each dimension of a question; and which dimensions know keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from usage.explore.query.dimensions import Dimension, SeriesId
from usage.ledger import UNATTRIBUTED
from usage.ledger.words import OTHER_MODELS

# What has no owner, project, label or model; models without a line of their own; what stands for all series
# that are too small to be drawn.
NONE, OTHERS = "none", "others"
REST: SeriesId = ("rest",)
# Begins the id of what raxdash itself ran with keys of which no provider tells.
OWN = "own-"
BY_MODEL, BY_KEY = (Dimension.MODEL,), (Dimension.KEY,)
# Whom a key is of, day by day.
DATED = frozenset({Dimension.OWNER, Dimension.PROJECT, Dimension.LABEL})
# What no two meters have in common.
SINGLE = frozenset({Dimension.KEY, Dimension.ACCOUNT})
OF_KEYS = DATED | SINGLE

RESERVED = {UNATTRIBUTED: NONE, OTHER_MODELS: OTHERS}


def is_own(series: Sequence[str]) -> bool:
    """Tell whether raxdash itself ran a series: no provider tells of it."""
    return series[0].startswith(OWN)


def own(series: SeriesId) -> SeriesId:
    """The series as one that raxdash itself ran."""
    return (OWN + series[0], *series[1:])


def plain(value: str) -> str:
    """An id without the mark of what raxdash ran: what a filter asks for."""
    return value.removeprefix(OWN)


@dataclass(frozen=True, slots=True)
class Models:
    """The models that a team ever used, by id, the first used first."""

    names: Mapping[str, str]
    ids: Mapping[str, str]

    @classmethod
    def of(cls, rows: Sequence[tuple[int, str]]) -> "Models":
        """The models of rows (primary key, name)."""
        ids = {name: str(pk) for pk, name in rows} | RESERVED
        return cls({value: name for name, value in ids.items()}, ids)

    def id_of(self, name: str) -> str:
        """The id of a model; one that was never noted is one of the others."""
        return self.ids.get(name, OTHERS)
