"""The tools a model asks for: read from the shapes in which servers say it, and put together from pieces."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import orjson

from rax._completion.flow import TextFlow
from rax._constants import MOST_TOOL_CALLS, NAME_CHARS
from rax._values import read_object, read_text

# Parts of a content that call a tool.
CALLING_PARTS: Final = frozenset({"tool_use", "tool_call", "function_call", "server_tool_use"})


class ToolCall(NamedTuple):
    """A tool that the model asks for, with its arguments as JSON text.

    In a chunk it is a piece: `name` and `id` come once, `arguments` little by little; `index` says what
    belongs together.
    """

    index: int  # type: ignore[assignment] # nobody asks a call where in it a value stands
    id: str | None
    name: str
    arguments: str


class ToldCall(NamedTuple):
    """A piece of a call as a server says it; what it does not say is None or empty."""

    place: int | None
    id: str | None
    name: str
    arguments: str


def read_calls(message: Mapping[str, Any]) -> Iterator[ToldCall]:
    """Yield what a message or a delta says of calls, as `tool_calls` or as the older `function_call`."""
    told = message.get("tool_calls")
    if told:
        items = told if isinstance(told, list) else [told]
        yield from (read_call(item) for item in items[:MOST_TOOL_CALLS] if isinstance(item, dict))
    elif isinstance(older := message.get("function_call"), dict):
        yield read_call({"index": 0, **older})


def read_call(item: Mapping[str, Any]) -> ToldCall:
    """Return one call or piece of one; its name and arguments may stand inside or beside `function`."""
    inside = read_object(item.get("function") or item.get("custom")) or item
    index = item.get("index")
    return ToldCall(
        index if type(index) is int and index >= 0 else None,
        read_text(item.get("id") or item.get("call_id")),
        read_text(inside.get("name")) or "",
        _arguments(
            next((inside[name] for name in ("arguments", "input", "parameters") if inside.get(name)), "")
        ),
    )


def _arguments(told: Any) -> str:
    """Return arguments as JSON text; some servers send the object itself."""
    if isinstance(told, str):
        return told
    try:
        return orjson.dumps(told).decode()
    except TypeError:
        return ""


class _Call:
    __slots__ = ("arguments", "id", "name")

    def __init__(self, name: TextFlow, arguments: TextFlow) -> None:
        self.id: str | None = None
        self.name = name
        self.arguments = arguments


class ToolCalls:
    """The calls of one choice, put together from their pieces.

    The index says which call a piece belongs to. Where it is missing, or another id comes under the same
    index, a new id or name begins another call.
    """

    __slots__ = ("_calls", "_flow", "_named", "_place", "_word")

    def __init__(self, flow: Callable[[], TextFlow], word: Callable[[Any], str | None]) -> None:
        self._flow = flow
        self._word = word
        self._calls: list[_Call] = []
        self._place: dict[int, int] = {}  # the index that a server says → the place of its call
        self._named: dict[str, int] = {}  # its id → the same

    def feed(self, told: Iterable[ToldCall], *, is_plain: bool) -> tuple[ToolCall, ...]:
        """Return the pieces as they may be given out."""
        fed = (self._feed(piece, is_plain=is_plain) for piece in told)
        return tuple(piece for piece in fed if piece is not None)

    def end(self) -> tuple[ToolCall, ...]:
        """Return what was held back of names and arguments."""
        held = [(place, call.name.end(), call.arguments.end()) for place, call in enumerate(self._calls)]
        return tuple(
            ToolCall(place, None, self._word(name) or "", rest) for place, name, rest in held if name or rest
        )

    def whole(self) -> tuple[ToolCall, ...]:
        """Return the calls as far as they are known."""
        return tuple(
            ToolCall(place, call.id, self._word(call.name.text) or "", call.arguments.text)
            for place, call in enumerate(self._calls)
        )

    def _feed(self, told: ToldCall, *, is_plain: bool) -> ToolCall | None:
        told = told._replace(id=self._word(told.id))
        place = self._find(told)
        if place is None:
            return None
        call = self._calls[place]
        if call.id is None and told.id is not None:
            call.id = told.id
            self._named.setdefault(told.id, place)
        name = told.name
        if name != call.name.text and not call.arguments.text:
            # A name in pieces, in which the key may be cut; one that is said again stays.
            name = call.name.feed(name[: NAME_CHARS - len(call.name.text)], is_plain=is_plain)
        arguments = call.arguments.feed(told.arguments, is_plain=is_plain)
        return ToolCall(place, told.id, self._word(name) or "", arguments)

    def _find(self, told: ToldCall) -> int | None:
        """Return the place of the call that a piece belongs to; None where there are too many."""
        place = self._known(told)
        if place is None:
            if len(self._calls) >= MOST_TOOL_CALLS:
                return None
            place = len(self._calls)
            self._calls.append(_Call(self._flow(), self._flow()))
        if told.place is not None:
            self._place[told.place] = place
        return place

    def _known(self, told: ToldCall) -> int | None:
        if told.id is not None and (place := self._named.get(told.id)) is not None:
            return place
        if told.place is not None:
            place = self._place.get(told.place)
        else:
            place = len(self._calls) - 1 if self._calls and not told.name else None
        if place is not None and told.id and self._calls[place].id not in (None, told.id):
            return None
        return place
