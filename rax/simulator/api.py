"""The API on the wire: `/api/v1` as documented, with faults where they are asked for."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import orjson
from aiohttp import web

from rax.simulator.catalogue import model_list
from rax.simulator.chat import parse_chat, parse_json
from rax.simulator.clock import http_time
from rax.simulator.errors import ApiError, error_body
from rax.simulator.faults import ConnectionCutError, Wish, for_route, marked_in, marks_of, parse_wishes
from rax.simulator.faults.headers import ECHO
from rax.simulator.generation import DONE, Generation
from rax.simulator.keys import Key
from rax.simulator.limits import check_tokens
from rax.simulator.log import Exchange
from rax.simulator.simulator import Simulator
from rax.simulator.usage.bodies import parse_range, range_body

PREFIX = "/api/v1"
EVENT_STREAM = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}


class Call:
    """One request on its way through: who asks, which faults it wants, the headers its answer carries."""

    def __init__(self, request: web.Request, exchange: Exchange, key: Key, headers: dict[str, str]) -> None:
        self.request = request
        self.exchange = exchange
        self.key = key
        self.headers = headers
        self.wishes: list[Wish] = []


Handler = Callable[[Call], Awaitable[web.StreamResponse]]


class Api:
    """The three endpoints over one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{PREFIX}/chat/completions", self._wrap("chat", self.chat)),
            web.get(f"{PREFIX}/models", self._wrap("models", self.models)),
            web.get(f"{PREFIX}/usage", self._wrap("usage", self.usage)),
        ]

    async def models(self, call: Call) -> web.StreamResponse:
        self.simulator.record_poll(call.key)
        offered = self.simulator.offered(call.key).values()
        return answer(call, model_list(offered, self.simulator.settings.dialect))

    async def usage(self, call: Call) -> web.StreamResponse:
        """The documented counters; the second dialect where dates are given or the settings say so."""
        simulator, key = self.simulator, call.key
        now = simulator.clock.now()
        span = simulator.period.at(now)
        dates = parse_range(call.request.query, span) if simulator.settings.usage_dates else None
        simulator.record_poll(key)
        if dates is None and simulator.settings.dialect == "documented":
            return answer(call, simulator.counters_at(key, now))
        first, last = dates or (span.start.date(), span.last_second.date())
        body = range_body(first, last, now, partial(simulator.between, key), simulator.models)
        if simulator.settings.currency:
            body["currency"] = simulator.settings.currency
        if dates is None or not simulator.settings.usage_days:
            del body["daily_breakdown"]
        return answer(call, body)

    async def chat(self, call: Call) -> web.StreamResponse:
        simulator = self.simulator
        raw = await call.request.read()
        body = parse_json(raw)
        chat = parse_chat(body, simulator.offered(call.key), simulator.settings.stream_usage)
        now = simulator.clock.now()
        check_tokens(call.key, simulator.used_today(call.key, now), now, simulator.settings.reset_format)
        generation = Generation(chat, call.exchange.id, now)
        call.exchange.model, call.exchange.stream = chat.model.id, chat.stream
        try:
            return await (self._stream(call, generation) if chat.stream else self._whole(call, generation))
        finally:
            call.exchange.tokens = generation.sent
            simulator.record(call.key, chat.model.id, generation.usage()["total_tokens"])

    async def _whole(self, call: Call, generation: Generation) -> web.StreamResponse:
        pace = self.simulator.settings.pace.for_answer(generation.id, whole=True)
        async for _ in pace.follow(generation.pieces()):
            pass
        return answer(call, generation.whole())

    async def _stream(self, call: Call, generation: Generation) -> web.StreamResponse:
        settings = self.simulator.settings
        pace = settings.pace.for_answer(generation.id, whole=False)
        events = pace.follow(generation.events(unasked_usage=settings.stream_usage == "always"), DONE)
        response = web.StreamResponse(headers=EVENT_STREAM | call.headers)
        for wish in call.wishes:
            if wish.fault.bend is not None:
                events = wish.fault.bend(events, wish.argument)
                response.headers.update(wish.fault.headers)
        call.exchange.status = response.status
        await response.prepare(call.request)
        await _send(events, response, call)
        return response

    def _wrap(self, route: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Log a request, let its key and limits and faults have their say, then hand it to its endpoint."""

        async def handle(request: web.Request) -> web.StreamResponse:
            exchange = self._open(request)
            try:
                response = await self._admit(request, exchange, route, handler)
            except ApiError as error:
                headers = self._own_headers(exchange) | error.headers
                response = error_response(error.status, error.message, headers)
            except (asyncio.CancelledError, ConnectionError):
                exchange.outcome = "client_left"
                raise
            finally:
                exchange.ended = self.simulator.clock.now()
            exchange.status = response.status
            if exchange.outcome == "open":
                exchange.outcome = "answered"
            return response

        return handle

    def _open(self, request: web.Request) -> Exchange:
        now = self.simulator.clock.now()
        exchange = Exchange(f"req_{secrets.token_hex(8)}", now, request.method, request.path)
        self.simulator.log.add(exchange)
        return exchange

    async def _admit(
        self, request: web.Request, exchange: Exchange, route: str, handler: Handler
    ) -> web.StreamResponse:
        simulator = self.simulator
        key = self._authenticate(request)
        exchange.key = key.secret
        now = simulator.clock.now()
        headroom = simulator.limiter.take(key, now, simulator.settings.reset_format)
        headers = headroom.headers(now, simulator.settings.reset_format) | self._own_headers(exchange)
        call = Call(request, exchange, key, headers)
        call.wishes = for_route(await self._wishes(request, route), route)
        exchange.faults = [wish.fault.name for wish in call.wishes]
        marks = marks_of(call.wishes, key.secret, now)
        for wish in call.wishes:
            if wish.fault.answer is not None:
                response = wish.fault.answer(wish.argument)
                response.headers.update(marks)
                return response
        call.headers |= marks
        try:
            return await handler(call)
        except ApiError as error:
            error.headers = call.headers | error.headers
            raise

    def _own_headers(self, exchange: Exchange) -> dict[str, str]:
        return {"X-Request-Id": exchange.id, "Date": http_time(self.simulator.clock.now())}

    def _authenticate(self, request: web.Request) -> Key:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        key = self.simulator.keys.get(secret)
        if scheme.lower() != "bearer" or key is None:
            raise ApiError(401, "Invalid API key provided" if secret else "No API key provided")
        return key

    async def _wishes(self, request: web.Request, route: str) -> list[Wish]:
        """Faults for all, from the header, and from markers in the message, in this order."""
        wanted = [self.simulator.settings.faults, request.headers.get("X-Simulate", "")]
        if route == "chat":
            wanted.append(_markers(await request.read()))
        try:
            return [wish for text in wanted for wish in parse_wishes(text)]
        except ValueError as error:
            raise ApiError(400, str(error)) from error


def answer(call: Call, body: dict[str, Any]) -> web.Response:
    """A JSON answer, changed by the faults that change JSON."""
    payload: Any = body | {"asked_with": call.headers[ECHO]} if ECHO in call.headers else body
    for wish in call.wishes:
        if wish.fault.edit is not None and not isinstance(payload, bytes):
            payload = wish.fault.edit(payload, wish.argument)
    raw = payload if isinstance(payload, bytes) else orjson.dumps(payload)
    return web.Response(body=raw, content_type="application/json", headers=call.headers)


def error_response(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    """An error in the documented shape."""
    body = orjson.dumps(error_body(status, message))
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


async def _send(events: AsyncIterator[bytes], response: web.StreamResponse, call: Call) -> None:
    """Write events until they end or the connection does; a cut closes it without the last chunk."""
    try:
        async for event in events:
            await response.write(event)
    except ConnectionCutError:
        call.exchange.outcome = "cut"
        if call.request.transport is not None:
            call.request.transport.close()


def _markers(raw: bytes) -> str:
    try:
        return marked_in(orjson.loads(raw))
    except orjson.JSONDecodeError:
        return ""
