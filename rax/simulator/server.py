"""Serving a simulator: inside an event loop, or in a thread of its own for synchronous tests."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

from aiohttp import web

from rax.simulator.api import PREFIX, Api, error_response
from rax.simulator.control import Control
from rax.simulator.simulator import Simulator

LARGEST_BODY = 4 * 1024 * 1024
GRACE_SECONDS = 0.05
THREAD_START_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Server:
    """A simulator that is being served."""

    simulator: Simulator
    host: str
    port: int

    @property
    def root(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def base_url(self) -> str:
        """What a client is given: `http://127.0.0.1:8100/api/v1`."""
        return self.root + PREFIX

    @property
    def control_url(self) -> str:
        return f"{self.root}/control"


def build_app(simulator: Simulator, *, control: bool = False) -> web.Application:
    """The aiohttp application; the control endpoints are absent unless asked for."""
    app = web.Application(middlewares=[_documented_errors], client_max_size=LARGEST_BODY)
    app.add_routes(Api(simulator).routes())
    if control:
        app.add_routes(Control(simulator).routes())
    return app


@contextlib.asynccontextmanager
async def serve(
    simulator: Simulator | None = None, *, host: str = "127.0.0.1", port: int = 0, control: bool = False
) -> AsyncIterator[Server]:
    """Serve until the block ends; port 0 takes a free one. Open streams are closed at the end.

    Raises OSError when the port is taken.
    """
    simulator = simulator or Simulator()
    runner = web.AppRunner(
        build_app(simulator, control=control),
        handler_cancellation=True,  # a client that leaves ends its generation at once
        shutdown_timeout=GRACE_SECONDS,
        access_log=None,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
        yield Server(simulator, host, runner.addresses[0][1])
    finally:
        await runner.cleanup()
        simulator.meter.close()


@contextlib.contextmanager
def running_simulator(
    simulator: Simulator | None = None, *, port: int = 0, control: bool = False
) -> Iterator[Server]:
    """Serve from a thread until the block ends. Settings, keys and clock may be changed meanwhile."""
    thread = _ServerThread(simulator or Simulator(), port, control)
    thread.start()
    try:
        yield thread.wait_until_serving()
    finally:
        thread.stop()


class _ServerThread(threading.Thread):
    """An event loop that serves one simulator."""

    def __init__(self, simulator: Simulator, port: int, control: bool) -> None:
        super().__init__(name="rax-simulator", daemon=True)
        self._arguments = (simulator, port, control)
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._server: Server | None = None
        self._failure: BaseException | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # handed to the thread that waits
            self._failure = failure
        finally:
            self._ready.set()

    def wait_until_serving(self) -> Server:
        self._ready.wait(THREAD_START_SECONDS)
        if self._server is None:
            raise self._failure or TimeoutError("the simulator did not start")
        return self._server

    def stop(self) -> None:
        if self._loop is not None and self._end is not None and self.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
        self.join()

    async def _serve(self) -> None:
        simulator, port, control = self._arguments
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        async with serve(simulator, port=port, control=control) as self._server:
            self._ready.set()
            await self._end.wait()


@web.middleware
async def _documented_errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Unknown paths, wrong methods and oversized bodies answer in the documented shape too."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return error_response(error.status, error.reason)
