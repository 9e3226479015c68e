"""The web process: Django, and beside it what must not pay Django's price per request.

Static files and event streams are plain ASGI coroutines; starting and stopping the live runs belongs to
the server's lifespan (ASGI lifespan protocol). A body is received, within bounds, before any of them answers.
"""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raxdash.settings")
os.environ["RAXDASH_PROCESS"] = "web"  # people wait here: statements have the short deadline

import django

django.setup(set_prefix=False)

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from playground.streams.endpoint import STREAM_PATH, stream

from playground import lifespan as runs
from raxdash import presence, schema
from raxdash.http import bodies, connections, deeds, proxies
from raxdash.http.handler import Handler
from raxdash.logs import json_streams
from common.asgi import Receive, Scope, Send
from raxdash.logs.addresses import note_address
from raxdash.assets.serving import StaticFiles

json_streams.install()
django_application = Handler()
static_files = StaticFiles(settings.STATIC_ROOT, settings.STATIC_URL)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand the request to whom it is for."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        proxies.tell_unbelieved(scope)
        async with bodies.received(scope, receive, send) as handed_on:
            if handed_on:
                await answer(scope, handed_on, send)


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Let the part answer that the path belongs to."""
    note_address(scope["path"], scope["query_string"].decode("latin-1"))
    if scope["path"].startswith(settings.STATIC_URL):
        await static_files(scope, receive, send)
    elif scope["path"].startswith(STREAM_PATH):
        await stream(scope, receive, send)
    else:
        await django_application(scope, deeds.undisturbed(scope, receive), send)


async def lifespan(receive: Receive, send: Send) -> None:
    """Start and stop the live runs with the server; refuse to serve on a database that does not fit."""
    connections.bound(receive)
    await receive()
    if problem := await sync_to_async(problem_at_start)():
        await send({"type": "lifespan.startup.failed", "message": f"raxdash: {problem}"})
        return
    await runs.start()
    keep_loaded()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await runs.stop()
    await django_application.threads.close()
    await send({"type": "lifespan.shutdown.complete"})


def keep_loaded() -> None:
    """Look for garbage once in all that was loaded, and never again: it stays.

    Else every few large pages somebody waits a tenth of a second while that is gone through.
    """
    gc.collect()
    gc.freeze()


def problem_at_start() -> str:
    """Ask about the database and give the connection back."""
    try:
        presence.announce("web")
        return schema.problem_at_start()
    except presence.InUse as error:
        return str(error)
    finally:
        connection.close()
