"""Answers that are kept for a moment: the same question of the same numbers is answered once a minute."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Self

MOST_BYTES = 16_000_000
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """An answer as it is sent: its body, the tag of that, and the cursor of the rows after it, if any."""

    body: bytes
    tag: str
    next: str = ""

    @classmethod
    def of(cls, body: bytes, next_cursor: str = "") -> Self:
        """The answer of such a body."""
        return cls(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"', next_cursor)


class KeptAnswers:
    """Answers by their questions, those not asked for longest going first; at most so many bytes together.

    What makes an answer another one belongs into its question: the generation of the team's numbers, the
    minute.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, largest: int = LARGEST) -> None:
        self._most, self._largest = most_bytes, largest
        self._answers: OrderedDict[Hashable, Made] = OrderedDict()
        self._bytes, self._lock = 0, Lock()

    def get(self, question: Hashable) -> Made | None:
        """The answer to a question, where it is kept."""
        with self._lock:
            answer = self._answers.get(question)
            if answer is not None:
                self._answers.move_to_end(question)
            return answer

    def keep(self, question: Hashable, answer: Made) -> None:
        """Keep an answer, unless it is too large."""
        if len(answer.body) > self._largest:
            return
        with self._lock:
            if before := self._answers.pop(question, None):
                self._bytes -= len(before.body)
            self._answers[question] = answer
            self._bytes += len(answer.body)
            while self._bytes > self._most:
                self._bytes -= len(self._answers.popitem(last=False)[1].body)

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._answers.clear()
            self._bytes = 0


kept = KeptAnswers()
