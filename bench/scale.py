"""How much is measured: everything five times, or once and small to see that it works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """`runs` measurements, of which the median counts; `quick` ones are small and prove nothing."""

    runs: int = 5
    quick: bool = False

    def of(self, full: int, small: int) -> int:
        """Return the full size, or the small one of a quick run."""
        return small if self.quick else full
