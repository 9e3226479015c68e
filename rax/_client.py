"""The client: four questions, asked with one key of one server."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlencode

from rax._arguments import check_base_url, check_count, check_day, check_kind
from rax._completion.shapes import ChatAnswer
from rax._connections import Connections
from rax._constants import DEFAULT_BASE_URL, GET_RETRIES
from rax._errors import reading, unreadable
from rax._exceptions import BadRequestError, Kind, StatusError
from rax._json import read_tolerantly
from rax._key import Key
from rax._models import ModelList, ShapeError, read_models
from rax._parser import read_completion
from rax._payload import ASK_FOR_USAGE, asks_for_usage, chat_payload
from rax._recorder import Recorder
from rax._streaming import ChatStream
from rax._timeouts import Timeouts
from rax._transport import Answer
from rax._usage import UsageAnswer, read_usage
from rax._wire import Reply, Wire

# How a refusal names what asks for usage.
_USAGE_FIELDS: Final = ("stream_options", "include_usage", "streamOptions")


class Client:
    """The Rax API, or any OpenAI-compatible one, as one key sees it.

    Cheap to make: keep one `Connections` per process and make a client where one is needed. Without
    `connections` it owns a pool of its own, which reaches public addresses only, and is closed by
    `async with` or `aclose`: the client cannot be used afterwards. `get_retries` is how often a
    GET may be repeated; a POST never is. Raises KeyShapeError, BaseURLError and ArgumentError at once,
    without showing what they were given; every method raises the errors of `rax.RaxError`'s tree. `recorder`
    records what comes back of the completion that was asked for last.
    """

    def __init__(
        self,
        key: str | Key,
        *,
        base_url: str = DEFAULT_BASE_URL,
        connections: Connections | None = None,
        timeouts: Timeouts | None = None,
        get_retries: int = GET_RETRIES,
        recorder: Recorder | None = None,
    ) -> None:
        key = key if isinstance(key, Key) else Key(key)
        base_url = check_base_url(base_url)
        timeouts = Timeouts() if timeouts is None else timeouts
        check_kind("timeouts", timeouts, Timeouts)
        check_count("get_retries", get_retries, least=0)
        used = Connections() if connections is None else connections
        check_kind("connections", used, Connections)
        self._owned = used if connections is None else None
        self._wire = Wire(key, base_url, used, timeouts=timeouts, get_retries=get_retries, recorder=recorder)

    @property
    def base_url(self) -> str:
        """The server's base URL, without a trailing slash."""
        return self._wire.base_url

    def __repr__(self) -> str:
        return f"Client({self._wire.key!r}, base_url={self.base_url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, if they are this client's own."""
        if self._owned is not None:
            self._wire.is_closed = True
            await self._owned.aclose()

    async def chat(
        self,
        *,
        model: str,
        messages: Sequence[Mapping[str, Any]],
        temperature: float | None = None,
        max_tokens: int | None = None,
        max_completion_tokens: int | None = None,
        top_p: float | None = None,
        stop: str | Sequence[str] | None = None,
        user: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> ChatAnswer:
        """Return a whole completion. A parameter that is None is not sent; the server checks ranges.

        `extra` holds further fields of the request's body, as the server names them.
        """
        payload = chat_payload(
            model=model,
            messages=messages,
            temperature=temperature,
            max_tokens=max_tokens,
            max_completion_tokens=max_completion_tokens,
            top_p=top_p,
            stop=stop,
            user=user,
            extra=extra,
        )
        reply = await self._wire.post("/chat/completions", payload)
        return self._shaped(reply, partial(read_completion, key=self._wire.key), maybe_billed=True)

    def chat_stream(
        self,
        *,
        model: str,
        messages: Sequence[Mapping[str, Any]],
        temperature: float | None = None,
        max_tokens: int | None = None,
        max_completion_tokens: int | None = None,
        top_p: float | None = None,
        stop: str | Sequence[str] | None = None,
        user: str | None = None,
        extra: Mapping[str, Any] | None = None,
        include_usage: bool | None = None,
    ) -> ChatStream:
        """Return a streamed completion; nothing is sent before it is entered. The parameters are `chat`'s.

        `include_usage` asks for a last chunk with the tokens. None decides: the Rax API documents no such
        field and is not asked; other servers are. One that refuses the request is asked again without it,
        once, where it names the field, or names none and was never seen to take it; and if it takes that,
        it is not asked for usage again through the same connections.
        """
        if include_usage is not None:
            check_kind("include_usage", include_usage, bool)
        payload = chat_payload(
            model=model,
            messages=messages,
            temperature=temperature,
            max_tokens=max_tokens,
            max_completion_tokens=max_completion_tokens,
            top_p=top_p,
            stop=stop,
            user=user,
            extra=extra,
            stream=True,
        )
        send = partial(self._open, payload=payload, include_usage=include_usage)
        wire = self._wire
        hear = wire.recorder.hear if wire.recorder else None
        return ChatStream(send, key=wire.key, timeouts=wire.timeouts, hear=hear)

    async def models(self) -> ModelList:
        """Return the models this key may use; NotFoundError where the server has no catalogue."""
        return self._shaped(await self._wire.get("/models", read_tolerantly), read_models)

    async def usage(self, start_date: date | None = None, end_date: date | None = None) -> UsageAnswer:
        """Return the usage counters of the current billing period, or of the days asked for (inclusive).

        Parts that cannot be read are named in the answer and leave the others readable. NotFoundError (404,
        405) where the server has no usage endpoint. Dates are only honoured by servers of the second dialect.
        """
        dates = {"start_date": start_date, "end_date": end_date}
        query = {name: check_day(name, day) for name, day in dates.items() if day is not None}
        path = f"/usage?{urlencode(query)}" if query else "/usage"
        reply = await self._wire.get(path, read_tolerantly)

        read = partial(read_usage, body=reply.body, started_at=reply.started_at, ended_at=reply.ended_at)
        return self._shaped(reply, read)

    async def _open(
        self, stream: ChatStream, *, payload: Mapping[str, Any], include_usage: bool | None
    ) -> Answer:
        wire = self._wire
        base_url, connections = wire.base_url, wire.connections

        async def post(payload: Mapping[str, Any]) -> Answer:
            stream.payload = payload
            return await wire.open_stream("/chat/completions", payload)

        takes = connections.takes_include_usage(base_url)
        asks = asks_for_usage(base_url) and takes is not False if include_usage is None else include_usage
        if not asks:
            return await post(payload)
        try:
            answer = await post({**payload, **ASK_FOR_USAGE})
        except StatusError as error:
            if include_usage or not _may_be_about_usage(error, takes=takes):
                raise
        else:
            connections.remember_include_usage(base_url, is_taken=True)
            return answer
        # Perhaps it was the unknown field; if not, this raises what is really wrong.
        answer = await post(payload)
        connections.remember_include_usage(base_url, is_taken=False)
        return answer

    def _shaped[Shape](
        self, reply: Reply, read: Callable[..., Shape], *, maybe_billed: bool = False
    ) -> Shape:
        with reading(reply.answer, self._wire.key, maybe_billed=maybe_billed):
            try:
                return read(reply.value, limits=reply.limits, answer=reply.answer)
            except ShapeError as error:
                raise unreadable(
                    str(error),
                    kind=Kind.UNEXPECTED_SHAPE,
                    body=reply.body,
                    answer=reply.answer,
                    limits=reply.limits,
                    key=self._wire.key,
                    maybe_billed=maybe_billed,
                ) from None


def _may_be_about_usage(error: StatusError, *, takes: bool | None) -> bool:
    """Tell whether a request may be refused because it asked for usage, which the server `takes` or not."""
    said = f"{error.param} {error.provider_message}"
    if any(name in said for name in _USAGE_FIELDS):
        return True
    is_unsaid = isinstance(error, BadRequestError) and error.param is None
    return takes is None and is_unsaid and error.status_code != HTTPStatus.CONTENT_TOO_LARGE
