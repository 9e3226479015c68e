"""Messages that are typed before the next one: sent in order, kept with their run, changed one by one."""

import json
import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.forms import ValidationError
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.editor.form.fields import MESSAGE_CHARS
from playground.editor.form.typed_messages import (
    MOST_MESSAGES,
    ROLES,
    MessagesField,
    MessagesInput,
    as_json,
    change_messages,
    messages_in,
    read_messages,
)
from playground.editor.start.starting import Wish, start
from playground.history.erasing import erase_all
from playground.live.outcome.outcomes import RunOutcome, store
from playground.models import Draft, Run, RunState
from playground.models.runs import Typed
from playground.requests import as_sent
from playground.search import index
from tests.cast import Cast
from tests.playground.code.conftest import wish
from tests.playground.conftest import MakeRun
from tests.playground.history.test_export import export
from tests.playground.visitor import words

PLAYGROUND = "/t/acme/playground/"
START, SAVE, CHANGE = f"{PLAYGROUND}start/", f"{PLAYGROUND}draft/", f"{PLAYGROUND}draft/change/"
HTMX = {"HX-Request": "true"}
SHOTS: list[Typed] = [
    {"role": "user", "content": "2 + 2"},
    {"role": "assistant", "content": "Four, “surely”\n"},
]
# What a form can send: no NUL, no half characters, lines that end with LF.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1)
MESSAGES = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from([str(role) for role in ROLES]), "content": TEXT})
)


def column(message: str = "And 3 + 3?", **fields: str) -> dict[str, str]:
    """Return the fields of a column."""
    typed = {"message": message, "model": "rax-4.0", "stream": "on", "conversation": ""}
    return typed | {"idempotency_key": str(uuid4()), "messages_before": as_json(SHOTS), **fields}


def sent(run: Run) -> list[Typed]:
    """Return the messages of a run as they were sent."""
    messages: list[Typed] = json.loads(as_sent(Run.objects.get(pk=run.pk)))["messages"]
    return messages


def said(role: str, content: str) -> Typed:
    return {"role": role, "content": content}


def answered(wish: Wish, answer: str) -> Run:
    run = start(wish).run
    store(Run.objects.filter(pk=run.pk), RunOutcome(RunState.COMPLETED, answer=answer))
    return Run.objects.get(pk=run.pk)


@given(MESSAGES)
def test_a_form_holds_them_as_they_are(messages: list[Typed]) -> None:
    assert read_messages(as_json(messages)) == messages_in(as_json(messages)) == messages


@given(MESSAGES)
def test_without_scripts_each_has_fields_of_its_own(messages: list[Typed]) -> None:
    data = QueryDict(mutable=True)
    data["b-m"] = as_json(SHOTS)
    data.setlist("b-m_role", [one["role"] for one in messages])
    data.setlist("b-m_content", [one["content"].replace("\n", "\r\n") for one in messages])
    found = MessagesInput().value_from_datadict(data, {}, "b-m")
    assert messages_in(found) == (messages or SHOTS)


@given(MESSAGES, st.sampled_from(["add", "up", "down", "copy", "delete", "x"]), st.integers(-1, 9))
def test_one_change_is_one_change(messages: list[Typed], deed: str, number: int) -> None:
    before = [dict(one) for one in messages]
    changed = change_messages(messages, f"{deed}:{number}")
    assert messages == before
    at, there = number - 1, 1 <= number <= len(messages)
    expected = {
        "copy": messages[: at + 1] + messages[at:],
        "delete": messages[:at] + messages[at + 1 :],
        "up": messages[: at - 1] + messages[at : at + 1] + messages[at - 1 : at] + messages[at + 1 :],
        "down": messages[:at] + messages[at + 1 : at + 2] + messages[at : at + 1] + messages[at + 2 :],
    }
    if deed == "add":
        assert (changed[:-1], changed[-1]["content"]) == (messages, "")
    elif there and not (deed == "up" and at == 0):
        assert changed == expected.get(deed, messages)
    else:
        assert changed == messages


def test_people_and_model_take_turns() -> None:
    messages: list[Typed] = []
    for role in ("user", "assistant", "user"):
        messages = change_messages(messages, "add")
        assert messages[-1]["role"] == role


@pytest.mark.parametrize(
    "text",
    ["{", "{}", "[1]", '[{"role": "user"}]', '[{"role": "tool", "content": ""}]', "[" * 100_000, "1" * 5_000],
)
def test_what_is_no_list_of_messages_is_refused(text: str) -> None:
    assert messages_in(text) == []
    with pytest.raises(ValidationError, match="could not be read"):
        MessagesField(most_chars=10).clean(text)


