"""Values take the place of variables before anything is sent, and are kept with what was typed."""

import json
import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

from playground.code.export.curl import curl
from playground.code.export.requests import CodeRequest
from playground.code.filling import fill
from playground.code.paste.reading import read_pasted
from playground.editor.form.fields import MESSAGE_CHARS
from playground.editor.start.starting import onward
from playground.history.erasing import erase
from playground.models import Draft, Run, RunState
from playground.requests import as_sent
from teams.models import Membership
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun
from tests.playground.editor.columns.test_columns import column
from tests.playground.editor.form.test_run_form import choices, form

pytestmark = pytest.mark.usefixtures("taking_runs")
PLAYGROUND = "/t/acme/playground/"
HTMX = {"HX-Request": "true"}
TEMPLATES = {"system_prompt": "Answer in {{language}}.", "message": "Mail: {{ ticket }}"}
VALUES = {"language": "Polish", "ticket": "It creaks: {{language}}"}
SENT = {"system_prompt": "Answer in Polish.", "message": "Mail: It creaks: {{language}}"}


def typed(letter: str = "a", **fields: str) -> dict[str, str]:
    """Return the fields of a column with variables in its texts."""
    return column(letter, **{**TEMPLATES, "variables": json.dumps(VALUES), **fields})


def press(cast: Cast, headers: dict[str, str] | None = None, **fields: str) -> Any:
    form = typed(**fields)
    return cast.client("bob").post(f"{PLAYGROUND}start/", form, headers=HTMX if headers is None else headers)


def page(cast: Cast, query: str = "") -> str:
    return unescape(cast.client("bob").get(f"{PLAYGROUND}{query}").text)


def field(shown: str, name: str) -> str:
    """Return what a field of a page holds."""
    shown = re.sub(r"<template.*?</template>", "", shown, flags=re.DOTALL)
    found = re.search(rf'<textarea[^>]*name="{re.escape(name)}"[^>]*>\n(.*?)</textarea>', shown, re.DOTALL)
    assert found, name
    return found[1]


def sent(run: Run) -> list[str]:
    return [message["content"] for message in json.loads(as_sent(run))["messages"]]


