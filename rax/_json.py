"""The one JSON reader: strict where readers disagree, lenient where words must not be lost, always bounded.

orjson refuses NaN, Infinity, 1e999 and nesting past 1,024, but lets the last of two equal keys win and
turns integers past 64 bits into floats; the walk below refuses those where counters are read. In completions
the last of two equal keys counts, and a number that no column takes is null. Lone surrogates, which orjson
refuses and real streams contain, are read by the standard library instead.
"""

import json
import math
from decimal import Decimal
from enum import Enum
from typing import Any, Final, NoReturn

import orjson

from rax._constants import JSON_BYTES, JSON_DEPTH, LARGEST_INTEGER

_NUMBER_TYPES = (int, float)
_GAPS = (b"\\", b" :", b"\t:", b"\n:", b"\r:")


class JSONError(ValueError):
    """The text is not JSON that we accept; the message is one of a few fixed sentences."""


class Unread(Enum):
    """What `read_tolerantly` puts in the place of a value; its own value says why in words."""

    TOO_LARGE = "too large"
    NOT_A_NUMBER = "not a number"
    TOLD_TWICE = "told twice"


def read_json(data: bytes, *, max_bytes: int = JSON_BYTES, max_depth: int = JSON_DEPTH) -> Any:
    """Return the value of a UTF-8 JSON text; lone surrogates become U+FFFD.

    Raises JSONError for anything too large, too deep, ambiguous (duplicate keys), not finite, or not JSON.
    """
    if not isinstance(data, bytes | bytearray):
        raise JSONError("the JSON text is not given as bytes")
    value, is_plain = _read_fast(data, max_bytes)
    # Not where orjson raises: its error holds the whole text, and would hang on ours.
    if not is_plain:
        return _without_surrogates(_read_carefully(data, max_depth))
    if not _holds_as_many(data, _count_keys(value, max_depth)):
        _read_carefully(data, max_depth)
    return value


def read_tolerantly(data: bytes) -> Any:
    """Like `read_json`, but one value that cannot be read does not spoil the others.

    A number out of range or not finite, and what an object names twice, is an `Unread` in its place.
    """
    try:
        return read_json(data)
    except JSONError:
        if len(data) > JSON_BYTES:
            raise
        return _without_surrogates(_read_carefully(data, JSON_DEPTH, _TOLERANT))


def read_piece(data: bytes, *, max_bytes: int = JSON_BYTES, max_depth: int = JSON_DEPTH) -> tuple[Any, bool]:
    """Return the value of a piece of a completion, whose words must not be lost for a number.

    Numbers out of range or not finite are null (some past 64 bits are floats), and of two equal names the
    last counts. A control character may stand in a string as it is. Lone surrogates stay: a stream may send
    half an emoji per event. The second value is false where the text may hold some. Raises JSONError for
    anything too large, too deep, or not JSON.
    """
    value, is_plain = _read_fast(data, max_bytes)
    if not is_plain:
        return _read_carefully(data, max_depth, _LENIENT), False
    # Fewer brackets than that cannot be nested deeper.
    if data.count(b"{") + data.count(b"[") > max_depth:
        _check_depth(value, max_depth)
    return value, True


def read_pieces(data: bytes) -> list[Any]:
    """Return the values of several texts that stand one behind the other, as `read_piece` reads each; none
    where there is anything else between them."""
    text, found, at = _decoded(data).strip(), [], 0
    try:
        while at < len(text):
            value, end = _LENIENT.raw_decode(text, at)
            _check_depth(value, JSON_DEPTH)
            found.append(value)
            at = end + len(text[end:]) - len(text[end:].lstrip())
    except (ValueError, RecursionError):
        return []
    return found


def _read_fast(data: bytes, max_bytes: int) -> tuple[Any, bool]:
    """Return what orjson makes of a text, and whether it could read it."""
    if len(data) > max_bytes:
        raise JSONError("the JSON text is too large")
    try:
        return orjson.loads(data), True
    except orjson.JSONDecodeError:
        return None, False


def read_exactly(data: bytes) -> Any:
    """Return what `read_tolerantly` does of a text that it has accepted, with each fraction as the Decimal it
    spells.

    A float has 17 digits at most, and an amount of money may have more.
    """
    return _EXACT.decode(_decoded(data))


