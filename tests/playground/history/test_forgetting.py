"""The words of an erased run are gone at once from Redis and from the memory of every process."""

from uuid import UUID

import pytest
import redis

from tests.installation import Installation
from tests.playground.conftest import set_pace
from tests.playground.visitor import Visitor, words

pytestmark = pytest.mark.processes
CLOSED = {"event": "closed", "data": "closed"}
STORY = "Tell me a story about half-lives. Write 30 words."
# A second: as slow as that, the story does not end before somebody follows it.
PACE = 10


def read(visitor: Visitor, address: str) -> list[dict[str, str]]:
    with visitor.following(address) as events:
        return list(events)


def ended(visitor: Visitor) -> tuple[UUID, str]:
    """Run something to its end; return the run and the address of its stream."""
    set_pace(visitor.installation, PACE)
    run = visitor.run(STORY)
    address = visitor.wait_for_stream(run)
    visitor.wait_for_end(run)
    return run, address


def delete(visitor: Visitor, run: UUID) -> None:
    assert visitor.post(f"{visitor.playground}runs/{run}/delete/").status_code == 302


def test_a_ticket_replays_nothing_of_a_deleted_run(visitor: Visitor) -> None:
    run, address = ended(visitor)
    replay, last = read(visitor, address)
    assert len(words(replay["data"]).split()) > 10
    assert last == CLOSED
    delete(visitor, run)
    assert read(visitor, address) == [CLOSED]


def is_in_redis(installation: Installation, run: UUID) -> bool:
    """Tell whether Redis holds words of a run."""
    with redis.Redis.from_url(installation.environment["REDIS_URL"]) as client:
        return bool(client.exists(f"raxdash:playground:run:{run.hex}"))


def test_every_process_and_redis_forget_a_deleted_run(grown_up_raxdash: Installation) -> None:
    if "second" not in grown_up_raxdash.processes:
        grown_up_raxdash.start_web("second", grown_up_raxdash.second_port)
    second_url = f"http://127.0.0.1:{grown_up_raxdash.second_port}"
    with Visitor(grown_up_raxdash) as first, Visitor(grown_up_raxdash, url=second_url) as second:
        set_pace(grown_up_raxdash, PACE)
        run = first.run(STORY)
        addresses = [(first, first.wait_for_stream(run)), (second, second.wait_for_stream(run))]
        assert all(len(words(str(read(*follower))).split()) > 10 for follower in addresses)
        first.wait_for_end(run)
        assert is_in_redis(grown_up_raxdash, run)
        delete(first, run)
        assert not is_in_redis(grown_up_raxdash, run)
        assert [read(*follower) for follower in addresses] == [[CLOSED]] * 2
