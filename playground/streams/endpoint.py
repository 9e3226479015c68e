"""The event stream of live runs: a plain ASGI coroutine beside Django.

Django's handler would hold a thread per open stream and pay its whole price for each. So this endpoint
does by hand what middleware does elsewhere: host, origin, session, headers. It never starts anything:
opening it again costs nothing, and is what a page does after a lost network.

A refusal is a stream too, of one event: the page then asks for the run's fragment, which Django guards,
instead of asking here again for ever.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from time import monotonic
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from common.asgi import Receive, Scope, Send
from common.database import faults
from common.headers import EVENT_STREAM, GUARDS
from playground.live.process_log import log
from playground.live.storage import in_database
from playground.models import Run
from playground.streams.feed import Following
from playground.streams.readers import Reader, readers

logger = logging.getLogger(__name__)

STREAM_PATH = "/streams/playground/"
# Where a page says which of its answers it shows as they were written.
PLAIN = "x-plain"
# A page that takes nothing for so long is gone, whatever its connection says.
STALLED_SECONDS = 30.0
# A run that goes on in a process that cannot be followed is asked for again, but not at once.
ELSEWHERE_SECONDS = 2.0


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request for the events of the runs that its ticket names.

    A database that is away for a moment ends it without a farewell: the page comes back.
    """
    if scope["method"] != "GET":
        await refuse_method(send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": EVENT_STREAM})
    try:
        last_bytes = await carry(scope, receive, send)
    except DatabaseError as error:
        if not faults.is_passing(error):
            raise
        logger.warning("A stream ended: the database is away (%s)", faults.name_of(error))
        last_bytes = b""
    if last_bytes is not None:
        await send({"type": "http.response.body", "body": last_bytes})


async def carry(scope: Scope, receive: Receive, send: Send) -> bytes | None:
    """Send the stream; return its last bytes, or None where the page takes nothing any more."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    reader = await admitted(scope, headers)
    if reader is None:
        return readers.refusal
    following = follow(reader, headers.get("last-event-id", ""), send, headers.get(PLAIN, ""))
    reader.task = asyncio.create_task(following)
    readers.add(reader)
    try:
        is_stalled = await until_gone(reader.task, reader, receive)
    finally:
        readers.remove(reader)
        await end(reader.task)
    return None if is_stalled else reader.farewell


async def admitted(scope: Scope, headers: Mapping[str, str]) -> Reader | None:
    """Return the reader who asks, or None where the host, the origin or the ticket does not fit."""
    if not is_our_host(headers.get("host", "")) or not is_same_origin(headers):
        return None
    ticket = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
    session_key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    return await readers.admit(ticket, session_key)


def is_our_host(host: str) -> bool:
    """Tell whether the request names a host that this site answers to."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Tell whether a page of ours asks. Browsers say so on their own; without a word, the ticket decides."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = headers.get("origin")
    return not origin or origin.partition("://")[2] == headers.get("host")


async def follow(reader: Reader, last_event_id: str, send: Send, plain: str = "") -> None:
    """Send the events of the reader's runs, until they have ended or cannot be read here."""

    async def send_bytes(data: bytes) -> None:
        reader.sending_since = monotonic()
        await send({"type": "http.response.body", "body": data, "more_body": True})
        reader.sending_since = None

    runs = reader.ticket.runs
    if not any([await log.holds(run) for run in runs]) and await in_database(lambda: any_live(runs)):
        await asyncio.sleep(ELSEWHERE_SECONDS)
    await Following(log, runs, last_event_id, plain=plain).send_all(send_bytes)


def any_live(runs: Iterable[UUID]) -> bool:
    """Tell whether one of these runs goes on somewhere."""
    return Run.objects.filter(pk__in=runs).live().exists()


async def until_gone(
    following: asyncio.Task[None], reader: Reader, receive: Receive, stalled_seconds: float = STALLED_SECONDS
) -> bool:
    """Wait until everything is sent, or the page has gone; return whether it took nothing for so long.

    That is looked at now and then: a timer for each message would cost as much as the message.
    """
    gone = asyncio.create_task(disconnected(receive))
    try:
        while True:
            done, _ = await asyncio.wait(
                {following, gone}, timeout=stalled_seconds / 3, return_when=asyncio.FIRST_COMPLETED
            )
            is_stalled = reader.is_stalled(stalled_seconds)
            if done or is_stalled:
                return is_stalled
    finally:
        await end(gone)


async def disconnected(receive: Receive) -> None:
    """Return when the page has closed its connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def end(task: asyncio.Task[None]) -> None:
    """Cancel a task, wait for it, and raise what it raised."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()


async def refuse_method(send: Send) -> None:
    """Answer 405: there is nothing to post here."""
    headers = [(b"allow", b"GET"), (b"content-length", b"0"), *GUARDS]
    await send({"type": "http.response.start", "status": 405, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
