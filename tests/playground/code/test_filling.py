"""A pasted request becomes what could have been typed; sent again, it is the same request."""

import json
from typing import Any

import pytest

from playground.code.export.curl import curl
from playground.code.export.requests import CodeRequest
from playground.code.filling import Filling, fill
from playground.code.paste.reading import Pasted, read_pasted
from playground.editor.form.choices import LONGEST_MENU
from playground.editor.start.preview import preview
from playground.editor.start.wishes import wish_of
from playground.models import Draft, Run
from teams.models import Membership
from tests.cast import Cast, make_key
from tests.playground.code.asked import EXTRA, PARAMETERS, TEXTS
from tests.playground.editor.form.test_run_form import choices, form
from tests.playground.editor.test_many_keys import add_keys

PASTE = "/t/acme/playground/paste/"
HTMX = {"HX-Request": "true"}
USER = {"role": "user", "content": "Hi"}


def filled(cast: Cast, base_url: str = "", **payload: Any) -> Filling:
    given = {"model": "rax-4.0", "messages": [USER], **payload}
    return fill(Pasted(given, base_url), choices(cast))


def payload_of(cast: Cast, filling: Filling) -> dict[str, Any]:
    """Return what a form sends that was filled so."""
    typed = form(cast, **filling.fields)
    assert typed.is_valid(), typed.errors
    return preview(wish_of(Membership.objects.get(user=cast.bob), typed)).payload


@pytest.mark.parametrize("stream", [True, False])
def test_what_is_exported_comes_back_as_it_was(cast: Cast, stream: bool) -> None:
    asks = {"stream": True, "stream_options": {"include_usage": True}} if stream else {}
    for text in TEXTS:
        # Forms hold no NUL, and end lines with LF.
        words = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
        if not words.strip():
            continue
        roles = ("system", "user", "assistant", "system", "user")
        messages = [{"role": role, "content": words} for role in roles]
        sent = {"model": "rax-4.0", "messages": messages, **PARAMETERS, **EXTRA, **asks}
        pasted = read_pasted(curl(CodeRequest(cast.key.base_url, sent)))
        filling = fill(pasted, choices(cast))
        assert payload_of(cast, filling) == sent
        assert filling.fields["key"] == str(cast.key.pk)
        assert ["Authorization" in one for one in filling.unread] == [True]


def test_what_it_does_not_say_is_not_sent(cast: Cast) -> None:
    filling = filled(cast)
    assert payload_of(cast, filling) == {"model": "rax-4.0", "messages": [USER]}
    assert filling.unread == []
    assert set(filling.fields) >= {
        "temperature",
        "top_p",
        "max_tokens",
        "stop",
        "extra",
        "stream",
        "system_prompt",
    }


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"model": None}, "It names no model."),
        ({"messages": "Hi"}, "“messages” is no list."),
        ({"messages": []}, "no message of the user"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "not plain text was left out"),
        (
            {"messages": [{"role": "tool", "content": "x", "tool_call_id": "1"}, USER]},
            "only its role and its text",
        ),
        (
            {
                "messages": [
                    USER,
                    {"role": "assistant", "content": "Yes,"},
                    {"role": "system", "content": "No"},
                ]
            },
            "2 other messages have no place",
        ),
        ({"messages": [{"role": "developer", "content": "x"}, USER]}, "with the role “system”"),
        ({"messages": [{"role": "user", "content": "a\0b\ud800"}]}, "Characters that cannot be sent"),
        ({"messages": [{"role": "user", "content": "a\rb"}]}, "line ends"),
        ({"temperature": "hot"}, "“temperature” is no number, and was left out."),
        ({"max_tokens": True}, "“max_tokens” is no number"),
        ({"stream": "true"}, "“stream” is neither true nor false"),
        ({"stop": [1]}, "“stop” is neither a text nor a list of texts"),
        ({"stop": 0}, "“stop” is neither a text nor a list of texts"),
        ({"stop": ["", "x"]}, "An empty stop sequence was left out."),
        ({"model": "m\0\ud800"}, "Characters that cannot be sent"),
        ({"stream": True, "stream_options": {"include_usage": False}}, "“stream_options” was left out"),
    ],
)
def test_it_says_what_finds_no_place(cast: Cast, payload: dict[str, Any], words: str) -> None:
    assert words in " ".join(filled(cast, **payload).unread)


def test_parts_of_a_message_are_put_together(cast: Cast) -> None:
    parts = [{"type": "text", "text": "One"}, {"type": "text", "text": "two"}]
    filling = filled(cast, messages=[{"role": "user", "content": parts}], stop="end")
    assert (filling.fields["message"], filling.fields["stop"]) == ("One\ntwo", "end")


