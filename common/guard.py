"""One turn of a loop over teams, keys or meters must not cost the others theirs."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger(__name__)


@contextmanager
def guarded(what: str, whose: object) -> Iterator[None]:
    """Run one turn; where it raises, log what failed and whose turn it was, and let the others go on.

    `what` is a sentence without its end, such as "Looking for shared accounts of team".
    """
    try:
        yield
    except Exception:
        logger.exception("%s %s failed; the others go on.", what, whose)
