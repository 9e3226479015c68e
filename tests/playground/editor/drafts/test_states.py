"""The last fifty states of a draft can be gone back to, by its author."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from common.models import Chore
from playground.editor.drafts.saving import Typed, save_draft
from playground.editor.drafts.states import MOST_BYTES, MOST_STATES, keep_state
from playground.history import retention
from playground.history.erasing import erase
from playground.models import Draft, DraftState
from teams.models import Membership, Team
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from tests.playground.editor.drafting import PLAYGROUND, Tab

MINUTE = timedelta(minutes=1)


def states() -> list[str]:
    """The messages of all states, the oldest first."""
    return [state.columns[0]["message"] for state in DraftState.objects.order_by("pk")]


def grow_older(age: timedelta = MINUTE) -> None:
    """Let what the draft holds have been begun some time ago."""
    Draft.objects.update(began_at=timezone.now() - age)


@pytest.fixture
def tab(cast: Cast) -> Tab:
    """A window of Bob's on a draft that was one thing a minute ago, and is another now."""
    tab = Tab(cast.client("bob"))
    tab.type("Half a thought", temperature="0.2")
    grow_older()
    tab.type("A whole thought", temperature="0.7")
    return tab


def draft_page(tab: Tab, query: str = "") -> str:
    return tab.client.get(f"{PLAYGROUND}drafts/{tab.own['draft_id']}/{query}").text


def go_back(tab: Tab, state: int) -> str:
    address = reverse("playground:restore_draft", args=["acme", tab.own["draft_id"]])
    return tab.client.post(address, {"state": state})["Location"]


def test_keys_of_half_a_minute_are_one_state(cast: Cast) -> None:
    tab = Tab(cast.client("bob"))
    for end in range(1, 15):
        tab.type("Half a thought"[:end])
    assert states() == []
    grow_older()
    tab.type("Half a thought!")
    assert states() == ["Half a thought"]


def test_what_is_taken_out_at_once_is_a_state_at_once(cast: Cast) -> None:
    tab = Tab(cast.client("bob"))
    tab.type("A long and careful thought, all of which is marked now")
    tab.type("x")
    assert states() == ["A long and careful thought, all of which is marked now"]
    tab.type("")
    assert len(states()) == 1


def test_another_number_of_columns_is_a_state(cast: Cast) -> None:
    tab = Tab(cast.client("bob"))
    tab.type("One", **{"b-conversation": "", "b-message": "Two", "b-idempotency_key": str(uuid4())})
    tab.type("One")
    (state,) = DraftState.objects.all()
    assert [column["message"] for column in state.columns] == ["One", "Two"]


def test_the_page_lists_them_with_what_changed(tab: Tab) -> None:
    page = draft_page(tab)
    assert ">Now</span>" in page
    assert "Message, Temperature</span>" in page
    # Each is known by its words.
    assert re.findall(r'<span class="breaks" dir="auto">(.*?)</span>', page) == [
        "A whole thought",
        "Half a thought",
    ]
    assert "A whole thought</dd>" in page
    assert "Go back to this" not in page


def test_of_a_long_text_the_list_has_the_last_words(tab: Tab) -> None:
    tab.type(f"{'Long before. ' * 40} And then the point of it, which is what one looks for in a list.")
    assert ">… the point of it, which is what one looks for in a list.</span>" in draft_page(tab)


def test_of_a_text_changed_in_its_middle_the_list_has_what_was_changed(tab: Tab) -> None:
    long = "Words that stay as they are. " * 10
    for answer in ("in English", "in plain English"):
        grow_older()
        tab.type(f"{long}Answer {answer}, please. {long}")
    assert "are. Words that stay as they are. Answer in plain English, …</span>" in draft_page(tab)


def test_one_is_looked_at_beside_what_is_there_now(tab: Tab) -> None:
    page = draft_page(tab, f"?state={DraftState.objects.get().pk}")
    assert "Half a thought</dd>" in page
    assert re.search(r'<del class="gone">Half a </del><ins class="new">A whole </ins>thought', page)
    assert "Go back to this" in page


def test_going_back_is_a_new_state(tab: Tab, cast: Cast) -> None:
    address = go_back(tab, DraftState.objects.get().pk)
    assert "Half a thought</textarea>" in cast.client("bob").get(address).text
    assert states() == ["Half a thought", "A whole thought"]
    # The window that is still open is asked before it writes over that.
    assert "clash" in tab.type("A whole thought, and more")


def test_a_column_that_was_sent_since_can_be_sent_again(tab: Tab, cast: Cast, taking_runs: None) -> None:
    key = Draft.objects.get().columns[0]["idempotency_key"]
    go_back(tab, DraftState.objects.get().pk)
    assert Draft.objects.get().columns[0]["idempotency_key"] != key


def test_no_more_than_fifty_are_kept(cast: Cast) -> None:
    draft = Draft.objects.create(team=cast.team, author=cast.bob, page=uuid4(), columns=[{"message": ""}])
    for number in range(MOST_STATES + 5):
        keep_state(draft, [{"message": str(number)}], timezone.now())
    assert states() == [str(number) for number in range(5, MOST_STATES + 5)]