def test_the_request_has_the_values_each_once(cast: Cast) -> None:
    press(cast)
    run = Run.objects.get()
    assert sent(run) == [SENT["system_prompt"], SENT["message"]]
    assert {"system_prompt": run.system_prompt, "message": run.message} == SENT


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("", "“language” and “ticket” have no value."),
        ('{"ticket": "x"}', "“language” has no value."),
        ('{"ticket": "x", "language": ""}', "“language” has no value."),
        ('{"ticket": null, "language": 5}', "“ticket” has no value."),
        ("[]", "Write a JSON object"),
        ('{"ticket": x}', "Line 1, column 12"),
        ('{"ticket": "x", "ticket": "y"}', "“ticket” stands there twice."),
        ('{"ticket": "\\u0000", "language": "x"}', "cannot be sent"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_sent(cast: Cast, values: str, words: str) -> None:
    answer = unescape(press(cast, variables=values).text)
    assert not Run.objects.exists()
    assert re.search(rf'hx-target="#id_variables_beside"[^>]*>.*{re.escape(words)}', answer, re.DOTALL)


def test_run_all_names_it_in_each_column_and_runs_the_others(cast: Cast) -> None:
    columns = column("a", "{{a}}", variables='{"a": "1"}') | column(
        "b", "{{a}} {{b}}", variables='{"a": "1"}'
    )
    columns |= column("c", "plain", variables="no object, which nobody needs")
    answer = cast.client("bob").post(f"{PLAYGROUND}start/", columns | {"run": "all"}, headers=HTMX)
    assert 'hx-target="#id_b-variables_beside"' in answer.text
    assert "“b” has no value." in answer.text
    assert sorted(Run.objects.values_list("message", flat=True)) == ["1", "plain"]


def test_without_scripts_each_variable_is_a_field(cast: Cast) -> None:
    answer = press(cast, {}, variables="")
    assert answer.status_code == 422
    shown = unescape(answer.text)
    assert field(shown, "variables.language") == field(shown, "variables.ticket") == ""
    assert shown.count('aria-invalid="true"') >= 2
    values = {"variables.language": "Polish", "variables.ticket": "One\r\ntwo"}
    assert press(cast, {}, variables=field(shown, "variables"), **values).status_code == 302
    assert Run.objects.get().message == "Mail: One\ntwo"


def test_other_columns_keep_their_fields_without_scripts(cast: Cast) -> None:
    refused = column("a", "{{a}}") | column("b", "{{b}}", **{"variables.b": "kept"})
    answer = cast.client("bob").post(f"{PLAYGROUND}start/", refused | {"run": "a"})
    assert field(unescape(answer.text), "b-variables.b") == "kept"


def test_nothing_but_the_values_that_are_used_is_kept_of_a_run(cast: Cast) -> None:
    press(cast, variables=json.dumps({**VALUES, "another": "secret"}))
    assert Run.objects.get().template == {**TEMPLATES, "values": VALUES}


def test_a_run_without_variables_keeps_no_template(cast: Cast) -> None:
    press(cast, system_prompt="", message='{"a": {"b": 1}} {x} \\frac{1}{2}')
    run = Run.objects.get()
    assert (run.template, run.message) == (None, '{"a": {"b": 1}} {x} \\frac{1}{2}')


@pytest.mark.parametrize("query", ["?from={run}", "?conversation=&run={run}"])
def test_a_run_is_opened_again_with_its_template_and_values(cast: Cast, query: str) -> None:
    press(cast)
    run = Run.objects.get()
    Run.objects.update(state=RunState.COMPLETED, finished_at=NOON)
    shown = page(cast, query.format(run=run.pk))
    prefix = "b-" if "&run" in query else ""
    assert field(shown, f"{prefix}system_prompt") == TEMPLATES["system_prompt"]
    assert field(shown, f"{prefix}message") == TEMPLATES["message"]
    assert json.loads(field(shown, f"{prefix}variables")) == VALUES
    assert field(shown, f"{prefix}variables.ticket") == VALUES["ticket"]


def test_its_conversation_goes_on_with_them(cast: Cast) -> None:
    press(cast)
    run = Run.objects.get()
    Run.objects.update(state=RunState.COMPLETED, answer="Fine.")
    shown = page(cast, f"?conversation={run.conversation_id}")
    assert field(shown, "system_prompt") == TEMPLATES["system_prompt"]
    assert json.loads(field(shown, "variables"))["language"] == "Polish"
    press(cast, conversation=str(run.conversation_id), message="{{ticket}}!")
    assert sent(Run.objects.get(turn=2)) == [*SENT.values(), "Fine.", "It creaks: {{language}}!"]


def test_an_earlier_message_is_edited_as_it_was_typed(cast: Cast) -> None:
    press(cast)
    run = Run.objects.get()
    Run.objects.update(state=RunState.COMPLETED, answer="Fine.")
    shown = page(cast, f"?conversation={run.conversation_id}&edit={run.pk}")
    assert field(shown, "edited") == TEMPLATES["message"]
    assert field(shown, "variables.ticket") == VALUES["ticket"]
    fields = {"conversation": str(run.conversation_id), "after": str(run.pk), "edited": "{{other}}"}
    fields |= {"edited_run": str(run.pk), "edited_key": str(uuid4()), "run": "a"}
    edit = f"{PLAYGROUND}start/?instead=edited"
    answer = cast.client("bob").post(edit, typed(**fields), headers=HTMX)
    assert "“other” has no value." in unescape(answer.text)
    fields["variables"] = json.dumps({**VALUES, "other": "{{ticket}}"})
    cast.client("bob").post(edit, typed(**fields), headers=HTMX)
    assert Run.objects.exclude(pk=run.pk).get().message == "{{ticket}}"


def test_braces_of_a_run_that_had_no_variables_stay_braces(cast: Cast, make_run: MakeRun) -> None:
    words = {"message": r"{{ticket}} \{{x}} {a}", "system_prompt": "{{{a}}} {{language}}"}
    run = make_run(**words)
    shown = page(cast, f"?from={run.pk}")
    assert "data-variable=" not in shown.split("<template>")[0]
    again = form(cast, message=field(shown, "message"), system_prompt=field(shown, "system_prompt"))
    assert again.is_valid(), again.errors
    assert {name: again.cleaned_data[name] for name in words} == words


def test_so_do_those_of_a_draft_of_the_version_before(cast: Cast) -> None:
    fields = {"message": "{{ticket}}", "system_prompt": "", "model": "rax-4.0"}
    Draft.objects.create(team=cast.team, author=cast.bob, page=uuid4(), columns=[fields])
    assert field(page(cast), "message") == r"\{{ticket}}"


def test_a_draft_keeps_values_of_variables_that_are_gone(cast: Cast) -> None:
    values = '{"gone": "value"}'
    answer = cast.client("bob").post(f"{PLAYGROUND}draft/", column("a", "{{here}}", variables=values))
    assert answer.json()["saved"]
    shown = page(cast)
    assert field(shown, "message") == "{{here}}"
    assert field(shown, "variables") == values
    assert field(shown, "variables.here") == ""


def test_the_same_filled_request_is_the_same_request(cast: Cast, make_run: MakeRun) -> None:
    press(cast, temperature="0", system_prompt="", message="Say {{x}}", variables='{"x": "hello"}')
    Run.objects.update(state=RunState.COMPLETED, answer="Hello.")
    answer = press(cast, temperature="0", system_prompt="", message="{{y}} hello", variables='{"y": "Say"}')
    assert "The same request was answered before" in answer.text
    assert Run.objects.count() == 1


def test_the_preview_shows_what_will_be_sent(cast: Cast) -> None:
    answer = cast.client("bob").post(f"{PLAYGROUND}preview/?as=bytes", typed())
    assert [one["content"] for one in json.loads(answer.content)["messages"]] == list(SENT.values())
    wrong = cast.client("bob").post(f"{PLAYGROUND}preview/", typed(variables=""), headers=HTMX)
    assert "“language” and “ticket” have no value." in unescape(wrong.text)


def test_an_answer_is_stale_where_a_value_is_another(cast: Cast) -> None:
    press(cast)
    run = Run.objects.get()
    Run.objects.update(state=RunState.COMPLETED, answer="Fine.")

    def stale(**values: str) -> list[str]:
        form = typed(message="", variables=json.dumps({**VALUES, **values}))
        form["conversation"] = str(run.conversation_id)
        told: list[str] = cast.client("bob").post(f"{PLAYGROUND}stale/", form).json()["stale"]
        return told

    assert stale() == []
    assert stale(language="German") == ["a"]


def test_asking_again_sends_the_same_and_keeps_the_template(cast: Cast) -> None:
    press(cast)
    run = Run.objects.get()
    Run.objects.update(state=RunState.FAILED, error_remedy="again")
    cast.client("bob").post(f"{PLAYGROUND}runs/{run.pk}/again/")
    again = Run.objects.exclude(pk=run.pk).get()
    assert (sent(again), again.template) == (sent(run), run.template)


def test_what_has_an_answer_gone_on_with_is_no_template_of_a_message(cast: Cast) -> None:
    press(cast)
    bob = Membership.objects.get(user=cast.bob)
    wish = onward(Run.objects.get(), bob, cast.key, uuid4())
    assert wish.template == {**TEMPLATES, "message": wish.message, "values": VALUES}


def test_a_run_s_page_shows_its_values_and_what_was_sent(cast: Cast) -> None:
    press(cast)
    run = Run.objects.get()
    Run.objects.update(state=RunState.COMPLETED)
    shown = unescape(cast.client("vera").get(f"{PLAYGROUND}runs/{run.pk}/").text)
    assert '"ticket": "It creaks: {{language}}"' in shown
    assert "Answer in Polish." in shown


def test_erasing_a_run_erases_its_values(cast: Cast) -> None:
    press(cast)
    Run.objects.update(state=RunState.COMPLETED, finished_at=NOON)
    assert erase(Run.objects.get())
    assert Run.objects.get().template is None


def test_a_pasted_command_has_no_variables(cast: Cast) -> None:
    words = r"{{a}} \{{b}} \\{{c}} {d}"
    messages = [{"role": "system", "content": words}, {"role": "user", "content": words}]
    pasted = read_pasted(curl(CodeRequest(cast.key.base_url, {"model": "rax-4.0", "messages": messages})))
    filling = fill(pasted, choices(cast))
    filled = form(cast, **filling.fields)
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["message"] == filled.cleaned_data["system_prompt"] == words


def test_a_text_too_long_with_its_values_is_refused_before_it_is_made(cast: Cast) -> None:
    value = "x" * 1_000
    long = form(cast, message="{{a}}" * 50_000, variables=json.dumps({"a": value}))
    assert not long.is_valid()
    assert long.errors["message"] == [
        f"At most {MESSAGE_CHARS:,} characters are taken; with its values this has 50,000,000."
    ]


def test_a_message_of_nothing_but_space_is_refused_filled_too(cast: Cast) -> None:
    blank = form(cast, message="{{a}}", variables='{"a": " "}')
    assert blank.errors["message"] == ["Write a message first."]


def test_values_that_differ_between_columns_are_told(cast: Cast) -> None:
    columns = column("a", "{{a}} {{b}}", variables='{"a": "1", "b": "x", "z": "3"}')
    columns |= column("b", "{{a}} {{b}}", variables='{"b": "y", "a": "1", "z": "4"}')
    told = unescape(cast.client("bob").post(f"{PLAYGROUND}draft/", columns).json()["differs"])
    assert re.findall(r"<dt>(.*?)</dt>", told) == ["Variables"]
    assert re.findall(r"<bdi>(.*?)</bdi>", told) == ["b: x", "b: y"]


def test_values_are_linked_to_the_other_columns_until_they_are_unlinked(cast: Cast) -> None:
    client = cast.client("bob")
    form = column("a", "{{a}}", variables='{"a": "1"}', links="message variables", change="add")
    client.post(f"{PLAYGROUND}draft/change/", form)
    shown = page(cast, "?conversation=&conversation=")
    assert "unlink:b:variables" in shown
    assert field(shown, "b-variables") == '{"a": "1"}'
