"""The message of an earlier turn is edited and run: another version of the turn, and the old one stays."""

import re
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest

from playground.editor.start.starting import GONE, CannotStart, Wish, start
from playground.history.erasing import erase
from playground.models import Conversation, Draft, Run, RunState
from playground.requests import as_sent
from teams.models import Membership
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from tests.playground.visitor import words

pytestmark = pytest.mark.usefixtures("taking_runs")
PLAYGROUND = "/t/acme/playground/"
START, SAVE, CHANGE = f"{PLAYGROUND}start/", f"{PLAYGROUND}draft/", f"{PLAYGROUND}draft/change/"
EDITED = f"{START}?instead=edited"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def talk(make_run: MakeRun) -> list[Run]:
    """Three turns of Bob's."""
    runs: list[Run] = []
    for turn in (1, 2, 3):
        given = {"conversation": runs[-1].conversation, "parent": runs[-1]} if runs else {}
        runs.append(make_run(turn=turn, message=f"Question {turn}", answer=f"Answer {turn}.", **given))
    return runs


def editing(run: Run, last: Run, edited: str, letter: str = "a", **fields: str) -> dict[str, str]:
    """Return a form that shows a conversation up to `last`, with an edited message of `run`."""
    typed = {"message": "Half typed", "model": "rax-4.0", "stream": "on", "idempotency_key": str(uuid4())}
    typed |= {"conversation": str(run.conversation_id), "last_turn": str(last.turn), "after": str(last.pk)}
    typed |= {"edited_run": str(run.pk), "edited_key": str(uuid4()), "edited": edited, **fields}
    prefix = "" if letter == "a" else f"{letter}-"
    return {f"{prefix}{name}": value for name, value in typed.items()} | {"run": letter}


def run_edited(cast: Cast, form: dict[str, str], name: str = "bob", **headers: Any) -> Any:
    return cast.client(name).post(EDITED, form, headers=headers or HTMX)


def end_live() -> None:
    Run.objects.live().update(state=RunState.COMPLETED, answer="Yes.")


def newest() -> Run:
    return Run.objects.latest("created_at")


def shown(page: str) -> list[str]:
    return re.findall(r'<article class="turn" id="run-([0-9a-f-]{36})"', page)


def page_of(cast: Cast, query: str, name: str = "bob") -> str:
    return unescape(cast.client(name).get(f"{PLAYGROUND}?{query}").text)


def test_it_is_another_version_with_what_was_said_before(cast: Cast, talk: list[Run]) -> None:
    run_edited(cast, editing(talk[1], talk[2], "Question 2, better"))
    run = newest()
    assert (run.turn, run.parent, run.message) == (2, talk[0], "Question 2, better")
    contents = re.findall(r'"content":"([^"]*)"', as_sent(run).decode())
    assert contents == ["Question 1", "Answer 1.", "Question 2, better"]
    assert Run.objects.count() == 4


def test_the_same_is_asked_again_as_often_as_one_likes(cast: Cast, talk: list[Run]) -> None:
    bob, again = cast.client("bob"), f"{PLAYGROUND}runs/{talk[2].pk}/again/"
    query = f"conversation={talk[2].conversation_id}"
    for count in (1, 2):
        page = page_of(cast, f"{query}&branch={talk[2].pk}" if count > 1 else query)
        (found,) = re.findall(rf'action="{again}">.*?name="idempotency_key" value="([^"]+)"', page)
        for _ in range(2):
            bob.post(again, {"idempotency_key": found})
        assert Run.objects.count() == 3 + count
        assert (newest().turn, newest().parent, newest().message) == (3, talk[1], "Question 3")
        end_live()
    assert "Ask again" not in page_of(cast, query, "alice")


def test_the_page_has_it_in_the_place_of_the_old_one(cast: Cast, talk: list[Run]) -> None:
    answer = run_edited(cast, editing(talk[1], talk[2], "Better"))
    gone = re.findall(r'hx-target="#run-([0-9a-f-]{36})" hx-swap="delete"', answer.text)
    assert gone == [str(talk[1].pk), str(talk[2].pk)]
    assert "2 of 2" in words(answer.text)
    assert f"branch={talk[1].pk}" in answer.text
    assert answer["HX-Replace-Url"] == f"{PLAYGROUND}?conversation={talk[0].conversation_id}"
    assert re.search(rf'name="after"[^>]* value="{newest().pk}"', answer.text)


@pytest.mark.parametrize("deed", ["edited", "again", "go-on"])
def test_what_is_half_typed_goes_along_to_the_new_version(cast: Cast, talk: list[Run], deed: str) -> None:
    bob = cast.client("bob")
    bob.post(SAVE, editing(talk[1], talk[2], "") | {"edited_run": ""})
    if deed == "edited":
        run_edited(cast, editing(talk[1], talk[2], "Better"))
    else:
        bob.post(f"{PLAYGROUND}runs/{talk[1].pk}/{deed}/", {"idempotency_key": str(uuid4())})
    assert newest().pk not in {run.pk for run in talk}
    page = page_of(cast, f"conversation={talk[0].conversation_id}")
    assert shown(page)[-1] == str(newest().pk)
    assert "Half typed" in page


