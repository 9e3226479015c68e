"""Variables in messages that are typed before the next one, and values that are taken from a run."""

import json
import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

from playground.editor.start.starting import again, onward
from playground.models import Run, RunState
from playground.requests import as_sent
from teams.models import Membership
from tests.cast import Cast
from tests.playground.code.test_filling import filled
from tests.playground.conftest import MakeRun
from tests.playground.editor.columns.test_columns import column
from tests.playground.editor.form.test_run_form import form
from tests.playground.editor.form.test_variables import HTMX, PLAYGROUND, field, page

pytestmark = pytest.mark.usefixtures("taking_runs")
BEFORE = [{"role": "user", "content": "Hi, {{a}}"}, {"role": "assistant", "content": r"{{b}} \{{a}}"}]
VALUES = {"a": "1", "b": "{{a}}", "c": "3"}


def press(cast: Cast, **fields: str) -> Any:
    fields = {"messages_before": json.dumps(BEFORE), "variables": json.dumps(VALUES), **fields}
    typed = column("a", fields.pop("message", "{{c}}"), **fields)
    return cast.client("bob").post(f"{PLAYGROUND}start/", typed, headers=HTMX)


def sent(run: Run) -> list[str]:
    return [message["content"] for message in json.loads(as_sent(run))["messages"]]


def hidden(shown: str, name: str) -> Any:
    """Return what a hidden field of a page holds, as JSON."""
    shown = re.sub(r"<template.*?</template>", "", shown, flags=re.DOTALL)
    (found,) = re.findall(rf'<input type="hidden" name="{name}"[^>]* value="([^"]*)"', shown)
    return json.loads(unescape(found))


def ended(cast: Cast) -> Run:
    press(cast)
    Run.objects.update(state=RunState.COMPLETED, answer="Fine.")
    return Run.objects.get()


def test_each_message_is_filled_in_once(cast: Cast) -> None:
    press(cast)
    assert sent(Run.objects.get()) == ["Hi, 1", "{{a}} {{a}}", "3"]


def test_what_is_missing_in_one_is_named_in_the_order_of_reading(cast: Cast) -> None:
    answer = press(cast, variables="")
    assert "“a”, “b” and “c” have no value." in unescape(answer.text)
    assert not Run.objects.exists()


def test_they_are_opened_again_as_they_were_typed(cast: Cast) -> None:
    run = ended(cast)
    shown = cast.client("bob").get(f"{PLAYGROUND}?from={run.pk}").text
    assert hidden(shown, "messages_before") == BEFORE
    assert field(unescape(shown), "variables.b") == "{{a}}"
    query = f"?conversation={run.conversation_id}&edit={run.pk}"
    shown = cast.client("bob").get(f"{PLAYGROUND}{query}").text
    assert hidden(shown, "edited_before") == BEFORE


def test_earlier_turns_come_before_them_as_they_were_sent(cast: Cast) -> None:
    first = ended(cast)
    press(cast, conversation=str(first.conversation_id), message="{{a}}", messages_before="")
    second = Run.objects.get(turn=2)
    shown = cast.client("bob").get(f"{PLAYGROUND}?from={second.pk}").text
    before = [one["content"] for one in hidden(shown, "messages_before")]
    assert before == ["Hi, 1", r"\{{a}} \{{a}}", "3", "Fine."]


def test_whoever_asks_the_same_again_sends_the_same(cast: Cast) -> None:
    run = ended(cast)
    alice = Membership.objects.get(user=cast.alice)
    wish = again(run, alice, cast.key, uuid4())
    assert [one["content"] for one in wish.messages_before] == ["Hi, 1", "{{a}} {{a}}"]
    assert wish.template == {"message": "{{c}}", "messages_before": BEFORE, "values": VALUES}


def test_an_answer_is_gone_on_with_without_what_was_typed_before_it(cast: Cast) -> None:
    bob = Membership.objects.get(user=cast.bob)
    wish = onward(ended(cast), bob, cast.key, uuid4())
    assert list(wish.messages_before) == []
    assert wish.template == {"message": wish.message, "values": VALUES}


def test_braces_of_messages_that_are_pasted_are_no_variables(cast: Cast) -> None:
    filling = filled(cast, messages=[*BEFORE, {"role": "user", "content": "{{c}}"}])
    typed = form(cast, **filling.fields)
    assert typed.is_valid(), typed.errors
    assert typed.cleaned_data["messages_before"] == BEFORE


def test_a_message_too_long_with_its_values_is_refused(cast: Cast) -> None:
    before = json.dumps([{"role": "user", "content": "{{a}}" * 1_000}])
    typed = form(cast, messages_before=before, variables=json.dumps({"a": "x" * 1_000}))
    assert "with its values this has 1,000,000" in str(typed.errors["messages_before"])


def test_values_of_a_run_are_taken_into_what_is_being_written(cast: Cast, make_run: MakeRun) -> None:
    run = ended(cast)
    draft = column("a", "{{a}} {{z}}", variables='{"a": "mine", "z": "kept"}')
    cast.client("bob").post(f"{PLAYGROUND}draft/", draft)
    shown = page(cast, f"?values={run.pk}")
    assert json.loads(field(shown, "variables")) == {**VALUES, "z": "kept"}
    assert field(shown, "message") == "{{a}} {{z}}"
    assert f"?values={run.pk}" in cast.client("bob").get(f"{PLAYGROUND}runs/{run.pk}/").text
    assert "?values=" not in cast.client("vera").get(f"{PLAYGROUND}runs/{run.pk}/").text
    assert "?values=" not in cast.client("bob").get(f"{PLAYGROUND}runs/{make_run().pk}/").text


def test_values_of_another_team_s_run_are_nobody_else_s(cast: Cast) -> None:
    run = ended(cast)
    Run.objects.update(team=cast.other_team)
    assert '"b"' not in page(cast, f"?values={run.pk}")
