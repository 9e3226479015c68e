"""What becomes of an error that no reader foresaw, in an answer of any shape."""

from collections.abc import Iterator
from contextlib import contextmanager

from rax._answers import RawAnswer
from rax._exceptions import AnswerError, Kind, RaxError
from rax._key import Key


@contextmanager
def reading(answer: RawAnswer, key: Key, *, maybe_billed: bool) -> Iterator[None]:
    """Let the errors of the tree pass; raise `AnswerError`, which has the answer, for any other.

    What was raised is its cause, and the words of that hold no key from now on.
    """
    try:
        yield
    except RaxError:
        raise
    except Exception as error:
        raise unforeseen(error, answer, key, maybe_billed=maybe_billed) from error


def unforeseen(error: Exception, answer: RawAnswer, key: Key, *, maybe_billed: bool) -> AnswerError:
    """Return what stands for an error that no reader foresaw, whose words hold no key from now on."""
    _redact(error, key)
    return AnswerError(
        "The answer could not be read.",
        kind=Kind.UNEXPECTED_SHAPE,
        status_code=answer.status_code,
        request_id=answer.request_id,
        answer=answer,
        maybe_billed=maybe_billed,
    )


def _redact(error: Exception, key: Key) -> None:
    link: BaseException | None = error
    while link is not None:
        link.args = (key.redact(str(link)),)
        link = link.__cause__ or link.__context__
