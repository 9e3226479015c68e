"""A run's page shows what was sent for it, as it went out."""

import json
from hashlib import sha256
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from playground.editor.start.starting import Wish, start
from playground.history.sent import SHOWN_CHARS
from playground.models import Run
from playground.requests import NOT_KEPT
from teams.models import Membership
from tests.cast import Cast
from tests.playground.conftest import MakeRun

AWKWARD = 'Żółw "quoted"\n</pre> 🙂'


@pytest.fixture
def sent(cast: Cast) -> Run:
    """A streamed run with a system prompt."""
    return run_of(cast, AWKWARD)


def run_of(cast: Cast, message: str, **parameters: object) -> Run:
    wish = Wish(
        member=Membership.objects.get(user=cast.bob),
        key=cast.key,
        idempotency_key=uuid4(),
        model="rax-4.0",
        parameters={"temperature": 0, "stream": True, **parameters},
        system_prompt="Be brief.",
        message=message,
    )
    return start(wish).run


def page(cast: Cast, run: Run, route: str = "run", name: str = "vera") -> str:
    return unescape(cast.client(name).get(reverse(f"playground:{route}", args=["acme", run.pk])).text)


def test_the_page_shows_the_request_with_its_messages(cast: Cast, sent: Run) -> None:
    shown = page(cast, sent).partition('id="sent-body"')[2].partition(">")[2].partition("</pre>\n</")[0]
    body = json.loads(shown[: shown.rindex("}") + 1])
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": AWKWARD},
    ]
    assert body["stream_options"] == {"include_usage": True}
    assert '"temperature": 0,' in shown


def test_what_was_not_sent_is_not_shown(cast: Cast) -> None:
    assert '"stream"' not in page(cast, run_of(cast, "Hi", stream=False))


def test_it_is_there_byte_for_byte(cast: Cast, sent: Run) -> None:
    answer = cast.client("vera").get(reverse("playground:sent", args=["acme", sent.pk]))
    assert sha256(answer.content).hexdigest() == sent.request_digest
    assert answer["Content-Type"] == "application/json"


def test_a_long_request_is_shown_in_part(cast: Cast) -> None:
    run = run_of(cast, "半" * 400_000)
    shown = page(cast, run)
    assert "its beginning" in shown
    assert shown.partition('id="sent-body"')[2].count("半") < SHOWN_CHARS
    assert page(cast, run, "sent").count("半") == 400_000


def test_a_long_message_is_shown_whole_to_who_asks(cast: Cast) -> None:
    run = run_of(cast, f"{'半' * 30_000}<i>")
    assert "Show 10,003 more characters" in page(cast, run)
    address = reverse("playground:message", args=["acme", run.pk])
    for headers in ({}, {"HX-Request": "true"}):
        whole = cast.client("vera").get(address, headers=headers)
        assert whole.text.count("半") == 30_000
        assert ("<i>" in whole.text) == whole["Content-Type"].startswith("text/plain")
    assert cast.client("charlie").get(address).status_code == 404


def test_what_was_not_kept_is_told(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(parameters={"temperature": 0.5, "stream": False})
    shown = page(cast, run)
    assert NOT_KEPT in shown
    assert "<dt>temperature</dt>" in shown
    assert "<dt>stream</dt>" not in shown
    assert cast.client("bob").get(reverse("playground:sent", args=["acme", run.pk])).status_code == 404


def test_outsiders_find_no_request(cast: Cast, sent: Run) -> None:
    address = reverse("playground:sent", args=["acme", sent.pk])
    assert cast.client("charlie").get(address).status_code == 404
    assert cast.client("stranger").get(address).status_code == 302
