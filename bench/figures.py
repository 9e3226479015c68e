"""What a benchmark says: a figure, the reference beside it, and the bound it keeps or misses."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, in `unit`.

    `reference` is the same thing measured on something simpler, named by `beside`; then the ratio of the
    two can be what is bounded (`bounds_ratio`), otherwise the value itself is. `at_least` turns the bound
    around. Without a bound the figure is only told.
    """

    what: str
    value: float
    unit: str = ""
    reference: float | None = None
    beside: str = ""
    bound: float | None = None
    bounds_ratio: bool = False
    at_least: bool = False

    def __post_init__(self) -> None:
        if self.bounds_ratio and self.ratio is None:
            raise ValueError(f"{self.what}: a bound of the ratio needs a reference that is not 0")

    @property
    def ratio(self) -> float | None:
        """How many times the reference the value is."""
        return self.value / self.reference if self.reference else None

    @property
    def is_kept(self) -> bool:
        """Whether the bound is kept; true where there is none."""
        if self.bound is None:
            return True
        bounded = self.ratio if self.bounds_ratio else self.value
        if bounded is None:
            return False
        return bounded >= self.bound if self.at_least else bounded <= self.bound

    @property
    def bound_words(self) -> str:
        """The bound as people read it."""
        if self.bound is None:
            return ""
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {written(self.bound)}{' ×' if self.bounds_ratio else f' {self.unit}'.rstrip()}"

    def as_json(self) -> dict[str, Any]:
        """Return everything about the figure."""
        return asdict(self) | {"ratio": self.ratio, "is_kept": self.is_kept}


def written(number: float) -> str:
    """Return a number with three digits that mean something."""
    if number == 0 or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.2f}" if abs(number) >= 1 else f"{number:.3g}"


def table(results: dict[str, list[Figure]]) -> str:
    """Return all figures as a table, one line each, below the name of their benchmark."""
    head = ("", "measured", "reference", "ratio", "bound", "")
    rows = [head]
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
