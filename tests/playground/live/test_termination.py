"""Signals: the first begins to stop, the second ends at once, and the server hears each in its time."""

import asyncio
import signal

from playground.live.termination import TerminationSignals


async def test_the_server_hears_the_second_signal_when_everything_is_stored() -> None:
    heard: list[str] = []
    stored = asyncio.Event()
    told = asyncio.Event()

    async def stop() -> None:
        heard.append("stop")
        await stored.wait()

    def server(number: int, frame: object) -> None:
        heard.append(signal.Signals(number).name)
        if len(heard) > 4:
            told.set()

    signals = TerminationSignals(stop, lambda: heard.append("hurry"))
    signals.hear(server, signal.SIGTERM, None)
    signals.hear(server, signal.SIGINT, None)
    await asyncio.sleep(0.01)
    assert heard == ["SIGTERM", "stop", "hurry", "stop"]
    stored.set()
    await told.wait()
    assert heard[-1] == "SIGINT"


async def test_a_third_signal_is_the_server_s_alone() -> None:
    heard: list[int] = []

    async def stop() -> None:
        await asyncio.Event().wait()

    signals = TerminationSignals(stop, lambda: None)
    for _ in range(3):
        signals.hear(lambda number, frame: heard.append(number), signal.SIGINT, None)
    await asyncio.sleep(0.01)
    assert heard == [signal.SIGINT] * 2  # the first and the third; the second waits
