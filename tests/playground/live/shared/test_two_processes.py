"""Two web processes: each shows the other's runs and stops them; live where there is Redis, else as saved."""

import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest

from rax.simulator.tokens import count_tokens
from tests.installation import Installation, free_port, wait_until
from tests.installed import installed_for_alice
from tests.playground.conftest import set_pace
from tests.playground.visitor import Visitor, shown_by, words
from tests.servers import new_database, running_redis

pytestmark = pytest.mark.processes
LONG = "Tell me a very long story about half-lives. Write 3000 words."
PACE = 50  # chunks a second
SAVED_EVERY_SECONDS = 2
CLOSED = {"event": "closed", "data": "closed"}

Pair = tuple[Visitor, Visitor]


@contextmanager
def visitors(raxdash: Installation) -> Iterator[Pair]:
    """Alice at the first web process and at a second one, which is started where it does not run."""
    if "second" not in raxdash.processes:
        raxdash.start_web("second", raxdash.second_port)
    set_pace(raxdash, PACE)
    with Visitor(raxdash) as first, Visitor(raxdash, url=f"http://127.0.0.1:{raxdash.second_port}") as second:
        yield first, second


@pytest.fixture
def pair(grown_up_raxdash: Installation) -> Iterator[Pair]:
    """Alice at both processes of the shared installation."""
    with visitors(grown_up_raxdash) as both:
        yield both


def left(visitor: Visitor) -> bool:
    """Tell whether the newest request upstream was closed by us."""
    return visitor.exchanges()[-1]["outcome"] == "client_left"


def shown(events: list[dict[str, str]]) -> str:
    return words("".join(event["data"] for event in events if "event" not in event))


def plain(text: str) -> str:
    """Return words without marks: what is half written shows its markup."""
    return " ".join(re.findall(r"\w+", text))


def test_a_run_is_followed_live_from_another_process(pair: Pair) -> None:
    owner, other = pair
    run = owner.run(LONG)
    with other.following(other.wait_for_stream(run)) as events:
        seen = shown(list(islice(events, 3 * PACE)))
        assert other.row(run)["state"] == "running"
        assert len(seen.split()) > PACE  # more than one second's saving
        owner.stop(run)
        assert list(events)[-1] == CLOSED
    assert seen.split()[-2] in str(owner.row(run)["text"])


def test_stop_reaches_the_owner_of_a_run(pair: Pair) -> None:
    owner, other = pair
    run = owner.run(LONG)
    with owner.following(owner.stream_address(run)) as events:
        list(islice(events, 5))
        other.stop(run)
        assert list(events)[-1] == CLOSED
    assert other.wait_for_end(run)["state"] == "stopped"
    wait_until(lambda: left(owner), "the simulator to see us leave")


def test_a_page_that_comes_back_to_another_process_goes_on_where_it_was(pair: Pair) -> None:
    owner, other = pair
    run = owner.run(LONG)
    address = owner.stream_address(run)
    with owner.following(address) as events:
        position = list(islice(events, 5))[-1]["id"]
    other.wait_for_stream(run)
    ticket = address.partition("?")[2]
    address = other.stream_address(run).partition("?")[0] + "?" + ticket
    other.http.cookies.update(owner.http.cookies)
    with other.following(address, **{"Last-Event-ID": position}) as events:
        later = list(islice(events, 5))
    owner.stop(run)
    # The other process may be a few entries behind, and catches up.
    assert int(later[-1]["id"]) > int(position)
    assert not any(f'hx-target="#closed-{run}" hx-swap="innerHTML"' in event["data"] for event in later)


def test_a_run_whose_process_is_killed_ends_interrupted_elsewhere(
    pair: Pair, grown_up_raxdash: Installation
) -> None:
    other, owner = pair
    run = owner.run(LONG)
    with other.following(other.wait_for_stream(run)) as events:
        seen = list(islice(events, SAVED_EVERY_SECONDS * PACE))
        grown_up_raxdash.kill("second", signal.SIGKILL)
        *rest, last = events
    assert last == CLOSED
    row = other.wait_for_end(run)
    assert row["state"] == "interrupted"
    assert "went away" in words(other.fragment(run))
    # Redis had what others were shown, saved or not: their last words (the very last one may be half).
    last_words = plain(shown_by([*seen, *rest])).split()[-6:-1]
    assert len(last_words) == 5
    assert " ".join(last_words) in plain(words(other.fragment(run)))


def test_a_process_that_is_told_to_stop_tells_the_others(pair: Pair, grown_up_raxdash: Installation) -> None:
    other, owner = pair
    run = owner.run(LONG)
    with other.following(other.wait_for_stream(run)) as events:
        seen = shown(list(islice(events, PACE)))
        grown_up_raxdash.kill("second", signal.SIGTERM)
        assert list(events)[-1] == CLOSED
    row = other.row(run)
    assert row["state"] == "interrupted"
    assert seen.split()[-2] in str(row["text"])
    assert "Traceback" not in grown_up_raxdash.log("second")


def test_redis_dies_in_mid_run_and_nobody_is_told(postgres: str, tmp_path: Path) -> None:
    port = free_port()
    settings = {"DATABASE_URL": new_database(postgres), "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with ExitStack() as stack:
        redis = stack.enter_context(ExitStack())
        redis.enter_context(running_redis(port))
        raxdash = stack.enter_context(installed_for_alice(tmp_path, **settings))
        owner, other = stack.enter_context(visitors(raxdash))
        run = owner.run(LONG)
        near = stack.enter_context(owner.following(owner.stream_address(run)))
        far = stack.enter_context(other.following(other.wait_for_stream(run)))
        list(islice(far, SAVED_EVERY_SECONDS * PACE))
        redis.close()
        assert list(far)[-1] == CLOSED
        fragment = other.fragment(run)
        assert "every 2s" in fragment
        assert len(words(fragment).split()) > PACE // 2
        assert len(list(islice(near, PACE))) == PACE
        redis.enter_context(running_redis(port))
        with other.following(other.wait_for_stream(run)) as events:
            assert len(list(islice(events, PACE))) == PACE
            other.stop(run)
            assert list(events)[-1] == CLOSED
        assert list(near)[-1] == CLOSED
        row = owner.wait_for_end(run)
        assert (row["state"], row["error_message"]) == ("stopped", "")
        assert count_tokens(str(row["text"])) >= 2 * PACE
        assert not any("Traceback" in raxdash.log(name) for name in ("web", "second"))


def test_without_redis_another_process_shows_what_is_saved_and_stops(live_raxdash: Installation) -> None:
    with visitors(live_raxdash) as (owner, other):
        run = owner.run(LONG)
        assert other.find_stream(run) is None
        fragment = wait_until(lambda: saved_fragment(other, run), "the first words to be saved")
        assert "every 2s" in fragment
        other.stop(run)
        assert other.wait_for_end(run)["state"] == "stopped"
        wait_until(lambda: left(owner), "the simulator to see us leave")


def saved_fragment(visitor: Visitor, run: UUID) -> str | None:
    """Return the run's turn once it shows more than the first words."""
    fragment = visitor.fragment(run)
    return fragment if len(words(fragment).split()) > PACE // 2 else None
