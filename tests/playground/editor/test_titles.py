"""A conversation's title stands on its page and in the tab, and its author may change it."""

import re
from html import unescape

from django.urls import reverse

from playground.models import Conversation
from tests.cast import Cast
from tests.playground.conftest import MakeRun

PLAYGROUND = "/t/acme/playground/"


def rename(cast: Cast, conversation: Conversation, title: str, name: str = "bob", **headers: str):
    address = reverse("playground:rename", args=["acme", conversation.pk])
    return cast.client(name).post(address, {"title": title}, headers=headers)


def refused(cast: Cast, conversation: Conversation, title: str, name: str = "bob") -> str:
    address = reverse("playground:rename", args=["acme", conversation.pk])
    return unescape(cast.client(name).post(address, {"title": title}, follow=True).text)


def page(cast: Cast, conversation: Conversation, name: str = "bob") -> str:
    return unescape(cast.client(name).get(f"{PLAYGROUND}?conversation={conversation.pk}").text)


def test_the_author_changes_it_and_all_see_it(cast: Cast, make_run: MakeRun) -> None:
    conversation = make_run().conversation
    answer = rename(cast, conversation, "  Decay &  <daughters> ")
    assert answer["Location"] == f"{PLAYGROUND}?conversation={conversation.pk}"
    for name in ("bob", "alice"):
        shown = page(cast, conversation, name)
        assert "<bdi>Decay & <daughters></bdi></h1>" in shown
        assert "Decay & <daughters>" in re.findall("<title>(.*?)</title>", shown)[0]


def test_nobody_else_does(cast: Cast, make_run: MakeRun) -> None:
    conversation = make_run().conversation
    assert "Only its author names a conversation." in refused(cast, conversation, "Mine", "alice")
    assert rename(cast, conversation, "Mine", "vera").status_code == 403
    assert rename(cast, conversation, "Mine", "charlie").status_code == 404
    conversation.refresh_from_db()
    assert conversation.title == "Half-lives"
    assert "Rename" not in page(cast, conversation, "alice")


def test_no_title_and_one_that_is_too_long_are_refused_in_words(cast: Cast, make_run: MakeRun) -> None:
    conversation = make_run().conversation
    for title, words in ((" ", "write one"), ("x" * 81, "at most 80 characters; this has 81")):
        assert words in refused(cast, conversation, title)
    conversation.refresh_from_db()
    assert conversation.title == "Half-lives"


def test_the_columns_beside_it_stay(cast: Cast, make_run: MakeRun) -> None:
    conversation = make_run().conversation
    address = f"{PLAYGROUND}?conversation={conversation.pk}&conversation="
    answer = rename(cast, conversation, "Decay", Referer=f"http://testserver{address}")
    assert answer["Location"] == address