def _fraction(digits: str) -> Decimal | float:
    try:
        return Decimal(digits)
    except ArithmeticError:  # an exponent of twenty digits, which a float takes for zero
        return float(digits)


def _holds_as_many(data: bytes, keys: int) -> bool:
    """Tell whether the text surely names no more keys than these, so that none came twice.

    No more keys than colons; and where no quote is escaped and nothing stands between a name and its colon,
    no more than quotes before a colon. Times of day have colons of the first kind only.
    """
    if keys == data.count(b":"):
        return True
    return keys == data.count(b'":') and not any(gap in data for gap in _GAPS)


def _count_keys(value: Any, max_depth: int) -> int:
    """Return how many keys the objects in `value` have; raise for depth and for numbers out of range."""
    keys = 0
    level = [value]
    for _ in range(max_depth + 1):
        below: list[Any] = []
        for item in level:
            kind = type(item)
            if kind is dict:
                keys += len(item)
                below.extend(item.values())
            elif kind is list:
                below.extend(item)
            elif kind in _NUMBER_TYPES and not -LARGEST_INTEGER - 1 <= item <= LARGEST_INTEGER:
                raise JSONError("a number in the JSON text is out of range")
        if not below:
            return keys
        level = below
    raise JSONError("the JSON text is nested too deeply")


def _check_depth(value: Any, max_depth: int) -> None:
    level = [value]
    for _ in range(max_depth + 1):
        lists = [
            item.values() if type(item) is dict else item for item in level if type(item) in (dict, list)
        ]
        level = [item for items in lists for item in items]
        if not level:
            return
    raise JSONError("the JSON text is nested too deeply")


def _read_carefully(data: bytes, max_depth: int, decoder: json.JSONDecoder | None = None) -> Any:
    value, problem = None, ""
    try:
        value = (decoder or _STRICT).decode(_decoded(data))
    except JSONError as error:
        problem = str(error)
    except RecursionError:
        problem = "the JSON text is nested too deeply"
    except ValueError:
        problem = "the text is not JSON"
    if problem:  # as above: what the library raised holds the text
        raise JSONError(problem)
    _count_keys(value, max_depth)
    return value


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace").removeprefix("\ufeff")


def _refuse_constant(_: str) -> NoReturn:
    raise JSONError("NaN and Infinity are not JSON")


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -LARGEST_INTEGER - 1 <= (number := int(digits)) <= LARGEST_INTEGER:
        raise JSONError("a number in the JSON text is out of range")
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise JSONError("a number in the JSON text is out of range")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JSONError("an object in the JSON text has the same key twice")
    return found


def _integer_if_in_range(digits: str) -> int | Unread:
    try:
        return _integer(digits)
    except JSONError:
        return Unread.TOO_LARGE


def _float_if_in_range(digits: str) -> float | Unread:
    number = float(digits)
    return number if abs(number) <= LARGEST_INTEGER else Unread.TOO_LARGE


def _null_out_of_range(value: int | float | Unread) -> int | float | None:
    return None if isinstance(value, Unread) else value


def _object_of_what_is_told_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = Unread.TOLD_TWICE if name in found else value
    return found


def _not_a_number(_: str) -> Unread:
    return Unread.NOT_A_NUMBER


_STRICT: Final = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_int=_integer, parse_float=_finite, object_pairs_hook=_object
)
_TOLERANT: Final = json.JSONDecoder(
    parse_constant=_not_a_number,
    parse_int=_integer_if_in_range,
    parse_float=_float_if_in_range,
    object_pairs_hook=_object_of_what_is_told_once,
)
_LENIENT: Final = json.JSONDecoder(
    strict=False,
    parse_constant=lambda _: None,
    parse_int=lambda digits: _null_out_of_range(_integer_if_in_range(digits)),
    parse_float=lambda digits: _null_out_of_range(_float_if_in_range(digits)),
)
_EXACT: Final = json.JSONDecoder(
    parse_constant=_not_a_number,
    parse_int=_integer_if_in_range,
    parse_float=_fraction,
    object_pairs_hook=_object_of_what_is_told_once,
)


def merge_surrogates(text: str) -> str:
    """Join surrogate pairs into characters; what stays alone becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return merge_surrogates(value)
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {merge_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value