def test_the_first_message_can_be_edited_too(cast: Cast, talk: list[Run]) -> None:
    run_edited(cast, editing(talk[0], talk[2], "Another beginning"))
    assert (newest().turn, newest().parent, newest().conversation) == (1, None, talk[0].conversation)
    page = page_of(cast, f"conversation={talk[0].conversation_id}")
    assert shown(page) == [str(newest().pk)]
    assert "2 of 2" in words(page)


def test_each_version_has_an_address(cast: Cast, talk: list[Run]) -> None:
    for words_of_it in ("Second", "Third"):
        run_edited(cast, editing(talk[1], talk[2], words_of_it))
        end_live()
    second, third = Run.objects.filter(turn=2).order_by("created_at")[1:]
    here = f"conversation={talk[0].conversation_id}"
    expected = {"": [talk[0], third], f"&branch={second.pk}": [talk[0], second]}
    expected[f"&branch={talk[1].pk}"] = talk
    for named, runs in expected.items():
        page = page_of(cast, here + named)
        assert shown(page) == [str(run.pk) for run in runs]
    links = re.findall(r'href="([^"]*)" rel="(?:prev|next)"', page_of(cast, f"{here}&branch={second.pk}"))
    pages = [cast.client("bob").get(link).text for link in links]
    assert [shown(each)[1] for each in pages] == [str(talk[1].pk), str(third.pk)]
    assert [re.search(r"(\d of \d)", words(each))[1] for each in pages] == ["1 of 3", "3 of 3"]


def test_the_next_message_goes_on_with_the_branch_that_is_shown(cast: Cast, talk: list[Run]) -> None:
    run_edited(cast, editing(talk[1], talk[2], "Better"))
    end_live()
    form = editing(talk[2], talk[2], "") | {"message": "Go on", "edited_run": ""}
    cast.client("bob").post(START, form, headers=HTMX)
    assert (newest().parent, newest().turn) == (talk[2], 4)


def test_what_another_tab_added_to_the_branch_is_gone_on_from(cast: Cast, talk: list[Run]) -> None:
    form = editing(talk[1], talk[1], "") | {"message": "Go on", "edited_run": ""}
    answer = cast.client("bob").post(START, form, headers=HTMX)
    assert newest().parent == talk[2]
    assert shown(answer.text) == [str(talk[2].pk), str(newest().pk)]


def test_a_double_click_makes_one_version(cast: Cast, talk: list[Run]) -> None:
    form = editing(talk[1], talk[2], "Better")
    run_edited(cast, form)
    assert "HX-Redirect" in run_edited(cast, form)
    assert Run.objects.count() == 4


def test_other_columns_keep_their_branch(cast: Cast, talk: list[Run], make_run: MakeRun) -> None:
    other = make_run(answer="One")
    make_run(conversation=other.conversation, answer="Two")
    query = f"conversation={talk[0].conversation_id}&conversation={other.conversation_id}"
    referer = f"http://testserver{PLAYGROUND}?{query}&branch={other.pk}&branch={talk[2].pk}"
    form = editing(talk[1], talk[2], "Better") | {"b-conversation": str(other.conversation_id)}
    answer = run_edited(cast, form, **HTMX, Referer=referer)
    assert answer["HX-Replace-Url"] == f"{PLAYGROUND}?{query}&branch={other.pk}"


def test_without_scripts_it_is_a_page_with_the_message_in_a_field(cast: Cast, talk: list[Run]) -> None:
    page = page_of(cast, f"conversation={talk[0].conversation_id}&edit={talk[1].pk}")
    assert page.count("Question 2</textarea>") == 1
    assert re.search(rf'name="edited_run"[^>]* value="{talk[1].pk}"', page)
    answer = run_edited(cast, editing(talk[1], talk[2], "Better"), Accept="text/html")
    assert (answer.status_code, newest().message) == (302, "Better")


@pytest.mark.parametrize("headers", [HTMX, {"Accept": "text/html"}])
def test_what_is_wrong_is_told_in_the_editor(cast: Cast, talk: list[Run], headers: dict[str, str]) -> None:
    answer = run_edited(cast, editing(talk[1], talk[2], " \n"), **headers)
    assert answer.status_code == (200 if headers is HTMX else 422)
    assert "Write a message first." in words(answer.text)
    assert "Half typed" in answer.text or headers is HTMX
    assert Run.objects.count() == 3


def test_both_messages_are_kept_until_they_are_sent(cast: Cast, talk: list[Run]) -> None:
    form = editing(talk[1], talk[2], "Better")
    assert cast.client("bob").post(SAVE, form).json()["saved"]
    for query in ("", f"conversation={talk[0].conversation_id}"):
        page = page_of(cast, query)
        assert "Better</textarea>" in page
        assert "Half typed</textarea>" in page
    run_edited(cast, form)
    assert (Draft.objects.get().fields["message"], Draft.objects.get().fields["edited"]) == ("Half typed", "")
    # What comes late of it is no draft any more.
    cast.client("bob").post(SAVE, form)
    assert "Better</textarea>" not in page_of(cast, "")


