"""What will be sent is shown as it will be sent, byte for byte, and nothing is written for that."""

import asyncio
from hashlib import sha256
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from playground.code.export.languages import LANGUAGES
from playground.editor.start.preview import STILL_WRITING
from playground.editor.start.starting import start
from playground.editor.start.wishes import wish_of
from playground.live.outcome.outcomes import RunOutcome, store
from playground.live.runner import runner
from playground.models import Conversation, Run, RunState
from playground.requests import Message
from playground.text.variables import escaped
from rax import Connections
from teams.models import Membership
from tests.cast import Cast
from tests.playground.code.asked import TEXTS
from tests.playground.editor.form.test_run_form import form
from tests.playground.live.test_requests import STREAM, carried_out
from tests.rax.wire import CHAT, answer

PREVIEW = "/t/acme/playground/preview/"
HTMX = {"HX-Request": "true"}
FIELDS = {
    "model": "rax-4.0",
    "stream": "on",
    "system_prompt": "Be\r\nbrief.",
    "temperature": "0,1",
    "stop": "\\n\\n\nend",
    "extra": '{"zeta": 1, "alpha": {"z": 1, "a": 2.50}, "max_completion_tokens": 4}',
}


def fields(message: str, **more: str) -> dict[str, str]:
    return {**FIELDS, "message": message, "idempotency_key": str(uuid4()), **more}


def body_of(client: Client, **posted: str) -> bytes:
    shown = client.post(f"{PREVIEW}?as=bytes", posted)
    assert shown.status_code == 200, shown.content
    return shown.content


def bodies_sent(cast: Cast, posted: dict[str, str]) -> list[bytes]:
    """Start what a form asks for, and return what a server got of it."""
    filled = form(cast, **posted)
    assert filled.is_valid(), filled.errors
    started = start(wish_of(Membership.objects.get(user=cast.bob), filled))
    bodies, _ = asyncio.run(carried_out(started, STREAM if posted.get("stream") else answer(CHAT)))
    end(started.run)
    return bodies


def end(run: Run, text: str = "An “answer”.\n") -> None:
    store(Run.objects.filter(pk=run.pk), RunOutcome(RunState.COMPLETED, answer=text))


@pytest.mark.parametrize("stream", ["on", ""])
def test_it_is_what_the_server_gets_byte_for_byte(cast: Cast, stream: str) -> None:
    bob = cast.client("bob")
    for text in TEXTS[1:10]:
        posted = fields(escaped(text.replace("\r", "")), stream=stream)
        shown = body_of(bob, **posted)
        assert not Run.objects.filter(idempotency_key=posted["idempotency_key"]).exists()
        assert [shown] == bodies_sent(cast, posted)
        run = Run.objects.get(idempotency_key=posted["idempotency_key"])
        assert run.request_digest == sha256(shown).hexdigest()
        posted = fields("And then?", stream=stream, conversation=str(run.conversation_id))
        shown = body_of(bob, **posted)
        assert "An “answer”." in shown.decode()
        assert [shown] == bodies_sent(cast, posted)


async def test_a_server_that_refused_to_be_asked_for_usage_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Connections() as connections:
        monkeypatch.setattr(runner, "connections", connections)
        assert runner.asks_for_usage("https://ai.example/v1")
        connections.remember_include_usage("https://ai.example/v1", is_taken=False)
        assert not runner.asks_for_usage("https://ai.example/v1")


def panel(client: Client, chosen: str = "request", **posted: str) -> str:
    return unescape(client.post(f"{PREVIEW}?as={chosen}", posted, headers=HTMX).text)


def test_nothing_is_written_by_looking(cast: Cast) -> None:
    before = (Run.objects.count(), Conversation.objects.count())
    assert '"content": "Hi"' in panel(cast.client("bob"), **fields("Hi"))
    assert (Run.objects.count(), Conversation.objects.count()) == before


