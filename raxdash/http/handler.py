"""Django's way from a request to its answer, gone in one thread at one go.

Django's own handler goes to the request's thread and back for each middleware, twice, and for each piece of
work of an async view: thirty times for a run, which costs more than what is done there. So all middleware is
run as that of a synchronous server, and comes back to the event loop only for a view that waits there.
"""

from contextlib import nullcontext
from functools import cached_property

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse

from common.asgi import Receive, Scope, Send
from raxdash.http.threads import Threads
from raxdash.http.turns import Turns
from raxdash.logs.requests import HEALTH, URGENT


class Handler(ASGIHandler):
    """Django's ASGI handler, with threads that stay, and turns."""

    def __init__(self) -> None:
        super().__init__()
        self.threads, self.turns = Threads(), Turns()

    def load_middleware(self, is_async: bool = False) -> None:
        """Load it for threads, whatever the server is."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in a thread that is free."""
        async with self.threads.lent() as executor, ThreadSensitiveContext(executor=executor):
            await self.handle(scope, receive, send)

    @cached_property
    def _probes(self) -> frozenset[str]:
        """The addresses at which machines ask how the server is."""
        return frozenset(map(reverse, HEALTH))

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer, from the first middleware to the last in one go; sending it is nobody's turn.

        Who asks how the server is waits for no turn: however many people do, it is there.
        """
        is_probe = request.path_info in self._probes
        turn = nullcontext() if is_probe else self.turns.one(is_urgent(request))
        async with turn:
            return await sync_to_async(self.get_response)(request)


def is_urgent(request: HttpRequest) -> bool:
    """Tell whether a request ends something that goes on; the last word of most addresses tells already."""
    if request.method != "POST" or not request.path_info.endswith("/stop/"):
        return False
    try:
        return resolve(request.path_info).view_name in URGENT
    except Resolver404:
        return False
