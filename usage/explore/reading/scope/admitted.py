"""Which models the filters of a question leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.reading.scope.series import Models, plain


@dataclass(frozen=True, slots=True)
class Admitted:
    """Some models by name, or all but those where they are `left_out`; all where `names` is None."""

    names: frozenset[str] | None = None
    left_out: bool = False

    @classmethod
    def of(cls, filters: Iterable[Filter], models: Models) -> Self:
        """What all filters by model leave together; an id that no model has leaves nothing."""
        only: frozenset[str] | None = None
        without: frozenset[str] = frozenset()
        for one in filters:
            if one.dimension != Dimension.MODEL:
                continue
            names = frozenset(filter(None, (models.names.get(plain(value)) for value in one.ids)))
            if one.is_not:
                without |= names
            else:
                only = names if only is None else only & names
        if only is not None:
            return cls(only - without)
        return cls(without, left_out=True) if without else cls()

    def __call__(self, name: str) -> bool:
        """Tell whether a model is one of them."""
        return self.names is None or (name in self.names) != self.left_out

    @property
    def sorted_names(self) -> list[str] | None:
        """The names in a fixed order, None where they do not matter."""
        return None if self.names is None else sorted(self.names)

    def kept(self, models: Models) -> frozenset[str] | None:
        """The names of the models that are left; None where none was left out."""
        return None if self.names is None else frozenset(filter(self, models.ids))
