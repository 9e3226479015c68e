"""Two windows that are typed into: neither loses anything, and neither writes over the other unasked."""

import re
from uuid import uuid4

import pytest

from playground.editor.drafts.saving import MOST_DRAFTS
from playground.models import Draft, DraftState
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from tests.playground.editor.drafting import PLAYGROUND, TYPED, Tab

CHOOSE = f"{PLAYGROUND}draft/choose/"
pytestmark = pytest.mark.usefixtures("taking_runs")


def messages(*, of: str = "bob") -> list[str]:
    drafts = Draft.objects.filter(author__email=f"{of}@example.com").order_by("pk")
    return [draft.message for draft in drafts]


def states() -> list[str]:
    return [state.columns[0]["message"] for state in DraftState.objects.order_by("pk")]


@pytest.fixture
def tabs(cast: Cast) -> tuple[Tab, Tab]:
    """Two windows on one draft, of which the first has gone on with it."""
    Tab(cast.client("bob")).type("What is a half-life?")
    one, other = Tab(cast.client("bob")), Tab(cast.client("bob"))
    assert one.type("What is a half-life of iron?")["saved"]
    return one, other


def test_the_second_is_shown_the_difference_and_nothing_is_written(tabs: tuple[Tab, Tab]) -> None:
    told = tabs[1].type("What is a quarter-life?", temperature="0.2")
    assert not told["saved"]
    assert "another window" in told["why"]
    panel = " ".join(told["clash"].split())
    assert '<del class="gone">half-life of iron?</del><ins class="new">quarter-life?</ins>' in panel
    assert re.search(r"<dt>Temperature</dt> <dd[^>]*>\s*<ins class=\"new\">0.2</ins>", panel)
    for choice in ("Keep both", "Keep mine", "Take the other"):
        assert choice in panel
    assert messages() == ["What is a half-life of iron?"]


def test_it_may_keep_both_and_each_goes_on_with_its_own(tabs: tuple[Tab, Tab], cast: Cast) -> None:
    one, other = tabs
    assert other.type("Another", choice="both")["apart"]
    assert one.type("The first again")["saved"]
    assert other.type("Another one")["saved"]
    assert messages() == ["The first again", "Another one"]
    page = Tab(cast.client("bob"), f"?draft_id={one.own['draft_id']}").markup
    assert "The first again</textarea>" in page
    assert "1 other draft" in page


def test_it_may_keep_its_own_and_the_other_is_a_state(tabs: tuple[Tab, Tab]) -> None:
    one, other = tabs
    assert other.type("What is a half-life of iron? Mine", choice="mine")["saved"]
    assert messages() == ["What is a half-life of iron? Mine"]
    assert "What is a half-life of iron?" in states()
    # Now the first window is the one that was not asked.
    assert "clash" in one.type("What is a half-life of iron, then?")


def test_it_may_take_the_other_and_its_own_is_a_state(tabs: tuple[Tab, Tab], cast: Cast) -> None:
    _, other = tabs
    form = {**TYPED, "message": "Mine", **other.own, "choice": "other"}
    address = cast.client("bob").post(CHOOSE, form)["Location"]
    assert address == f"{PLAYGROUND}?draft_id={other.own['draft_id']}"
    assert "of iron?</textarea>" in cast.client("bob").get(address).text
    assert "Mine" in states()


@pytest.mark.parametrize(("choice", "left"), [("both", 2), ("mine", 1)])
def test_without_scripts_the_page_comes_back_as_was_chosen(
    tabs: tuple[Tab, Tab], cast: Cast, choice: str, left: int
) -> None:
    form = {**TYPED, "message": "Mine", **tabs[1].own, "choice": choice}
    address = cast.client("bob").post(CHOOSE, form)["Location"]
    assert "Mine</textarea>" in cast.client("bob").get(address).text
    assert Draft.objects.count() == left


def test_two_that_begin_empty_at_one_place_are_asked_too(cast: Cast) -> None:
    one, other = Tab(cast.client("bob")), Tab(cast.client("bob"))
    assert one.type("One")["saved"]
    assert "clash" in other.type("Two")
    assert other.type("Two", choice="both")["apart"]
    assert messages() == ["One", "Two"]