@pytest.mark.parametrize(
    ("contents", "why"),
    [
        ([" \n"], "Earlier message 1 is empty: write it, or delete it."),
        (["a", "b" * 11], "Earlier message 2 has 11 characters; at most 10 are taken."),
        (["a\0"], "Earlier message 1 holds a character that cannot be sent"),
        (["a"] * (MOST_MESSAGES + 1), "At most 200 earlier messages are taken; these are 201."),
    ],
)
def test_what_cannot_be_sent_is_named(contents: list[str], why: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(why)):
        MessagesField(most_chars=10).clean(as_json(said("user", content) for content in contents))


def test_half_characters_become_none() -> None:
    assert read_messages(r'[{"role":"user","content":"\ud83d\ude00 \ud800"}]')[0]["content"] == "😀 \ufffd"


@given(st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_all_is_sent_in_its_order(cast: Cast, data: st.DataObject) -> None:
    expected, conversation = [], None
    for turn in range(data.draw(st.integers(1, 3))):
        before, message, answer = data.draw(MESSAGES), data.draw(TEXT), f"Answer {turn}"
        asked = wish(cast, "bob", conversation_id=conversation, messages_before=before, message=message)
        run = answered(asked, answer)
        conversation = run.conversation_id
        expected += [*before, said("user", message)]
        assert sent(run) == expected
        expected.append(said("assistant", answer))


def test_a_turn_that_is_left_out_takes_them_with_it(cast: Cast) -> None:
    failed = start(wish(cast, "bob", messages_before=SHOTS)).run
    store(Run.objects.filter(pk=failed.pk), RunOutcome(RunState.FAILED))
    run = start(wish(cast, "bob", conversation_id=failed.conversation_id, message="Again")).run
    assert sent(run) == [said("user", "Again")]


@pytest.mark.usefixtures("taking_runs")
def test_the_form_sends_them(cast: Cast) -> None:
    answer = cast.client("bob").post(START, column(), headers=HTMX)
    run = Run.objects.get()
    assert sent(run) == [*SHOTS, said("user", "And 3 + 3?")]
    assert run.messages_before == SHOTS
    assert "User 2 + 2 Assistant Four, “surely”" in words(unescape(answer.text))


@pytest.mark.usefixtures("taking_runs")
def test_without_scripts_the_form_sends_them_too(cast: Cast) -> None:
    form = column() | {"messages_before": "", "messages_before_role": ["user", "system"]}
    form |= {"messages_before_content": ["One\r\ntwo", "Be brief."]}
    assert cast.client("bob").post(START, form).status_code == 302
    assert sent(Run.objects.get())[:2] == [said("user", "One\ntwo"), said("system", "Be brief.")]


def test_what_is_wrong_stands_beside_them(cast: Cast) -> None:
    empty = as_json([said("user", " ")])
    for headers in (HTMX, {}):
        answer = cast.client("bob").post(START, column(messages_before=empty), headers=headers)
        assert "Earlier message 1 is empty" in answer.text
        assert "id_messages_before_beside" in answer.text
    long = as_json([said("user", "x" * (MESSAGE_CHARS + 1))])
    answer = cast.client("bob").post(START, column(messages_before=long), headers=HTMX)
    assert "at most 400,000 are taken" in answer.text
    assert not Run.objects.exists()


@pytest.mark.usefixtures("taking_runs")
def test_they_are_part_of_the_draft_until_they_are_sent(cast: Cast) -> None:
    form = column("")
    assert cast.client("bob").post(SAVE, form).json()["saved"]
    page = unescape(cast.client("bob").get(PLAYGROUND).text)
    assert f'value="{as_json(SHOTS)}"' in page
    assert "\n2 + 2</textarea>" in page
    cast.client("bob").post(START, form | {"message": "Go"}, headers=HTMX)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("change", "contents"),
    [
        ("add", ["2 + 2", "Four, “surely”\n", ""]),
        ("up:2", ["Four, “surely”\n", "2 + 2"]),
        ("copy:1", ["2 + 2", "2 + 2", "Four, “surely”\n"]),
        ("delete:1", ["Four, “surely”\n"]),
    ],
)
def test_without_scripts_each_button_leads_to_a_new_page(
    cast: Cast, change: str, contents: list[str]
) -> None:
    form = column() | {f"b-{name}": value for name, value in column().items()}
    cast.client("bob").post(CHANGE, form | {"change": f"messages_before:b:{change}"})
    first, second = Draft.objects.get().columns
    assert [one["content"] for one in messages_in(second["messages_before"])] == contents
    assert messages_in(first["messages_before"]) == SHOTS


