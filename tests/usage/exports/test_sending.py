"""Files that nobody takes, or takes slowly, are few for each person: each keeps its numbers in memory."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client

from tests.cast import Cast
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.exports.reading import answer, content
from tests.usage.polled import make_meter, poll
from usage.exports import sending

pytestmark = pytest.mark.usefixtures("noon")

TODAY = "period=today"


@pytest.fixture
def vera(cast: Cast) -> Client:
    poll(make_meter(cast.key, NOON), NOON - timedelta(seconds=1), {"rax-4.0": (1_000, 10)}, *PERIOD)
    return cast.client("vera")


async def while_taken(files: list[Any], look: Callable[[], None]) -> None:
    """Look while of each file the first piece was taken; then whoever was taking them goes."""
    pieces = [aiter(file.streaming_content) for file in files]
    for each in pieces:
        await anext(each)
    await sync_to_async(look)()
    for each in pieces:
        await each.aclose()


def test_one_person_takes_a_few_files_at_once_and_others_theirs(cast: Cast, vera: Client) -> None:
    files = [answer(vera, kind, TODAY) for kind in ("csv", "json") * 3]
    assert len(files) == sending.MOST_AT_ONCE

    def look() -> None:
        assert answer(vera, "csv", TODAY).status_code == 302
        assert sending.FULL in vera.get("/t/acme/usage/").content.decode()
        assert answer(cast.client("bob"), "csv", TODAY).status_code == 200

    async_to_sync(while_taken)(files, look)
    assert content(answer(vera, "csv", TODAY)).startswith(b"start,")
    assert not sending._sending
