"""What a benchmark says: a figure, the reference beside it, and the bound it keeps or misses."""

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any


class Bounds(Enum):
    """What of a figure a bound is for."""

    VALUE = "the value"
    RATIO = "how many times the reference"
    DIFFERENCE = "how much more than the reference"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, in `unit`.

    `reference` is the same thing measured on something simpler, named by `beside`, in the same unit.
    `bound` is the most that what it `bounds` may be; `at_least` turns it around. Without a bound the figure
    is only told.
    """

    what: str
    value: float
    unit: str = ""
    reference: float | None = None
    beside: str = ""
    bound: float | None = None
    bounds: Bounds = Bounds.VALUE
    at_least: bool = False

    def __post_init__(self) -> None:
        if self.bounds is not Bounds.VALUE and not self.reference:
            raise ValueError(f"{self.what}: this bound needs a reference that is not 0")

    @property
    def ratio(self) -> float | None:
        """How many times the reference the value is."""
        return self.value / self.reference if self.reference else None

    @property
    def bounded(self) -> float:
        """What the bound is compared with."""
        if self.bounds is Bounds.RATIO:
            return self.ratio or 0.0
        return self.value - (self.reference or 0.0) if self.bounds is Bounds.DIFFERENCE else self.value

    @property
    def is_kept(self) -> bool:
        """Whether the bound is kept; true where there is none."""
        if self.bound is None:
            return True
        return self.bounded >= self.bound if self.at_least else self.bounded <= self.bound

    @property
    def bound_words(self) -> str:
        """The bound as people read it."""
        if self.bound is None:
            return ""
        unit = {Bounds.RATIO: "×", Bounds.DIFFERENCE: f"{self.unit} more"}.get(self.bounds, self.unit)
        return f"{'≥' if self.at_least else '≤'} {written(self.bound)} {unit}".rstrip()

    def as_json(self) -> dict[str, Any]:
        """Return everything about the figure."""
        return asdict(self) | {"bounds": self.bounds.value, "ratio": self.ratio, "is_kept": self.is_kept}


def written(number: float) -> str:
    """Return a number with as many digits as mean something."""
    if number == int(number) or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.2f}" if abs(number) >= 1 else f"{number:.3g}"


def table(results: dict[str, list[Figure]]) -> str:
    """Return all figures as a table, one line each, below the name of their benchmark."""
    head = ("", "measured", "reference", "ratio", "bound", "")
    rows: list[tuple[str, ...]] = [head]
    for name, figures in results.items():
        rows.append((name, "", "", "", "", ""))
        rows += [row_of(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def row_of(figure: Figure) -> tuple[str, ...]:
    """Return a figure's line of the table."""
    beside = f"{written(figure.reference)} {figure.beside}" if figure.reference is not None else ""
    ratio = f"{written(figure.ratio)} ×" if figure.ratio is not None else ""
    verdict = "" if figure.bound is None else "ok" if figure.is_kept else "MISSED"
    value = f"{written(figure.value)} {figure.unit}".rstrip()
    return (f"  {figure.what}", value, beside, ratio, figure.bound_words, verdict)
