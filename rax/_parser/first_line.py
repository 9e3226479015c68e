"""Which a JSON text that is still coming is: one value, or lines that are JSON each. No network."""

from typing import Final

from rax._completion.failures import find_failure
from rax._json import JSONError, read_piece

BLANK: Final = b" \t\r\n\x1e"  # RFC 7464 begins each JSON text of a sequence with the last


class FirstLine:
    """Tells a whole JSON answer from lines that are JSON each, by the first line and by what follows it."""

    def __init__(self) -> None:
        self._length: int | None = None
        self._seen = 0
        self._is_object = False
        self._is_piece = False

    def is_of_lines(self, content: bytearray) -> bool:
        """Tell whether these bytes, which begin a JSON text, surely hold several."""
        if self._length is None:
            found = (content.find(end, self._seen) for end in (b"\n", b"\r"))
            ends = [at for at in found if at >= 0]
            self._seen = len(content)
            if not ends:
                return False
            self._length = min(ends)
            self._read(bytes(content[: self._length]))
        return self._is_piece or (self._is_object and bool(content[self._length :].strip(BLANK)))

    def _read(self, line: bytes) -> None:
        try:
            value, _ = read_piece(line)
        except JSONError:
            return
        self._is_object = isinstance(value, dict)
        choices = value.get("choices") if self._is_object else None
        has_delta = isinstance(choices, list) and any(
            type(item) is dict and "delta" in item for item in choices
        )
        self._is_piece = self._is_object and (has_delta or find_failure(value) is not None)
