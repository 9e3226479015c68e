"""A clock that a test sets, for real processes of Python; the steady clock of the system stays as it is."""

from pathlib import Path


class Clock:
    """The clock of the processes that are started with its environment; `leap` sets it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.leap(0)

    def environment(self) -> dict[str, str]:
        """Return what makes a process read this clock, from its start on."""
        return {"PYTHONPATH": str(Path(__file__).parent / "within"), "CLOCK_FILE": str(self._file)}

    def leap(self, seconds: int) -> None:
        """Be so many seconds ahead of the truth from now on."""
        self._file.write_text(str(seconds))
