"""Ask a part that may hang, without hanging with it.

The question is asked in a thread of its own, one at a time: who comes meanwhile waits for the same answer,
and who comes when it is overdue does not wait at all. However often somebody asks, one thread hangs.
"""

import threading
from collections.abc import Callable
from time import monotonic


class Silent(Exception):
    """The part has not answered for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer for {seconds:.1f} seconds")
        self.seconds = seconds


class Question[Answer]:
    """A question that is asked now."""

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self.began_at = monotonic()
        self._ask = ask
        self._answer: Answer | None = None
        self._error: BaseException | None = None
        self._answered = threading.Event()
        threading.Thread(target=self._carry_out, name="probe", daemon=True).start()

    def _carry_out(self) -> None:
        try:
            self._answer = self._ask()
        except BaseException as error:  # it is raised where the answer is waited for
            self._error = error
        self._answered.set()

    def is_open(self) -> bool:
        """Tell whether there is no answer yet."""
        return not self._answered.is_set()

    def answer(self, seconds: float) -> Answer:
        """Return the answer, or raise what it raised, or `Silent` once it was asked so many seconds ago."""
        if not self._answered.wait(max(self.began_at + seconds - monotonic(), 0)):
            raise Silent(monotonic() - self.began_at)
        if self._error is not None:
            raise self._error
        return self._answer  # type: ignore[return-value]  # it was answered


class Probe[Answer]:
    """Asks one part, one question at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._question: Question[Answer] | None = None

    def ask(self, ask: Callable[[], Answer]) -> Question[Answer]:
        """Return the question that waits for its answer, or a new one, which calls `ask`."""
        with self._lock:
            if self._question is None or not self._question.is_open():
                self._question = Question(ask)
            return self._question
