"""A draft is kept for its author alone until it is sent, and goes with them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.models import Chore
from playground.editor.drafts.drafts import forget_sent
from playground.editor.drafts.saving import Typed, save_draft
from playground.editor.form.fields import MESSAGE_CHARS
from playground.history import retention
from playground.models import Draft, Run, RunState
from teams.members import deeds as members
from teams.models import Membership, Role, Team
from teams.permissions import Access
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun

PLAYGROUND = "/t/acme/playground/"
SAVE, DISCARD, START = f"{PLAYGROUND}draft/", f"{PLAYGROUND}draft/discard/", f"{PLAYGROUND}start/"
TYPED = {"message": "Half a thou", "model": "rax-4.0", "temperature": "1e-1", "stop": "\\n", "stream": "on"}


def save(cast: Cast, name: str = "bob", **fields: str) -> dict[str, Any]:
    """Save what a page holds; return the answer."""
    form = {"idempotency_key": str(uuid4()), **TYPED, **fields}
    answer: dict[str, Any] = cast.client(name).post(SAVE, form).json()
    return answer


def press_run(cast: Cast, page: UUID, **fields: str) -> None:
    """Send a form as htmx does, from a page of this key."""
    form = {**TYPED, "idempotency_key": str(page), **fields}
    assert "turn-message" in cast.client("bob").post(START, form, headers={"HX-Request": "true"}).text


def page_of(cast: Cast, name: str = "bob", query: str = "") -> str:
    return cast.client(name).get(f"{PLAYGROUND}{query}").text


def test_the_page_begins_as_it_was_left(cast: Cast) -> None:
    assert save(cast)["saved"]
    page = page_of(cast)
    for shown in ("Half a thou", 'value="1e-1"', "\\n</textarea>", "Draft from"):
        assert shown in page


def test_of_pages_that_say_nothing_of_drafts_the_last_writer_wins(cast: Cast) -> None:
    save(cast)
    save(cast, message="Another thought")
    assert "Another thought" in page_of(cast)
    assert Draft.objects.count() == 1


def columns_read(client: Client, path: str) -> list[str]:
    """Ask for a page; return what was asked of the database that reads what drafts hold."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [sql for query in queries if '"columns"' in (sql := query["sql"]) and "playground_draft" in sql]


def test_a_page_reads_of_all_drafts_only_the_one_that_is_open(cast: Cast) -> None:
    for message in ("One thought", "Another thought", "A third thought"):
        save(cast, message=message, draft_seen=timezone.now().isoformat())
    assert Draft.objects.count() == 3
    bob = cast.client("bob")
    (read,) = columns_read(bob, PLAYGROUND)
    assert "LIMIT 1" in read
    assert "2 other drafts" in page_of(cast)
    assert columns_read(bob, f"{PLAYGROUND}drafts/") == []
    assert "Another thought" in page_of(cast, query="drafts/")


def test_what_an_earlier_version_saved_is_read_whole(cast: Cast) -> None:
    save(cast)
    # It knows of no outline, and leaves that as it is.
    fields = Draft.objects.get().fields
    Draft.objects.update(columns=[{**fields, "message": "Of old code"}] * 2, saved_at=timezone.now())
    assert "Of old code" in page_of(cast)
    assert "2 columns" in page_of(cast, query="drafts/")
    Draft.objects.update(outline=None)
    assert "Of old code" in page_of(cast, query="drafts/")
    forget_sent(Membership.objects.get(user=cast.bob), [UUID(fields["idempotency_key"])])
    assert not Draft.objects.exists()


def test_nobody_else_sees_it(cast: Cast) -> None:
    save(cast)
    assert "Half a thou" not in page_of(cast, "alice")
    other = Membership.objects.create(team=cast.other_team, user=cast.bob, role=Role.MEMBER)
    assert "Half a thou" not in cast.client("bob").get(f"/t/{other.team.slug}/playground/").text


def test_viewers_keep_none_and_outsiders_see_no_team(cast: Cast) -> None:
    for name, status in (("vera", 403), ("charlie", 404), ("stranger", 302)):
        for address in (SAVE, DISCARD):
            assert cast.client(name).post(address, TYPED).status_code == status
    assert cast.client("bob").get(SAVE).status_code == 405
    assert not Draft.objects.exists()


def test_what_is_wrong_or_odd_is_kept_as_it_was_typed(cast: Cast) -> None:
    save(cast, temperature="warm", max_tokens="1,000", model="", message="a\r\nb\u2028🙂")
    fields = Draft.objects.get().fields
    assert (fields["temperature"], fields["max_tokens"], fields["model"]) == ("warm", "1,000", "")
    assert fields["message"] == "a\nb\u2028🙂"


@pytest.mark.parametrize(
    "messages",
    ["[" * 100_000, r'[{"role":"user","content":"\u0000\ud800"}]', '[{"role":["x"],"content":"x"}]', "[1]"],
)
def test_whatever_stands_for_earlier_messages_is_kept(cast: Cast, messages: str) -> None:
    assert save(cast, message="", messages_before=messages)["saved"]
    bob = cast.client("bob")
    assert [bob.get(f"/t/acme/playground/{page}").status_code for page in ("", "drafts/")] == [200, 200]
    assert bob.post("/t/acme/playground/preview/", {**TYPED, "messages_before": messages}).status_code in {
        200,
        422,
    }
    assert "\ud800" not in Draft.objects.get().excerpt