def test_editing_can_be_given_up(cast: Cast, talk: list[Run]) -> None:
    form = editing(talk[1], talk[2], "Better") | {"change": "unedit:a"}
    cast.client("bob").post(CHANGE, form)
    page = page_of(cast, f"conversation={talk[0].conversation_id}")
    assert "Better" not in page
    assert "Half typed</textarea>" in page


def test_erasing_one_version_leaves_the_others(cast: Cast, talk: list[Run]) -> None:
    run_edited(cast, editing(talk[1], talk[2], "Better"))
    end_live()
    assert "The 1 later turn of this" in words(
        cast.client("bob").get(f"{PLAYGROUND}runs/{talk[1].pk}/delete/").text
    )
    assert erase(talk[1])
    assert list(Run.objects.with_words().order_by("turn").values_list("message", flat=True)) == [
        "Question 1",
        "Better",
    ]
    page = page_of(cast, f"conversation={talk[0].conversation_id}")
    assert "2 of 2" not in words(page)
    assert shown(page) == [str(talk[0].pk), str(newest().pk)]


def test_a_run_s_page_leads_to_its_branch(cast: Cast, talk: list[Run]) -> None:
    run_edited(cast, editing(talk[1], talk[2], "Better"))
    page = unescape(cast.client("alice").get(f"{PLAYGROUND}runs/{talk[1].pk}/").text)
    assert f"conversation={talk[1].conversation_id}&branch={talk[1].pk}" in page
    assert "1 of 2" in words(page)
    assert "data-edit" not in page
    referer = f"http://testserver{PLAYGROUND}?conversation=&conversation={talk[1].conversation_id}"
    fragment = cast.client("bob").get(f"{PLAYGROUND}runs/{talk[1].pk}/", headers=HTMX | {"Referer": referer})
    assert f"?conversation=&amp;conversation={talk[1].conversation_id}&amp;edit=" in fragment.text


def test_nobody_edits_the_conversation_of_another(cast: Cast, talk: list[Run]) -> None:
    assert "data-edit" not in page_of(cast, f"conversation={talk[0].conversation_id}", "alice")
    answer = run_edited(cast, editing(talk[1], talk[2], "Better"), "alice")
    assert "Only its author goes on with a conversation." in answer.text
    assert run_edited(cast, editing(talk[1], talk[2], "Better"), "vera").status_code == 403
    assert run_edited(cast, editing(talk[1], talk[2], "Better"), "charlie").status_code == 404
    assert Run.objects.count() == 3


@pytest.fixture
def theirs(cast: Cast) -> Run:
    """A run of another team."""
    conversation = Conversation.objects.create(team=cast.other_team, author=cast.charlie)
    return Run.objects.create(
        team=cast.other_team, author=cast.charlie, conversation=conversation, model="rax-4.0", message="Ours"
    )


@pytest.mark.parametrize("name", ["after", "edited_run", "instead_of"])
def test_turns_of_another_team_are_not_there(cast: Cast, talk: list[Run], theirs: Run, name: str) -> None:
    form = editing(talk[1], talk[2], "Better") | {name: str(theirs.pk)}
    for address in (START, EDITED, f"{PLAYGROUND}preview/", f"{PLAYGROUND}stale/"):
        assert cast.client("bob").post(address, form, headers=HTMX).status_code == 404
    assert Run.objects.count() == 4


@pytest.mark.parametrize("named", ["branch", "edit"])
def test_addresses_name_turns_of_the_team_alone(cast: Cast, theirs: Run, named: str) -> None:
    for run_id in (theirs.pk, uuid4(), "nonsense"):
        address = f"{PLAYGROUND}?conversation=&{named}={run_id}"
        assert cast.client("bob").get(address).status_code == 404


@pytest.mark.parametrize("changes", [{"edited_run": ""}, {"edited_run": "x"}, {"run": "all"}, {"run": "b"}])
def test_a_form_that_edits_nothing_is_refused(cast: Cast, talk: list[Run], changes: dict[str, str]) -> None:
    assert run_edited(cast, editing(talk[1], talk[2], "Better") | changes).status_code == 404
    assert Run.objects.count() == 3


def test_a_turn_of_another_conversation_is_no_place_to_go_on_from(
    cast: Cast, talk: list[Run], make_run: MakeRun
) -> None:
    other: UUID = make_run(answer="Hello").pk
    wish = Wish(
        member=Membership.objects.get(user=cast.bob),
        key=cast.key,
        idempotency_key=uuid4(),
        model="rax-4.0",
        parameters={},
        system_prompt="",
        message="Hi",
        conversation_id=talk[0].conversation_id,
        instead_of=other,
    )
    with pytest.raises(CannotStart, match=GONE):
        start(wish)
