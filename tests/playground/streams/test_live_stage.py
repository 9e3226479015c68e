"""What the foot of a live turn says: how long the run waits, then that it writes."""

import asyncio
import re
from uuid import uuid4

from playground.live.log.log import Entry, MemoryLog
from playground.live.log.waiting import Waiting
from playground.streams.feed import Following
from playground.streams.live_stage import LiveStage
from playground.streams.live_view import LiveView

NOON = 1_780_000_000.0
RUN = uuid4()


def said(markup: str) -> dict[str, str]:
    """Return what is written where: at `stage` and at `waited`."""
    return dict(re.findall(r'hx-target="#(stage|waited)-[^"]+" hx-swap="innerHTML">([^<]*)<', markup))


def test_it_tells_the_seconds_and_repeats_no_words() -> None:
    stage, waiting = LiveStage(RUN), Waiting(NOON)
    assert said(stage.tell(waiting, NOON, has_words=False)) == {"stage": "Waiting", "waited": ", 0 s"}
    assert stage.tell(waiting, NOON + 0.5, has_words=False) == ""
    assert said(stage.tell(waiting, NOON + 12, has_words=False)) == {"waited": ", 12 s"}


def test_it_tells_of_signs_of_life() -> None:
    stage = LiveStage(RUN)
    stage.tell(Waiting(NOON), NOON + 79, has_words=False)
    alive = said(stage.tell(Waiting(NOON, NOON + 79), NOON + 80, has_words=False))
    assert alive == {"stage": "The API keeps the connection alive", "waited": ", 1 min 20 s"}


def test_with_the_first_words_it_writes_and_waits_no_longer() -> None:
    stage = LiveStage(RUN)
    stage.tell(Waiting(NOON), NOON + 3, has_words=False)
    assert said(stage.tell(None, NOON + 4, has_words=True)) == {"stage": "Writing …", "waited": ""}
    assert stage.tell(None, NOON + 5, has_words=True) == ""


def test_before_anything_is_known_it_says_nothing() -> None:
    assert LiveStage(RUN).tell(None, NOON, has_words=False) == ""


async def test_a_page_is_told_second_by_second_until_the_first_words(monkeypatch) -> None:
    now = NOON + 0.99
    monkeypatch.setattr("playground.streams.feed.time", lambda: now)
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    await log.wait(run, Waiting(NOON - 12))
    messages: asyncio.Queue[bytes] = asyncio.Queue()
    page = asyncio.create_task(Following(log, (run,), "").send_all(messages.put))
    async with asyncio.timeout(30):
        assert said((await messages.get()).decode()) == {"stage": "Waiting", "waited": ", 12 s"}
        now = NOON + 1
        assert said((await messages.get()).decode()) == {"waited": ", 13 s"}
        await log.append(run, "Hello")
        assert said((await messages.get()).decode()) == {"stage": "Writing …", "waited": ""}
        await log.end(run)
        await page


def test_a_long_silence_in_mid_answer_is_waiting() -> None:
    view = LiveView(RUN)
    view.take([Entry(1, "Hello", is_end=False)], 0.0)
    assert said(view.tell_stage(None, NOON)) == {"stage": "Writing …", "waited": ""}
    assert view.tell_stage(None, NOON + 9) == ""
    assert view.seconds_to_stage(None, NOON + 9) == 1
    assert said(view.tell_stage(None, NOON + 12)) == {"stage": "Waiting", "waited": ", 12 s"}
    alive = said(view.tell_stage(Waiting(NOON - 60, NOON + 19), NOON + 20))
    assert alive == {"stage": "The API keeps the connection alive", "waited": ", 20 s"}
    view.take([Entry(2, " there", is_end=False)], 21.0)
    assert said(view.tell_stage(None, NOON + 21)) == {"stage": "Writing …", "waited": ""}
