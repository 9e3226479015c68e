"""What one page is sent: a replay, what follows, and the end."""

import asyncio
import threading
from uuid import UUID, uuid4

import pytest

from playground.live import process_log
from playground.live.log.log import Entry, MemoryLog
from playground.streams.endpoint import end, follow, until_gone
from playground.streams.feed import Following, read_event_id
from playground.streams.framing import HEARTBEAT
from playground.streams.live_view import LiveView
from playground.streams.readers import Reader
from playground.streams.tickets import Ticket
from playground.text.live_markdown import LiveMarkdown


async def finished(*texts: str) -> tuple[MemoryLog, UUID]:
    """Return a log with one run that has ended."""
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    for text in texts:
        await log.append(run, text)
    await log.end(run)
    return log, run


async def sent(log: MemoryLog, runs: tuple[UUID, ...], last_event_id: str = "") -> list[bytes]:
    """Return everything a page is sent before its stream ends."""
    messages: list[bytes] = []

    async def send(data: bytes) -> None:
        messages.append(data)

    await Following(log, runs, last_event_id).send_all(send)
    return messages


async def test_a_replay_is_one_message() -> None:
    log, run = await finished(*"Hello, **world**.")
    (replay,) = await sent(log, (run,))
    assert b'<p dir="auto">Hello, <strong>world</strong>.</p>' in replay


async def test_a_page_that_comes_back_is_not_sent_what_it_has() -> None:
    log, run = await finished("One.\n\n", "Two.\n\n", "Three.\n\n")
    (replay,) = await sent(log, (run,), "2")
    assert b"One." not in replay
    assert b"Three." in replay
    assert b'hx-swap="beforeend"' in replay


async def test_a_page_that_begins_replaces_what_was_saved() -> None:
    log, run = await finished("One.\n\n", "Two.")
    (replay,) = await sent(log, (run,))
    assert f'hx-target="#closed-{run}" hx-swap="innerHTML"'.encode() in replay


async def test_a_run_without_a_log_ends_the_page_s_stream_at_once() -> None:
    assert await sent(MemoryLog(), (uuid4(),)) == []


async def test_several_runs_share_one_connection() -> None:
    log, first = await finished("One.")
    second = uuid4()
    await log.open(second)
    await log.append(second, "Two.")
    await log.end(second)
    messages = await sent(log, (first, second))
    assert b"One." in b"".join(messages)
    assert b"Two." in b"".join(messages)
    assert messages[0].startswith(b"id: 2.2\n")


async def test_the_end_of_one_run_is_told_while_another_goes_on() -> None:
    log, first = await finished("One.")
    second = uuid4()
    await log.open(second)
    messages: asyncio.Queue[bytes] = asyncio.Queue()
    page = asyncio.create_task(Following(log, (first, second), "").send_all(messages.put))
    told = b""
    async with asyncio.timeout(5):
        while f"event: ended-{first}".encode() not in told:
            told += await messages.get()
    assert b"One." in told
    assert not page.done()
    await log.end(second)
    await page


async def test_what_comes_while_a_page_is_busy_is_merged_and_nothing_is_lost() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    messages: list[bytes] = []

    async def send(data: bytes) -> None:
        messages.append(data)
        await asyncio.sleep(0.01)

    page = asyncio.create_task(Following(log, (run,), "").send_all(send))
    for number in range(500):
        await log.append(run, f"{number}\n\n")
        await asyncio.sleep(0)
    await log.end(run)
    await page
    assert len(messages) < 100
    whole = b"".join(messages)
    assert all(f'<p dir="auto">{number}</p>'.encode() in whole for number in range(500))


@pytest.mark.parametrize("text", ["", "x", "-1", "1.2", "9" * 40, "²"])
def test_a_foreign_event_id_means_the_beginning(text: str) -> None:
    assert read_event_id(text, 1) == [0]


def test_an_event_id_names_a_position_for_each_run() -> None:
    assert read_event_id("12.5", 2) == [12, 5]