def test_they_take_no_more_room_than_they_may(cast: Cast) -> None:
    draft = Draft.objects.create(team=cast.team, author=cast.bob, page=uuid4(), columns=[{"message": ""}])
    for _ in range(4):
        # Nothing of it repeats, so that it stays as long as it is.
        words = "".join(uuid4().hex for _ in range(MOST_BYTES // 3 // 16))
        keep_state(draft, [{"message": words}], timezone.now())
    assert 1 <= len(states()) < 4
    assert states()[-1] == words


@pytest.mark.parametrize(("name", "status"), [("alice", 404), ("vera", 403), ("charlie", 404)])
def test_nobody_else_sees_or_changes_them(tab: Tab, cast: Cast, name: str, status: int) -> None:
    client, state = cast.client(name), DraftState.objects.get()
    page = f"{PLAYGROUND}drafts/{state.draft_id}/"
    assert client.get(page).status_code == status
    assert client.post(f"{page}restore/", {"state": state.pk}).status_code == status
    assert "thought" not in client.get(f"{PLAYGROUND}drafts/").text


def test_a_state_of_another_draft_is_not_gone_back_to(tab: Tab, cast: Cast) -> None:
    other = Draft.objects.create(
        team=cast.team, author=cast.alice, page=uuid4(), columns=[{"message": "Hers"}]
    )
    keep_state(other, other.columns, timezone.now())
    for state in (DraftState.objects.get(draft=other).pk, 10**12):
        assert go_back(tab, state) == f"{PLAYGROUND}drafts/{tab.own['draft_id']}/"
    assert Draft.objects.of(Membership.objects.get(user=cast.bob)).get().message == "A whole thought"


def test_they_go_with_their_draft(tab: Tab) -> None:
    tab.client.post(f"{PLAYGROUND}draft/discard/", {"draft_id": tab.own["draft_id"]})
    assert states() == []


def test_they_are_forgotten_as_prompts_are(tab: Tab) -> None:
    Team.objects.update(keep_prompts_days=30)
    DraftState.objects.update(saved_at=timezone.now() - timedelta(days=31))
    Chore.objects.all().delete()
    retention.forget_due(timezone.now())
    assert states() == []
    assert Draft.objects.get().message == "A whole thought"


def test_who_erases_a_run_erases_what_they_had_typed_before_it(tab: Tab, make_run: MakeRun) -> None:
    erase(make_run(created_at=timezone.now()))
    assert states() == []


def test_the_list_of_drafts_leads_to_each(tab: Tab, cast: Cast) -> None:
    page = cast.client("bob").get(f"{PLAYGROUND}drafts/").text
    assert f'href="{PLAYGROUND}?draft_id={tab.own["draft_id"]}">A whole thought</a>' in page
    assert f'href="{PLAYGROUND}drafts/{tab.own["draft_id"]}/"' in page
    assert "No drafts" in cast.client("alice").get(f"{PLAYGROUND}drafts/").text


def test_what_the_browser_kept_is_not_brought_back_when_it_was_known(tab: Tab) -> None:
    assert tab.type("Half a thought", temperature="0.2", recovered="on") == {
        "saved": False,
        "why": "Not saved: it was sent already.",
        "gone": True,
    }


def test_what_the_browser_kept_becomes_a_draft_beside_what_is_newer(tab: Tab, cast: Cast) -> None:
    kept, old = Tab(cast.client("bob")), Tab(cast.client("bob"))
    assert kept.type("Newer, elsewhere")["saved"]
    told = old.type("Kept in the browser", recovered="on")
    assert (told["saved"], told["apart"]) == (True, True)
    kept_now = {draft.message for draft in Draft.objects.all()}
    assert kept_now >= {"Kept in the browser", "Newer, elsewhere"}


def test_what_was_sent_from_elsewhere_since_is_not_brought_back(tab: Tab, make_run: MakeRun) -> None:
    Draft.objects.all().delete()
    make_run(message="Sent from home", created_at=timezone.now() + MINUTE)
    assert tab.type("Sent from home", recovered="on")["gone"]
    assert tab.type("Not sent", recovered="on")["saved"]


def test_what_was_sent_long_ago_takes_nothing_away_from_what_the_browser_kept(
    cast: Cast, make_run: MakeRun
) -> None:
    make_run(message="Say hello.", created_at=timezone.now() - MINUTE)
    page = Tab(cast.client("bob"))
    assert page.type("Say hello.", recovered="on")["saved"]


def test_what_was_sent_before_the_page_was_opened_is_no_reason_to_let_go_of_it(
    tab: Tab, cast: Cast, make_run: MakeRun
) -> None:
    make_run(message="Say hello.", created_at=timezone.now())
    # Its draft is older than the run; the page is not.
    page = Tab(cast.client("bob"))
    assert page.own["draft_seen"] == tab.own["draft_seen"]
    assert page.type("Say hello.", recovered="on")["saved"]


def test_a_page_of_the_version_before_knows_its_drafts_alone(tab: Tab, make_run: MakeRun) -> None:
    del tab.own["waits_since"]
    make_run(message="Sent from home", created_at=timezone.now())
    assert tab.type("Sent from home", recovered="on")["gone"]


@pytest.mark.parametrize("moment", ["2026-11-27T10:00:00", "2026-11-27", "9999-12-31T23:00:00-14:00", ""])
def test_a_time_that_no_page_tells_is_none(tab: Tab, make_run: MakeRun, moment: str) -> None:
    make_run(message="Say hello.", created_at=timezone.now())
    assert tab.type("Say hello.", recovered="on", waits_since=moment, draft_seen=moment)["saved"]


def test_a_browser_s_settings_without_a_word_give_way_to_what_is_newer(cast: Cast) -> None:
    old = Tab(cast.client("bob"))
    Tab(cast.client("bob")).type("Newer")
    assert old.type("", temperature="1", recovered="on")["gone"]
    assert save_draft(Membership.objects.get(user=cast.bob), Typed([{"message": "x"}], uuid4())).is_saved
