"""Amounts that follow each other as bars, days or weeks, as paths of an SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from usage.claims import Amount

BAR = 0.76
# Room for the line of a limit at the top.
TOP = 1.5
# A limit so many times as high as any amount is not drawn: nothing would be seen of the amounts.
FAR = 5


@dataclass(frozen=True)
class Bar:
    """An amount, and the limit that was valid for it; `is_now` where it still grows."""

    amount: Amount
    limit: int | None = None
    is_now: bool = False

    @property
    def is_at_limit(self) -> bool:
        """Tell whether the limit was reached for certain."""
        return self.limit is not None and not self.amount.is_unknown and self.amount.certain >= self.limit

    @property
    def kind(self) -> str:
        """What it is drawn as: the class of its path."""
        if self.amount.is_unknown:
            return "bar-none"
        if self.is_at_limit:
            return "bar-over"
        if self.is_now:
            return "bar-today"
        return "bar-ok" if self.amount.is_known else "bar-least"


@dataclass(frozen=True)
class Bars:
    """Bars side by side, the oldest first, in a picture so wide and so high."""

    bars: Sequence[Bar]
    width: int
    height: int

    @property
    def paths(self) -> list[tuple[str, str]]:
        """(class, path) of the bars of each kind; where nothing is known a stroke on the ground."""
        drawn: dict[str, list[str]] = {}
        for place, bar in enumerate(self.bars):
            if bar.amount.is_unknown:
                drawn.setdefault(bar.kind, []).append(self._path(place, f"{self.height - 1}"))
            elif bar.amount.certain > 0:
                drawn.setdefault(bar.kind, []).append(self._path(place, self._y(bar.amount.certain)))
        return [(name, "".join(paths)) for name, paths in drawn.items()]

    @property
    def limit_line(self) -> str:
        """The limits as one path, broken where there was none."""
        path, before = [], None
        for place, bar in enumerate(self.bars):
            limit = bar.limit if bar.limit is not None and bar.limit <= self._top else None
            if limit is not None:
                corner = f"{'M' if before is None else 'L'}{self._x(place)} {self._y(limit)}"
                path.append(f"{'' if before == limit else corner}H{self._x(place + 1)}")
            before = limit
        return "".join(path)

    @cached_property
    def _top(self) -> int:
        most = max((bar.amount.certain for bar in self.bars if not bar.amount.is_unknown), default=0)
        limits = [bar.limit for bar in self.bars if bar.limit]
        near = [limit for limit in limits if limit <= FAR * most or not most]
        return max([most, *near, 1])

    def _x(self, place: int) -> str:
        return f"{place * self.width / len(self.bars):.1f}"

    def _y(self, amount: int) -> str:
        return f"{self.height - (self.height - TOP) * amount / self._top:.1f}"

    def _path(self, place: int, top: str) -> str:
        width = f"{self.width / len(self.bars) * BAR:.1f}"
        return f"M{self._x(place)} {top}h{width}V{self.height}h-{width}z"