def test_they_are_found_exported_compared_and_erased(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(answer="Six", messages_before=[said("user", "Xylophone first")])
    other = make_run(answer="Six")
    index.put(Run.objects.all())
    bob = cast.client("bob")
    found = bob.get(f"{PLAYGROUND}runs/?q=xylophone").text
    assert str(run.pk) in found
    assert "Earlier message: Xylophone first" in words(found)
    lines = export(cast, "jsonl").splitlines()
    assert [json.loads(line)["messages_before"] for line in lines] == [[], [said("user", "Xylophone first")]]
    compared = words(bob.get(f"{PLAYGROUND}runs/compare/?run={run.pk}&run={other.pk}").text)
    assert "Earlier messages User: Xylophone first not sent" in compared
    assert "Xylophone first" in bob.get(f"{PLAYGROUND}runs/{run.pk}/").text
    erase_all(Run.objects.filter(pk=run.pk), run.created_at)
    run.refresh_from_db()
    assert run.messages_before is None
    assert str(run.pk) not in bob.get(f"{PLAYGROUND}runs/?q=xylophone").text


@pytest.mark.parametrize("named", ["from", "run"])
def test_a_run_begins_another_with_all_that_was_said_before(cast: Cast, named: str) -> None:
    first = answered(wish(cast, "bob", messages_before=SHOTS, message="One", system_prompt="Be brief."), "1")
    asked = wish(cast, "bob", conversation_id=first.conversation_id, message="Two", system_prompt="Be brief.")
    second = answered(asked, "2")
    page = unescape(cast.client("alice").get(f"{PLAYGROUND}?conversation=&{named}={second.pk}").text)
    before = [*SHOTS, said("user", "One"), said("assistant", "1")]
    assert f'value="{as_json(before)}"' in page
    assert "\nTwo</textarea>" in page
    erase_all(Run.objects.filter(pk=first.pk), first.created_at)
    page = unescape(cast.client("alice").get(f"{PLAYGROUND}?conversation=&{named}={second.pk}").text)
    assert "2 + 2" not in page
    assert "\nTwo</textarea>" in page


@pytest.mark.usefixtures("taking_runs")
def test_asked_again_by_another_it_begins_a_conversation_with_them(cast: Cast) -> None:
    first = answered(wish(cast, "bob", messages_before=SHOTS, message="One"), "1")
    second = answered(wish(cast, "bob", conversation_id=first.conversation_id, message="Two"), "2")
    cast.client("alice").post(f"{PLAYGROUND}runs/{second.pk}/again/")
    run = Run.objects.latest("created_at")
    assert (run.turn, sent(run)) == (1, sent(second))


@pytest.mark.usefixtures("taking_runs")
def test_with_an_edited_message_they_can_be_edited(cast: Cast) -> None:
    run = answered(wish(cast, "bob", messages_before=SHOTS, message="One"), "1")
    page = unescape(
        cast.client("bob").get(f"{PLAYGROUND}?conversation={run.conversation_id}&edit={run.pk}").text
    )
    assert f'value="{as_json(SHOTS)}"' in page
    assert "\nFour, “surely”\n</textarea>" in page
    form: dict[str, Any] = column("Half typed", conversation=str(run.conversation_id), after=str(run.pk))
    form |= {"edited_run": str(run.pk), "edited_key": str(uuid4()), "edited": "One!", "run": "a"}
    form |= {
        "edited_before": as_json(SHOTS[:1]),
        "messages_before": as_json([said("system", "For the next")]),
    }
    cast.client("bob").post(f"{START}?instead=edited", form, headers=HTMX)
    assert sent(Run.objects.latest("created_at")) == [SHOTS[0], said("user", "One!")]


def test_an_answer_becomes_the_next_message(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(answer="Six, <surely>")
    address = f"{PLAYGROUND}?conversation={run.conversation_id}&use={run.pk}"
    assert "\nSix, <surely></textarea>" in unescape(cast.client("bob").get(address).text)
    form = column("Half typed", conversation=str(run.conversation_id), after=str(run.pk))
    cast.client("bob").post(SAVE, form)
    assert "\nHalf typed\n\nSix, <surely></textarea>" in unescape(cast.client("bob").get(address).text)
    assert "data-use-answer" in cast.client("bob").get(address).text
    assert "data-use-answer" not in cast.client("alice").get(address).text
