"""Extra fields are merged into the request, never over what the form says; what is wrong is told in words."""

import json
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from playground.editor.form.extra_fields import EXTRA_CHARS, ExtraField, extra_of
from playground.editor.form.run_form import RunForm, initial_of
from playground.editor.start.starting import again, start
from playground.editor.start.wishes import wish_of
from playground.models import Run
from playground.requests import as_sent
from teams.models import Membership
from tests.cast import Cast
from tests.playground.editor.form.test_run_form import form

EXTRA = {
    "seed": 7,
    "response_format": {"type": "json_schema", "json_schema": {"zeta": 1, "alpha": {"z": [], "b": None}}},
    "max_completion_tokens": 9,
    "user": "me",
}


def read(typed: str) -> object:
    return ExtraField().clean(typed)


def why_not(typed: str) -> str:
    with pytest.raises(ValidationError) as refused:
        read(typed)
    return " ".join(refused.value.messages)


def typed_form(cast: Cast, extra: object = EXTRA, **fields: str) -> RunForm:
    filled = form(cast, extra=json.dumps(extra), temperature="0", **fields)
    assert filled.is_valid(), filled.errors
    return filled


def run_of(cast: Cast) -> Run:
    return start(wish_of(Membership.objects.get(user=cast.bob), typed_form(cast))).run


@pytest.mark.parametrize("typed", ["", " \n ", "{}"])
def test_nothing_is_nothing(typed: str) -> None:
    assert read(typed) == {}


def test_they_are_in_the_request_as_they_were_written(cast: Cast) -> None:
    body = json.loads(as_sent(run_of(cast)))
    assert {name: body[name] for name in EXTRA} == EXTRA
    assert list(body["response_format"]["json_schema"]) == ["zeta", "alpha"]
    assert body["temperature"] == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ('{"temperature": 1}', "“temperature” has a field of its own here: set it in Temperature."),
        ('{"messages": []}', "“messages” has a field of its own here: set it in Message."),
        ('{"stream": false}', "set it in Stream."),
        ('{"stop": null}', "set it in Stop sequences."),
        ('{"model": "x"}', "set it in Model."),
        ('{"stream_options": {}}', "raxdash's to send"),
        ('{"max_completion_tokens": "9"}', "“max_completion_tokens” must be a whole number of 1 or more."),
        ('{"max_completion_tokens": true}', "must be a whole number"),
        ('{"max_completion_tokens": 0}', "of 1 or more"),
        ('{"user": null}', "“user” must be a text."),
        ('{"seed": 7', "Line 1, column 11: a comma is missing, or a bracket that closes."),
        ('{\n  "seed": 7,\n}', "Line 2, column 12: this comma is one too many."),
        (
            "{'seed': 7}",
            "Line 1, column 2: a name in double quotes is missing. A text stands in double quotes.",
        ),
        ("\n\n[7]", "Write a JSON object"),
        ("seed=7", "Line 1, column 1: a value is missing."),
        ('{"seed": 7} {}', "Line 1, column 13: the object has ended before this."),
        ('{"seed": 7, "seed": 8}', "“seed” stands there twice."),
        ('{"a": {"b": 1, "b": 1}}', "“b” stands there twice."),
        ('{"a": NaN}', "NaN is no number in JSON."),
        ('{"a": -Infinity}', "-Infinity is no number in JSON."),
        ('{"a": 1e999}', "1e999 is too large a number."),
        ('{"a": 99999999999999999999}', "99999999999999999999 is too large a number."),
        ('{"a": ' + "9" * 5_000 + "}", "is too large a number."),
        ('{"a": "\\ud83d"}', "half a character"),
        ('{"\\u0000": 1}', "cannot be sent"),
        ('{"a": ' * 40 + "1" + "}" * 40, "nested more than 32 levels deep"),
        ("[" * 100_000, "nested more than 32 levels deep"),
        ('{"a": "' + "x" * EXTRA_CHARS + '"}', "At most 100,000 characters are taken"),
    ],
)
def test_what_is_wrong_is_told_in_words(typed: str, words: str) -> None:
    assert words in why_not(typed)


def test_they_are_in_the_form_again_in_their_order(cast: Cast) -> None:
    run = run_of(cast)
    # A database may give back an object's names in another order.
    shuffled = {**run.parameters, "extra": dict(reversed(run.parameters["extra"].items()))}
    Run.objects.filter(pk=run.pk).update(parameters=shuffled)
    run.refresh_from_db()
    assert list(extra_of(run)) == ["max_completion_tokens", "user", "seed", "response_format"]
    shown = initial_of(run)["extra"]
    assert read(shown) == EXTRA
    repeated = typed_form(cast, json.loads(shown))
    assert repeated.parameters() == typed_form(cast).parameters()
    once_more = again(run, Membership.objects.get(user=cast.bob), cast.key, uuid4())
    assert json.dumps(once_more.parameters["extra"]) == json.dumps(typed_form(cast).parameters()["extra"])


def test_max_completion_tokens_bound_the_answer_too(cast: Cast) -> None:
    assert run_of(cast).most_tokens == 9


def test_a_draft_keeps_them_as_they_were_typed(cast: Cast) -> None:
    fields = {"idempotency_key": str(uuid4()), "message": "Hi", "extra": '{"seed": '}
    bob = cast.client("bob")
    assert bob.post(reverse("playground:save_draft", args=["acme"]), fields).json()["saved"]
    assert "{&quot;seed&quot;: </textarea>" in bob.get("/t/acme/playground/").text


def test_a_run_of_the_version_before_has_none(cast: Cast) -> None:
    run = Run(parameters={"stream": True}, system_prompt="")
    assert initial_of(run)["extra"] == ""