def test_the_longest_message_of_any_script_is_kept(cast: Cast) -> None:
    assert save(cast, message="🙂" * MESSAGE_CHARS)["saved"]
    refused = save(cast, message="半" * (MESSAGE_CHARS + 1))
    assert refused["saved"] is False
    assert "At most 400,000 characters" in refused["why"]
    assert Draft.objects.get().message == "🙂" * MESSAGE_CHARS


def test_it_is_forgotten_when_it_is_sent(cast: Cast, taking_runs: None) -> None:
    page = uuid4()
    save(cast, idempotency_key=str(page))
    press_run(cast, page)
    assert not Draft.objects.exists()


def test_it_is_forgotten_when_a_later_page_sends_it(cast: Cast, taking_runs: None) -> None:
    save(cast)
    press_run(cast, uuid4(), draft=str(Draft.objects.get().page))
    assert not Draft.objects.exists()


def test_what_comes_late_is_no_draft(cast: Cast, taking_runs: None) -> None:
    page = uuid4()
    press_run(cast, page)
    assert save(cast, idempotency_key=str(page))["saved"] is False
    assert not Draft.objects.exists()


def test_what_was_typed_after_run_was_pressed_stays(cast: Cast, taking_runs: None) -> None:
    save(cast, message="The next thought")
    press_run(cast, uuid4(), draft=str(uuid4()))
    assert Draft.objects.get().message == "The next thought"


def test_what_a_browser_kept_gives_way_to_what_is_newer(cast: Cast) -> None:
    first, second = str(uuid4()), str(uuid4())
    save(cast, idempotency_key=first)
    assert save(cast, idempotency_key=first, message="Kept in the tab", recovered="on")["saved"]
    save(cast, idempotency_key=second, message="Newer, elsewhere")
    assert not save(cast, idempotency_key=first, message="Kept in the tab", recovered="on")["saved"]
    assert save(cast, idempotency_key=first, draft=second, message="Later", recovered="on")["saved"]


def test_what_a_browser_kept_outlives_a_page_without_a_message(cast: Cast) -> None:
    save(cast, message="\n")
    assert not save(cast, message="", recovered="on")["saved"]
    assert save(cast, message="Kept in the tab", recovered="on")["saved"]
    assert Draft.objects.get().message == "Kept in the tab"


def test_it_can_be_discarded(cast: Cast) -> None:
    save(cast)
    assert cast.client("bob").post(DISCARD)["Location"] == PLAYGROUND
    assert "Half a thou" not in page_of(cast)


def test_a_conversation_begins_with_what_was_typed_in_it(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(parameters={"temperature": 0.0, "stop": ["\n"], "stream": True}, answer="Half.")
    here = f"?conversation={run.conversation_id}"
    save(cast, conversation=str(run.conversation_id), message="And then?")
    assert "And then?</textarea>" in page_of(cast, query=here)
    assert "And then?</textarea>" in page_of(cast)


def test_another_conversation_goes_on_as_it_was_and_names_the_draft(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(parameters={"temperature": 0.0, "stop": ["\n"], "stream": True}, answer="Half.")
    save(cast)
    for query in (f"?conversation={run.conversation_id}", f"?from={run.pk}"):
        page = page_of(cast, query=query)
        assert "You are also writing “<bdi>Half a thou</bdi>”" in page
        assert "Half a thou</textarea>" not in page
        assert 'value="0"' in page
        assert "\\n</textarea>" in page


def test_it_goes_with_its_author_and_with_its_team(cast: Cast) -> None:
    save(cast)
    save(cast, "adam")
    owner = Access(cast.team, Membership.objects.get(user=cast.alice))
    members.remove(owner, Membership.objects.get(user=cast.bob).pk)
    assert [draft.author for draft in Draft.objects.all()] == [cast.adam]
    cast.adam.delete()
    assert not Draft.objects.exists()


def test_what_comes_from_somebody_who_has_left_meanwhile_is_not_kept(cast: Cast) -> None:
    bob = Membership.objects.get(user=cast.bob)
    members.take_out(Membership.objects.get(user=cast.bob))
    assert not save_draft(bob, Typed([TYPED], uuid4())).is_saved
    assert not Draft.objects.exists()


def test_it_is_forgotten_as_prompts_are(cast: Cast) -> None:
    save(cast)
    save(cast, "adam")
    Draft.objects.filter(author=cast.bob).update(saved_at=NOON - timedelta(days=31))
    Draft.objects.filter(author=cast.adam).update(saved_at=NOON - timedelta(days=29))
    retention.forget_due(NOON)
    assert Draft.objects.count() == 2
    Team.objects.update(keep_prompts_days=30)
    Chore.objects.all().delete()
    retention.forget_due(NOON)
    assert [draft.author for draft in Draft.objects.all()] == [cast.adam]


def test_a_run_that_failed_does_not_set_the_model(cast: Cast, make_run: MakeRun) -> None:
    make_run(model="rax-4.5", created_at=NOON)
    make_run(model="mistyped", state=RunState.FAILED)
    assert Run.objects.count() == 2
    page = page_of(cast)
    assert 'value="rax-4.5"' in page
    assert "mistyped" not in page
