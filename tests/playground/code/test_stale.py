"""An answer is stale where its question would now be asked otherwise."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from playground.code.stale import is_stale
from playground.editor.starting import Wish, start
from playground.live.outcomes import RunOutcome, store
from playground.models import Run, RunState
from tests.cast import Cast
from tests.playground.code.conftest import wish

SET: dict[str, Any] = {
    "temperature": 0.5,
    "stop": ["a"],
    "stream": True,
    "extra": {"seed": 1, "b": {"z": 1, "a": 2}},
}


@pytest.fixture
def asked(cast: Cast) -> Wish:
    """What Bob asked, whose second turn was answered; as he would ask now."""
    first = wish(cast, "bob", parameters=SET, system_prompt="Be brief.")
    run = answered(first)
    second = replace(first, conversation_id=run.conversation_id, idempotency_key=uuid4(), message="And then?")
    answered(second)
    return replace(second, idempotency_key=uuid4(), message="The next one, half typed")


def answered(wish: Wish) -> Run:
    run = start(wish).run
    store(Run.objects.filter(pk=run.pk), RunOutcome(RunState.COMPLETED, answer="42"))
    return run


def test_it_is_not_while_nothing_was_changed(asked: Wish) -> None:
    assert not is_stale(asked)


@pytest.mark.parametrize(
    "changes",
    [
        {"system_prompt": "Be brief"},
        {"system_prompt": ""},
        {"model": "rax-4.5"},
        {"parameters": {**SET, "temperature": 0.6}},
        {"parameters": {**SET, "top_p": 1}},
        {"parameters": {**SET, "stop": ["b"]}},
        {"parameters": {name: SET[name] for name in SET if name != "extra"}},
        {"parameters": {**SET, "extra": {"seed": 2, "b": {"z": 1, "a": 2}}}},
        {"parameters": {**SET, "max_completion_tokens": 5}},
    ],
)
def test_it_is_where_something_else_would_be_sent(asked: Wish, changes: dict[str, Any]) -> None:
    assert is_stale(replace(asked, **changes))


def test_how_an_answer_comes_makes_none_stale(asked: Wish) -> None:
    assert not is_stale(replace(asked, parameters={**SET, "stream": False}))


def test_without_an_answer_nothing_is_stale(cast: Cast, asked: Wish) -> None:
    other = replace(asked, system_prompt="Another")
    assert not is_stale(replace(other, conversation_id=None))
    Run.objects.filter(conversation=asked.conversation_id, turn=2).update(state=RunState.RUNNING)
    assert not is_stale(other)
    assert not is_stale(replace(other, conversation_id=uuid4()))


def test_the_page_asks_by_column(cast: Cast, asked: Wish) -> None:
    same = {
        "model": "rax-4.0",
        "system_prompt": "Be brief.",
        "temperature": "0.5",
        "stop": "a",
        "stream": "on",
    }
    same |= {"extra": '{"seed": 1, "b": {"z": 1, "a": 2}}', "conversation": str(asked.conversation_id)}
    same |= {"idempotency_key": str(uuid4())}
    other = {f"b-{name}": value for name, value in {**same, "temperature": "0.6"}.items()}
    wrong = {f"c-{name}": value for name, value in {**same, "temperature": "9"}.items()}
    address = "/t/acme/playground/stale/"
    assert cast.client("bob").post(address, same | other | wrong).json() == {"stale": ["b"]}
    # Nobody is told of the conversations of others.
    assert cast.client("alice").post(address, same | other).json() == {"stale": []}
    assert cast.client("vera").post(address, same).status_code == 403
    assert cast.client("charlie").post(address, same).status_code == 404
