"""What is linked and the same in all columns stands once: the next message in two, the rest from three on."""

import re

import pytest

from teams.models import Membership, Role
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from tests.playground.editor.columns.test_columns import SAVE, get, page_of


@pytest.mark.parametrize(
    ("change", "shared"),
    [
        ({}, {"system_prompt", "messages_before", "message"}),
        ({"c-message": "Another"}, {"system_prompt", "messages_before"}),
        ({"b-links": "message variables"}, {"message"}),
    ],
)
def test_from_three_on_what_is_the_same_stands_once(
    cast: Cast, change: dict[str, str], shared: set[str]
) -> None:
    links = "message messages_before system_prompt"
    form = page_of("One", "One", "One") | dict.fromkeys(("links", "b-links", "c-links"), links)
    cast.client("bob").post(SAVE, {**form, **change})
    page = get(cast)
    hidden = re.findall(r'<div class="([\w-]+) as-in-all"', page)
    named = {"message": "message", "before": "messages_before", "system-prompt": "system_prompt"}
    assert {named[one] for one in hidden} == shared
    assert len(hidden) == 2 * len(shared)
    assert ('aria-label="In all columns"' in page) == bool(shared - {"message"})
    # Each column has fields of its own all the same, and two have room for what is said before the message.
    assert [page.count(f'name="{name}"') for name in ("message", "b-message", "c-message")] == [1, 1, 1]
    cast.client("bob").post(SAVE, {**page_of("One", "One"), "links": links, "b-links": links})
    assert re.findall(r'<div class="([\w-]+) as-in-all"', get(cast)) == ["message"]
    cast.client("bob").post(SAVE, {**page_of("One", "Two"), "links": links, "b-links": links})
    assert "as-in-all" not in get(cast)


def test_who_may_only_read_is_shown_no_field(cast: Cast, make_run: MakeRun) -> None:
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    run = make_run()
    page = get(cast, f"?conversation={run.conversation_id}&conversation=&conversation=")
    assert "In all columns" not in page
    assert "<textarea" not in page