def test_of_a_message_with_a_picture_the_text_stays(cast: Cast) -> None:
    parts = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": "data:,"}}]
    filling = filled(cast, messages=[{"role": "user", "content": parts}])
    assert filling.fields["message"] == "What is this?"
    assert filling.unread == ["Of a message, parts that are no text (such as pictures) were left out."]


def test_a_key_within_the_body_is_not_kept(cast: Cast) -> None:
    schema = {"properties": {"password": {"type": "string"}}, "required": ["password"]}
    secrets: dict[str, Any] = {
        "api_key": "sk-1",
        "extra_headers": {"Authorization": "Bearer sk-1"},
        "tools": [{"apiKey": "sk-1"}],
    }
    filling = filled(cast, **secrets, response_format=schema)
    assert "sk-1" not in repr(filling)
    assert [one.split(" was left out, and is not stored")[0] for one in filling.unread] == [
        "“api_key”",
        "“Authorization”",
        "“apiKey”",
    ]
    assert json.loads(filling.fields["extra"])["response_format"] == schema


def test_a_server_without_a_key_is_told(cast: Cast) -> None:
    filling = filled(cast, "https://nowhere.example/v1")
    assert "key" not in filling.fields
    assert "https://nowhere.example/v1, for which there is no key here" in filling.unread[0]


def test_a_key_is_found_among_many(cast: Cast) -> None:
    add_keys(cast, LONGEST_MENU + 1)
    key = make_key(cast.team, cast.bob, "Elsewhere")
    type(key).objects.filter(pk=key.pk).update(base_url="https://elsewhere.example/v1")
    assert filled(cast, "https://elsewhere.example/v1/").fields["key"] == "Elsewhere"


def test_the_page_offers_it_and_runs_nothing(cast: Cast) -> None:
    bob, body = cast.client("bob"), json.dumps({"model": "rax-4.0", "messages": [USER], "temperature": 0.5})
    pasted = f"curl https://x.example/chat/completions -H 'Authorization: Bearer sk-1' -d '{body}'"
    offer = bob.post(PASTE, {"pasted": pasted}, headers=HTMX).text
    for shown in (
        '<template data-fill="message">Hi</template>',
        "Fill the form",
        "Authorization was left out",
    ):
        assert shown in offer
    assert "sk-1" not in offer
    assert not Draft.objects.exists()
    assert not Run.objects.exists()


def test_without_scripts_it_is_kept_as_a_draft(cast: Cast) -> None:
    bob, body = cast.client("bob"), json.dumps({"model": "rax-4.0", "messages": [USER], "seed": 7})
    assert "Fill the form" in bob.post(PASTE, {"pasted": body}).text
    assert bob.post(PASTE, {"pasted": body, "fill": "on"})["Location"] == "/t/acme/playground/"
    page = bob.get("/t/acme/playground/").text
    assert "Hi</textarea>" in page
    assert "{&quot;seed&quot;: 7}</textarea>" in page


@pytest.mark.parametrize(
    "pasted",
    [
        '{"model": "m\\ud800", "messages": []}',
        '{"a\\ud800": 1, "a\\ud800": 2}',
        "curl 'http://a\0b/chat/completions' -d '{}'",
        *(f"curl {odd} -d '{{}}' http://x/chat/completions" for odd in ("$'--x\\ud800'", "-H $'\\ud800: x'")),
        "curl -d '{}' $'http://x\\ud800/chat/completions'",
        "curl -d '{}' 'http://[::1/chat/completions'",
    ],
)
def test_no_character_that_is_pasted_is_an_error(cast: Cast, pasted: str) -> None:
    assert cast.client("bob").post(PASTE, {"pasted": pasted}, headers=HTMX).status_code == 200


@pytest.mark.parametrize("pasted", ["", "Hello", "curl x", '{"a": 1', "{" * 2_000, "x" * 1_600_000])
def test_what_cannot_be_read_is_told(cast: Cast, pasted: str) -> None:
    answer = cast.client("bob").post(PASTE, {"pasted": pasted})
    assert answer.status_code == 422
    assert "Fill the form" not in answer.text


def test_viewers_and_outsiders_paste_nothing(cast: Cast) -> None:
    assert cast.client("vera").post(PASTE, {"pasted": "{}"}).status_code == 403
    assert cast.client("charlie").post(PASTE, {"pasted": "{}"}).status_code == 404
