"""From an error answer, whatever its shape, to one class of the tree.

`presence` tells whether a JSON value is an error; `details` reads what one says of itself, `texts` the same
from pages and words, `pauses` when it asks to come back; `trimming` bounds what any of them look at;
`building` makes the error of it, `reading` that of what breaks at our reading.
"""

from rax._errors.building import error_from_answer, error_from_event, excerpt, unreadable
from rax._errors.details import Detail, read_detail
from rax._errors.presence import holds_error, tells_error
from rax._errors.reading import reading, unforeseen
from rax._errors.texts import read_said

__all__ = [
    "Detail",
    "error_from_answer",
    "error_from_event",
    "excerpt",
    "holds_error",
    "read_detail",
    "read_said",
    "reading",
    "tells_error",
    "unforeseen",
    "unreadable",
]