def test_the_same_words_are_no_matter_to_ask_about(cast: Cast) -> None:
    one, other = Tab(cast.client("bob")), Tab(cast.client("bob"))
    assert one.type("The same")["saved"]
    assert other.type("The same")["saved"]
    assert messages() == ["The same"]


def test_a_page_whose_answer_was_lost_goes_on(cast: Cast) -> None:
    tab = Tab(cast.client("bob"))
    before = dict(tab.own)
    tab.type("Once")
    tab.own = before
    assert tab.type("Twice")["saved"]
    assert messages() == ["Twice"]


def test_another_conversation_has_a_draft_of_its_own(cast: Cast, make_run: MakeRun) -> None:
    Tab(cast.client("bob")).type("At home")
    there = str(make_run(answer="Half.").conversation_id)
    assert Tab(cast.client("bob"), f"?conversation={there}").type("There", conversation=there)["saved"]
    assert messages() == ["At home", "There"]
    assert "At home</textarea>" in Tab(cast.client("bob"), "?conversation=").markup
    assert "There</textarea>" in Tab(cast.client("bob"), f"?conversation={there}").markup


def test_what_is_sent_takes_its_own_draft_alone(tabs: tuple[Tab, Tab], cast: Cast) -> None:
    _, other = tabs
    other.type("Another", choice="both")
    form = {**TYPED, "message": "Another", "idempotency_key": other.own["idempotency_key"]}
    cast.client("bob").post(f"{PLAYGROUND}start/", form, headers={"HX-Request": "true"})
    assert messages() == ["What is a half-life of iron?"]


def test_a_change_of_columns_writes_over_nothing(tabs: tuple[Tab, Tab], cast: Cast) -> None:
    form = {**TYPED, "message": "Mine", **tabs[1].own, "change": "add"}
    address = cast.client("bob").post(f"{PLAYGROUND}draft/change/", form)["Location"]
    assert cast.client("bob").get(address).text.count("Mine</textarea>") == 2
    assert messages() == ["What is a half-life of iron?", "Mine"]


def test_any_field_that_a_column_has_is_compared_by_its_label(tabs: tuple[Tab, Tab]) -> None:
    draft = Draft.objects.get()
    Draft.objects.update(columns=[{**draft.columns[0], "some_new_field": "Only there"}])
    panel = tabs[1].type("Mine")["clash"]
    assert "<dt>Some new field</dt>" in panel
    assert '<del class="gone">Only there</del>' in panel


def test_there_is_an_end_to_drafts_and_none_is_lost_for_it(cast: Cast) -> None:
    owner = {"team": cast.team, "author": cast.bob}
    for number in range(MOST_DRAFTS):
        Draft.objects.create(**owner, page=uuid4(), columns=[{"message": f"Draft {number}"}])
    new = {"draft_id": "", "draft_seen": "0", "choice": "both"}
    told = Tab(cast.client("bob")).type("One more", **new)
    assert not told["saved"]
    assert f"you have {MOST_DRAFTS} drafts" in told["why"]
    Draft.objects.filter(columns__0__message="Draft 7").update(columns=[{"message": ""}])
    assert Tab(cast.client("bob")).type("One more", **new)["saved"]
    assert Draft.objects.count() == MOST_DRAFTS


def test_discarding_one_leaves_the_other(tabs: tuple[Tab, Tab], cast: Cast) -> None:
    one, other = tabs
    other.type("Another", choice="both")
    cast.client("bob").post(f"{PLAYGROUND}draft/discard/", {"draft_id": one.own["draft_id"]})
    assert messages() == ["Another"]
    # A page without a draft discards nobody's.
    cast.client("bob").post(f"{PLAYGROUND}draft/discard/", {"draft_id": ""})
    cast.client("alice").post(f"{PLAYGROUND}draft/discard/", {"draft_id": other.own["draft_id"]})
    assert messages() == ["Another"]