async def test_a_silent_connection_is_kept_awake() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    beats: asyncio.Queue[bytes] = asyncio.Queue()
    following = Following(log, (run,), "", heartbeat_seconds=0.001)
    page = asyncio.create_task(following.send_all(beats.put))
    assert [await beats.get() for _ in range(3)] == [HEARTBEAT] * 3
    await log.end(run)
    await page


async def test_a_log_that_goes_away_ends_the_page_s_stream() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    page = asyncio.create_task(sent(log, (run,)))
    await log.append(run, "Half an ans")
    await asyncio.sleep(0)
    log.drop(run)
    assert b"Half an ans" in (await page)[0]


async def test_a_page_that_takes_nothing_is_known_to_be_stalled() -> None:
    async def take_nothing(message: object) -> None:
        await asyncio.Event().wait()

    async def stay() -> dict[str, str]:
        await asyncio.Event().wait()
        return {}

    reader = Reader(Ticket(1, 1, (uuid4(),)), "session")
    run = reader.ticket.runs[0]
    await process_log.log.open(run)
    await process_log.log.append(run, "Hello.")
    following = asyncio.create_task(follow(reader, "", take_nothing))
    assert await until_gone(following, reader, stay, stalled_seconds=0.01)
    assert not following.done()
    await end(following)


async def test_a_page_that_waits_for_news_is_not_stalled() -> None:
    taken: list[object] = []

    async def take(message: object) -> None:
        taken.append(message)

    async def leave() -> dict[str, str]:
        await asyncio.sleep(0.1)
        return {"type": "http.disconnect"}

    reader = Reader(Ticket(1, 1, (uuid4(),)), "session")
    run = reader.ticket.runs[0]
    await process_log.log.open(run)
    await process_log.log.append(run, "Hello.")
    following = asyncio.create_task(follow(reader, "", take))
    assert not await until_gone(following, reader, leave, stalled_seconds=0.01)
    assert taken
    await end(following)


async def test_a_long_listing_is_coloured_beside_the_loop() -> None:
    """The loop goes on while the listing is rendered: only a thread allows that."""
    listing = "```python\n" + "value = [1, 'two', None]  # a comment\n" * 500 + "```\n\n"
    log, run = await finished("Look:\n\n", listing, "Done.")
    threads = []
    take = LiveView.take

    def noted(self: LiveView, entries: list[Entry], now: float) -> str:
        threads.append(threading.current_thread())
        return take(self, entries, now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LiveView, "take", noted)
        (replay,) = await sent(log, (run,))
    assert b'<span class="c1">' in replay
    assert threading.main_thread() not in threads


@pytest.mark.parametrize(
    ("before", "text", "is_quick"),
    [
        ("", "Hello.", True),
        ("", "x" * 5_000, False),
        ("x" * 1_500, "y" * 1_000, True),
        ("x" * 3_000, "y\n", False),
        ("```python\n" + "x = 1\n" * 600, "y = 2\n", True),
        ("```python\n" + "x = 1\n" * 600, "```\n", False),
    ],
)
def test_only_what_renders_quickly_is_rendered_on_the_loop(before: str, text: str, is_quick: bool) -> None:
    markdown = LiveMarkdown("live")
    markdown.feed(before, 0)
    assert markdown.is_quick(text, is_end=False) is is_quick


async def test_answers_that_a_page_shows_plain_come_as_they_were_written() -> None:
    log, rendered = await finished("**One**\n\n", "**two**")
    plain = uuid4()
    await log.open(plain)
    await log.append(plain, "**One**\r\n\n<i>")
    await log.end(plain)
    messages: list[bytes] = []

    async def send(data: bytes) -> None:
        messages.append(data)

    await Following(log, (rendered, plain), "", plain="0.1").send_all(send)
    text = b"".join(messages).decode()
    assert "<strong>One</strong>" in text
    start = f'<hx-partial hx-target="#closed-{plain}" hx-swap="innerHTML">'
    assert text.partition(start)[2].startswith("**One**\ndata: \ndata: &lt;i&gt;</hx-partial>")
