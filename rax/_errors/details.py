"""What an error says of itself, from any JSON value: by the names that servers use, wherever those nest."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from rax._errors import names
from rax._errors.names import named
from rax._errors.trimming import trimmed
from rax._json import JSONError, read_json, read_tolerantly
from rax._values import read_code, read_text

# What a body that was cut off, or that is written as a program writes, still says.
_QUOTED: Final = re.compile(
    r"""["'](?:message|msg|detail|error|error_msg|errorMessage)["']\s*:\s*(["'])((?:\\.|(?!\1).)+)""",
    re.DOTALL,
)
_QUOTED_WITHIN: Final = 20_000
_CUT_ESCAPE: Final = re.compile(r"\\(?:u[0-9a-f]{0,3})?$", re.IGNORECASE)
_MOST_PARTS: Final = 50
_MOST_CODE_CHARS: Final = 64


class Detail(NamedTuple):
    """What an error says of itself.

    `param` is the first field of the request that it names; `status` a number from 400 to 599 that it names
    as an HTTP status, whatever status the answer had.
    """

    message: str = ""
    code: str | None = None
    type: str | None = None
    param: str | None = None
    status: int | None = None
    request_id: str | None = None


def read_detail(value: Any) -> Detail:
    """Return what an error says: an object of any shape, a list of them, or text."""
    if isinstance(value, str):
        return read_words(value)
    if isinstance(value, list):
        return _read_list(value)
    return _read_object(named(value)) if isinstance(value, dict) else Detail()


def read_words(text: str) -> Detail:
    """Return what text says; it may be an error in JSON, as proxies hand on what they were told."""
    text = text.strip()
    if text[:1] not in ("{", "["):
        return Detail(" ".join(text.split()))
    try:
        return read_detail(trimmed(read_tolerantly(text.encode("utf-8", "replace"))))
    except JSONError:
        found = _QUOTED.search(text[:_QUOTED_WITHIN])
    return read_words(_unescaped(found[2])) if found else Detail()


def _unescaped(text: str) -> str:
    """Return what stands between the quotes of a JSON string, which may be cut within an escape."""
    text = _CUT_ESCAPE.sub("", text)
    try:
        return str(read_json(f'"{text}"'.encode("utf-8", "replace")))
    except JSONError:
        return text


def _read_object(said: Mapping[str, Any]) -> Detail:
    whole = Detail(
        message=_own_message(said),
        code=_code(said),
        type=_type(said),
        param=_field(said),
        status=_status(said),
        request_id=_first_text(said, names.REQUEST_IDS),
    )
    for name in names.HOLDERS:
        inner = said.get(name)
        if isinstance(inner, dict | list):
            whole = _within(whole, _read_held(inner))
        elif isinstance(inner, str) and name in names.NAMED_BY_TEXT:
            whole = _named_by(inner, whole)
    for name in names.LISTS:
        if isinstance(said.get(name), list):
            whole = _within(whole, _read_list(said[name], only_fields=bool(whole.message)))
    return whole


def _named_by(error: str, whole: Detail) -> Detail:
    """Return what an object says whose `error` is text: its message, its code, or the words of its status."""
    if not whole.message:
        told = read_words(error)
        return _filled(whole, told)._replace(message=told.message)
    if error.lower() in names.PHRASES:
        return whole
    if " " not in error and len(error) <= _MOST_CODE_CHARS:
        return whole._replace(code=whole.code or error)
    return whole._replace(message=_joined(error, whole.message))


def _read_held(value: Any) -> Detail:
    """Return what stands where an error, or its message, is to be; names we do not know are of fields."""
    if not isinstance(value, dict) or not names.KNOWN.isdisjoint(named(value)):
        return read_detail(value)
    said = {name: read_detail(item).message for name, item in value.items()}
    parts = [_prefixed(name, words) for name, words in said.items() if words]
    fields = [name for name, words in said.items() if words and isinstance(value[name], list)]
    return Detail("; ".join(parts[:_MOST_PARTS]), param=next(iter(fields), None))


def _read_list(values: list[Any], *, only_fields: bool = False) -> Detail:
    """Return what several errors say: all their messages, each after its field, and the first of the rest."""
    whole = Detail()
    parts: dict[str, None] = {}
    for value in values[:_MOST_PARTS]:
        detail = read_detail(value)
        if detail.param or not only_fields:
            is_field = isinstance(value, dict) and "param" not in value
            parts[_prefixed(detail.param if is_field else None, detail.message)] = None
            whole = _filled(whole, detail)
    return whole._replace(message="; ".join(filter(None, parts)))


def _prefixed(field: str | None, words: str) -> str:
    return f"{field}: {words}" if field and words and field not in words else words


def _within(outer: Detail, inner: Detail) -> Detail:
    """Return what an object says together with the error that it holds, which knows better."""
    return _filled(inner, outer)._replace(message=_joined(outer.message, inner.message))


def _filled(first: Detail, second: Detail) -> Detail:
    return Detail._make(one or other for one, other in zip(first, second, strict=True))


def _joined(outer: str, inner: str) -> str:
    if outer in inner or (inner and outer.lower() in names.PHRASES):
        return inner
    return outer if inner in outer else f"{outer.rstrip(' .:')}: {inner}"


def _own_message(said: Mapping[str, Any]) -> str:
    message = _first_message(said, names.MESSAGES)
    raw = named(said.get("metadata")).get("raw")  # what a router was told by the server behind it
    if isinstance(raw, str):
        message = _joined(message, read_words(raw).message)
    return _joined(message, _first_message(said, names.EXPLANATIONS)) or _first_message(said, ("title",))


def _first_message(said: Mapping[str, Any], candidates: Iterable[str]) -> str:
    """Return the first message under one of these names; what else `detail` may hold is read as an error."""
    for name in candidates:
        value = said.get(name)
        if isinstance(value, str):
            return read_words(value).message
        if name in names.MESSAGES and isinstance(value, dict | list):
            return _read_held(value).message
    return ""


def _code(said: Mapping[str, Any]) -> str | None:
    code = next((code for name in names.CODES if (code := read_code(said.get(name)))), None)
    # A status is no code of the API's own, unless it is none of HTTP.
    return code or (None if _status(said) else read_code(said.get("statuscode")))


def _type(said: Mapping[str, Any]) -> str | None:
    """Return its type; a status in words, such as `RESOURCE_EXHAUSTED`, is one."""
    texts = (read_text(said.get(name)) for name in names.TYPES)
    found = (text for text in texts if text and text.lower() not in names.NO_TYPES and not text.isdigit())
    return next(found, None)


def _status(said: Mapping[str, Any]) -> int | None:
    """Return the HTTP status that it names, as a status or as a code of three digits."""
    for name in (*names.STATUSES, *names.CODES):
        code = read_code(said.get(name)) or ""
        # int refuses the digit "²".
        if code.isascii() and code.isdigit() and len(code) == 3 and 400 <= int(code) <= 599:
            return int(code)
    return None


def _field(said: Mapping[str, Any]) -> str | None:
    """Return the field that it names: `messages.0.content` of `["body", "messages", 0, "content"]`."""
    source = named(said.get("source"))
    for pointer in (said.get("pointer"), source.get("pointer")):
        if isinstance(pointer, str):
            return _dotted(pointer.strip("#/").split("/"))
    for path in (said.get("loc"), said.get("path")):
        if isinstance(path, list):
            return _dotted(path)
    return _first_text(said, names.FIELDS) or _first_text(source, names.FIELDS)


def _dotted(path: Iterable[Any]) -> str | None:
    steps = [str(step) for step in path if isinstance(step, str | int)]
    while steps and steps[0] in names.PLACES:
        steps.pop(0)
    return ".".join(steps) or None


def _first_text(said: Mapping[str, Any], candidates: Iterable[str]) -> str | None:
    return next((text for name in candidates if (text := read_text(said.get(name)))), None)
