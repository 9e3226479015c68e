"""A key, and what keeps it out of every text: what servers say (`redaction`), and answers as they arrive
(`answer_text`).
"""

from rax._key.answer_text import AnswerText
from rax._key.key import Key
from rax._key.redaction import Redactor

__all__ = ["AnswerText", "Key", "Redactor"]