def test_a_conversation_is_put_together_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fields("Hi")
    bodies_sent(cast, first)
    conversation = str(Run.objects.get(idempotency_key=first["idempotency_key"]).conversation_id)
    put: list[str] = []
    as_sent = Message.as_sent

    def putting(message: Message) -> dict[str, str]:
        put.append(message.content)
        return as_sent(message)

    monkeypatch.setattr(Message, "as_sent", putting)
    panel(cast.client("bob"), **fields("And then?", conversation=conversation))
    assert put == ["Be\nbrief.", "Hi", "An “answer”.\n", "And then?"]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_each_language_has_its_tab(cast: Cast, language: Any) -> None:
    shown = panel(cast.client("bob"), language.name, **fields("Hi"))
    assert f'aria-current="true">{language.label}</button>' in shown
    assert "RAX_API_KEY" in shown
    assert "Bearer rax_" not in shown


def test_without_scripts_a_page_shows_all_of_them(cast: Cast) -> None:
    page = unescape(cast.client("bob").post(PREVIEW, fields("Hi")).text)
    for language in LANGUAGES:
        assert f"{language.label}</summary>" in page
    assert "<html" in page


def test_what_is_wrong_is_told_in_its_place(cast: Cast) -> None:
    bob = cast.client("bob")
    shown = panel(bob, **fields(" ", temperature="3", extra="{"))
    for words in ("Write a message first.", "Temperature goes from 0 to 2.", "Line 1, column 2"):
        assert words in shown
    assert bob.post(PREVIEW, fields("")).status_code == 422
    refused = bob.post(f"{PREVIEW}?as=bytes", fields(""))
    assert (refused.status_code, refused.json()) == (422, {"errors": ["Write a message first."]})


def test_it_says_which_turns_are_left_out_and_why(cast: Cast) -> None:
    first = fields("Hi")
    bodies_sent(cast, first)
    run = Run.objects.get(idempotency_key=first["idempotency_key"])
    Run.objects.filter(pk=run.pk).update(answer="", state=RunState.FAILED)
    shown = panel(cast.client("bob"), **fields("Go on", conversation=str(run.conversation_id)))
    assert "Left out: 1 earlier turn: 1 failed" in shown
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    shown = panel(cast.client("bob"), **fields("Go on", conversation=str(run.conversation_id)))
    assert STILL_WRITING in shown


def test_a_conversation_of_others_is_not_shown(cast: Cast) -> None:
    first = fields("A secret of Bob's")
    bodies_sent(cast, first)
    conversation = str(Run.objects.get(idempotency_key=first["idempotency_key"]).conversation_id)
    shown = panel(cast.client("alice"), **fields("Go on", conversation=conversation))
    assert "Only its author goes on" in shown
    assert "secret" not in shown


def test_viewers_and_outsiders_see_none(cast: Cast) -> None:
    assert cast.client("vera").post(PREVIEW, fields("Hi")).status_code == 403
    assert cast.client("charlie").post(PREVIEW, fields("Hi")).status_code == 404


def test_each_column_has_its_own(cast: Cast) -> None:
    second = {f"b-{name}": value for name, value in fields("The other", conversation="").items()}
    posted = {**fields("The first"), **second}
    panel_shown = cast.client("bob").post(f"{PREVIEW}?column=b&as=curl", posted, headers=HTMX)
    shown = unescape(panel_shown.text)
    assert '"content": "The other"' in shown
    assert 'data-letter="b"' in shown
    assert 'aria-current="true">B</button>' in shown
    panel_shown = cast.client("bob").post(f"{PREVIEW}?column=d", posted, headers=HTMX)
    assert '"content": "The first"' in unescape(panel_shown.text)


def test_it_tells_of_a_stored_answer_at_any_temperature(cast: Cast) -> None:
    posted = fields("Hi", temperature="1.5")
    bodies_sent(cast, posted)
    shown = panel(cast.client("alice"), **posted)
    assert "The same request was answered before" in shown
    assert "stored answer of <bdi>Bob</bdi>" in shown
    assert "answered before" not in panel(cast.client("alice"), **fields("Hi", temperature="1.4"))
