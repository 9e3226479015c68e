"""One container with SQLite, as compose.single.yaml starts it."""

from tests.image.containers import Containers
from tests.image.person import Person
from tests.image.stories import (
    a_first_start_through_the_proxy,
    a_run_streams_through_the_proxy,
    kill,
    numbers,
    polls_are_asked_and_folded,
)


def one_container_comes_up(one: Containers, alice: Person) -> None:
    one.build()
    one.compose("up", "--detach")
    one.wait_until_ready()


def it_is_stopped_with_a_live_run_and_started_again(one: Containers, alice: Person) -> None:
    run = alice.run_for(seconds=12)
    one.compose("stop", "raxdash")
    assert "exited 0" in one.inspect(
        one.containers("raxdash", "--all")[0], "{{.State.Status}} {{.State.ExitCode}}"
    )
    one.compose("start", "raxdash")
    one.wait_until_ready()
    assert alice.row(run)["state"] == "completed", alice.text_of(run)
    assert "as it must be" in one.manage("ledger", "verify")


def it_is_killed_and_comes_back(one: Containers, alice: Person) -> None:
    run = alice.run_for(seconds=60)
    kill(one, "raxdash")
    one.wait_until_ready()
    assert alice.wait_for_end(run)["state"] == "interrupted", alice.text_of(run)


def what_was_backed_up_is_there_after_it_was_lost(one: Containers, alice: Person) -> None:
    path = one.manage("backup").split()[0]
    taken = numbers(one)
    one.compose("stop", "raxdash")
    one.compose("run", "--rm", "raxdash", "python", "manage.py", "restore", path, "--yes")
    one.compose("start", "raxdash")
    one.wait_until_ready()
    assert numbers(one)[1] == taken[1]
    assert "as it must be" in one.manage("ledger", "verify")


STORIES = (
    one_container_comes_up,
    a_first_start_through_the_proxy,
    a_run_streams_through_the_proxy,
    polls_are_asked_and_folded,
    it_is_stopped_with_a_live_run_and_started_again,
    it_is_killed_and_comes_back,
    what_was_backed_up_is_there_after_it_was_lost,
)
