"""An answer is stale where its question would now be asked otherwise."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from playground.code.stale import is_stale
from playground.editor.start.starting import Wish, start
from playground.live.outcome.outcomes import RunOutcome, store
from playground.models import Run, RunState
from tests.cast import Cast
from tests.playground.code.conftest import wish
from usage.quota.limiter import block

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


RUN_STALE = "/t/acme/playground/stale/run/"


def typed(asked: Wish, letter: str = "", **fields: str) -> dict[str, str]:
    """Return the fields of a column as they are set in `asked`, but for some."""
    extra = '{"seed": 1, "b": {"z": 1, "a": 2}}'
    form = {
        "model": "rax-4.0",
        "system_prompt": "Be brief.",
        "temperature": "0.5",
        "stop": "a",
        "stream": "on",
    }
    form |= {"extra": extra, "conversation": str(asked.conversation_id), "message": "Half typed", **fields}
    form |= {"idempotency_key": str(uuid4())}
    return {f"{letter}-{name}" if letter else name: value for name, value in form.items()}


def run_stale(cast: Cast, form: dict[str, str], which: str = "all", **headers: str) -> Any:
    return cast.client("bob").post(
        RUN_STALE, form | {"run": which}, headers=headers or {"HX-Request": "true"}
    )


@pytest.mark.usefixtures("taking_runs")
def test_what_is_stale_is_asked_again_as_another_version(cast: Cast, asked: Wish) -> None:
    first, last = Run.objects.order_by("turn")
    answer = run_stale(cast, typed(asked, system_prompt="Be kind."))
    again = Run.objects.latest("created_at")
    assert (again.turn, again.parent, again.message) == (2, first, "And then?")
    assert (again.system_prompt, again.parameters) == ("Be kind.", last.parameters)
    assert f'hx-target="#run-{last.pk}" hx-swap="delete"' in answer.text
    assert "2 of 2" in answer.text


@pytest.mark.usefixtures("taking_runs")
def test_columns_that_are_not_stale_are_left_alone(cast: Cast, asked: Wish) -> None:
    other = answered(replace(asked, conversation_id=None, idempotency_key=uuid4()))
    form = typed(asked) | typed(replace(asked, conversation_id=other.conversation_id), "b", temperature="0.7")
    run_stale(cast, form, "a")
    assert Run.objects.count() == 3
    run_stale(cast, form)
    again = Run.objects.latest("created_at")
    assert (again.conversation, again.parent, again.turn) == (other.conversation, None, 1)
    run_stale(cast, form)
    assert Run.objects.count() == 4


@pytest.mark.usefixtures("taking_runs")
def test_a_template_is_filled_anew(cast: Cast) -> None:
    form = {"model": "rax-4.0", "message": "Mail: {{x}}", "variables": '{"x": "One"}', "stream": "on"}
    form |= {"conversation": "", "idempotency_key": str(uuid4())}
    cast.client("bob").post("/t/acme/playground/start/", form, headers={"HX-Request": "true"})
    run = Run.objects.get()
    store(Run.objects.filter(pk=run.pk), RunOutcome(RunState.COMPLETED, answer="42"))
    form |= {"conversation": str(run.conversation_id), "after": str(run.pk), "message": "Half typed"}
    form |= {"idempotency_key": str(uuid4())}
    ask = "/t/acme/playground/stale/"
    assert cast.client("bob").post(ask, form).json() == {"stale": []}
    form["variables"] = '{"x": "Two"}'
    assert cast.client("bob").post(ask, form).json() == {"stale": ["a"]}
    run_stale(cast, form)
    assert Run.objects.latest("created_at").message == "Mail: Two"


@pytest.mark.usefixtures("taking_runs")
def test_without_scripts_it_leads_to_the_page(cast: Cast, asked: Wish) -> None:
    answer = run_stale(cast, typed(asked, temperature="0.7"), Accept="text/html")
    assert (answer.status_code, Run.objects.count()) == (302, 3)
    assert str(asked.conversation_id) in answer["Location"]
    bob = cast.client("bob")
    # What goes on is not stale.
    answer = bob.post(RUN_STALE, typed(asked, temperature="0.8") | {"run": "all"})
    assert (answer.status_code, Run.objects.count()) == (302, 3)
    assert "Nothing was run" in bob.get(answer["Location"]).text


@pytest.mark.usefixtures("taking_runs")
def test_why_it_was_not_run_stands_in_the_column_with_what_is_typed(cast: Cast, asked: Wish) -> None:
    form = typed(asked, temperature="0.7")
    block({cast.key.pk: timezone.now() + timedelta(seconds=90)})
    page = run_stale(cast, form, Accept="text/html")
    assert page.status_code == 422
    assert "Half typed</textarea>" in page.text
    assert "Nothing was sent." in page.text


START = "/t/acme/playground/start/"


def press_run(cast: Cast, form: dict[str, str], name: str = "bob") -> Any:
    return cast.client(name).post(START, form | {"run": "all"}, headers={"HX-Request": "true"})


@pytest.mark.usefixtures("taking_runs")
def test_run_with_nothing_typed_asks_the_last_again_as_all_is_set(cast: Cast, asked: Wish) -> None:
    first, last = Run.objects.order_by("turn")
    # Temperature 0: nobody is offered the very answer that is to be another one.
    form = typed(asked, message=" \n", temperature="0", after=str(last.pk))
    answer = press_run(cast, form)
    again = Run.objects.latest("created_at")
    assert (again.turn, again.parent, again.message) == (2, first, "And then?")
    assert again.parameters["temperature"] == 0
    assert f'hx-target="#run-{last.pk}" hx-swap="delete"' in answer.text
    # Pressed twice it is one run.
    press_run(cast, form)
    assert Run.objects.count() == 3


@pytest.mark.usefixtures("taking_runs")
def test_with_nothing_said_yet_a_message_is_asked_for(cast: Cast, asked: Wish) -> None:
    last = Run.objects.latest("turn")
    before = {"messages_before": '[{"role": "user", "content": "Hm"}]'}
    for form in (typed(asked, message=""), typed(asked, message="", after=str(last.pk), **before)):
        assert "Write a message first." in press_run(cast, form).text
    # Of the conversations of others nobody repeats anything.
    form = typed(asked, message="", after=str(last.pk))
    assert "Write a message first." in press_run(cast, form, "alice").text
    assert Run.objects.count() == 2


def test_only_members_run_what_is_stale(cast: Cast, asked: Wish) -> None:
    form = typed(asked, temperature="0.7")
    assert cast.client("vera").post(RUN_STALE, form).status_code == 403
    assert cast.client("charlie").post(RUN_STALE, form).status_code == 404
    cast.client("alice").post(RUN_STALE, form)
    assert Run.objects.count() == 2
