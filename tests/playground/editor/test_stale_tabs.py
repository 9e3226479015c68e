"""A tab that shows an older state of its conversation shows with the answer what the request contained."""

import re

import pytest
from django.template.loader import render_to_string

from playground.editor.form.run_form import RunForm
from playground.editor.turns.turns import Turn
from playground.editor.views.start import missed_runs, started_context
from playground.models import Conversation, LeftOut, Run
from teams.models import Membership
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from tests.playground.editor.form.test_run_form import choices


@pytest.fixture
def turns(cast: Cast, make_run: MakeRun) -> list[Run]:
    """Four turns of a conversation; the second was erased."""
    conversation = Conversation.objects.create(team=cast.team, author=cast.bob, title="Half-lives & <more>")
    runs = [make_run(conversation=conversation, turn=turn, answer=f"Answer {turn}.") for turn in (1, 2, 3, 4)]
    Run.objects.filter(pk=runs[1].pk).update(erased_at="2026-03-02T12:00Z")
    runs[3].left_out = [{"run": str(runs[1].pk), "why": LeftOut.ERASED}]
    return runs


def answer_to(cast: Cast, run: Run, last_turn: int) -> str:
    """Return what a page gets that shows the turns up to this one, and sent `run`."""
    bob = Membership.objects.get(user=cast.bob)
    shown = [Turn(one, is_followed=False, reader=bob) for one in [*missed_runs(run, last_turn), run]]
    context = started_context(shown, RunForm(choices=choices(cast)))
    page = {"column": {"letter": "a", **context}, "turn": context["turn"], "team": cast.team}
    return render_to_string("playground/editor/_started.html", page)


def shown(markup: str) -> list[int]:
    return [int(number) for number in re.findall(r'aria-label="Turn (\d)"', markup)]


def test_the_turns_of_another_tab_are_shown_with_the_answer(cast: Cast, turns: list[Run]) -> None:
    markup = answer_to(cast, turns[3], last_turn=1)
    assert shown(markup) == [3, 4]
    assert "From another tab or window:" in markup


def test_a_tab_that_shows_all_gets_its_turn_alone(cast: Cast, turns: list[Run]) -> None:
    markup = answer_to(cast, turns[3], last_turn=3)
    assert shown(markup) == [4]
    assert "From another tab" not in markup


def test_a_turn_that_was_erased_in_another_tab_goes(cast: Cast, turns: list[Run]) -> None:
    markup = answer_to(cast, turns[3], last_turn=3)
    assert f'<hx-partial hx-target="#run-{turns[1].pk}" hx-swap="delete">' in markup


def test_the_form_then_knows_what_is_shown(cast: Cast, turns: list[Run]) -> None:
    assert re.search(r'name="last_turn"[^>]* value="4"', answer_to(cast, turns[3], last_turn=1))
    page = cast.client("bob").get(f"/t/acme/playground/?conversation={turns[3].conversation_id}").text
    assert re.search(r'name="last_turn"[^>]* value="4"', page)


def test_the_tab_has_the_conversation_s_name_at_once(cast: Cast, turns: list[Run]) -> None:
    page = cast.client("bob").get(f"/t/acme/playground/?conversation={turns[3].conversation_id}").text
    (title,) = re.findall("<title>(.*?)</title>", page)
    assert "Half-lives &amp; &lt;more&gt;" in title
    assert f'hx-swap="textContent">{title}</hx-partial>' in answer_to(cast, turns[3], last_turn=3)


def test_a_title_that_is_being_typed_stays_while_another_turn_begins(cast: Cast, turns: list[Run]) -> None:
    assert 'hx-target="#rename"' in answer_to(cast, turns[0], last_turn=0)
    assert 'hx-target="#rename"' not in answer_to(cast, turns[3], last_turn=3)
