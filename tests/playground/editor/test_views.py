"""The playground's pages: who sees what, and what a viewer may not do."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from playground.editor.start.starting import STOPPING
from playground.models import LEASE, Conversation, Run, RunState
from teams.models import Key, Membership
from tests.cast import Cast
from tests.playground.conftest import MakeRun

PLAYGROUND = "/t/acme/playground/"
RUNS = f"{PLAYGROUND}runs/"
HTMX = {"HX-Request": "true"}
LABELS = (
    "Model",
    "System prompt",
    "Message",
    "Temperature",
    "Max tokens",
    "Top P",
    "Stop sequences",
    "Stream",
)
DEEDS = ("stop", "again", "delete")


def address(run: Run, deed: str = "run") -> str:
    return reverse(f"playground:{deed}", args=["acme", run.pk])


def test_members_find_the_form(cast: Cast) -> None:
    page = cast.client("bob").get(PLAYGROUND).text
    for label in LABELS:
        assert f">{label}</" in page, label
    assert "No key" not in page


def test_viewers_find_no_form(cast: Cast) -> None:
    page = cast.client("vera").get(PLAYGROUND).text
    assert "<textarea" not in page
    assert "Members of the team can run prompts." in page


def test_without_a_key_it_says_where_to_add_one(cast: Cast) -> None:
    Key.objects.all().delete()
    page = cast.client("bob").get(PLAYGROUND).text
    assert reverse("teams:keys", args=["acme"]) in page
    assert "<textarea" not in page


def test_the_key_chooser_appears_with_the_second_key(cast: Cast) -> None:
    from tests.cast import make_key

    assert ">Key</label>" not in cast.client("bob").get(PLAYGROUND).text
    make_key(cast.team, cast.bob, "Second")
    assert ">Key</label>" in cast.client("bob").get(PLAYGROUND).text


def test_viewers_may_not_run_and_outsiders_see_no_team(cast: Cast) -> None:
    start = f"{PLAYGROUND}start/"
    assert cast.client("vera").post(start).status_code == 403
    assert cast.client("charlie").post(start).status_code == 404


@pytest.mark.parametrize("deed", DEEDS)
def test_viewers_may_read_a_run_and_do_nothing_with_it(cast: Cast, make_run: MakeRun, deed: str) -> None:
    run = make_run(answer="An **answer**")
    viewer = cast.client("vera")
    assert "An <strong>answer</strong>" in viewer.get(address(run)).text
    assert viewer.post(address(run, deed)).status_code == 403


@pytest.mark.parametrize("deed", ["run", *DEEDS])
def test_a_run_of_another_team_does_not_exist_here(cast: Cast, deed: str) -> None:
    conversation = Conversation.objects.create(team=cast.other_team, author=cast.charlie)
    run = Run.objects.create(
        team=cast.other_team, conversation=conversation, model="m", state=RunState.COMPLETED
    )
    client = cast.client("alice")
    answer = client.get(address(run)) if deed == "run" else client.post(address(run, deed))
    assert answer.status_code == 404


def test_a_conversation_of_another_team_does_not_exist_here(cast: Cast) -> None:
    foreign = Conversation.objects.create(team=cast.other_team, author=cast.charlie)
    client = cast.client("alice")
    assert client.get(f"{PLAYGROUND}?conversation={foreign.pk}").status_code == 404
    assert client.get(f"{PLAYGROUND}?conversation=x").status_code == 404


def run_of_another_team(cast: Cast, **fields: object) -> Run:
    """Charlie's run, of a team in which Alice is too."""
    Membership.objects.create(team=cast.other_team, user=cast.alice)
    conversation = Conversation.objects.create(team=cast.other_team, author=cast.charlie)
    fields = {
        "author": cast.charlie,
        "model": "their-model",
        "message": "The others' secret",
        "answer": "Hush.",
    } | fields
    return Run.objects.create(
        team=cast.other_team, conversation=conversation, state=RunState.COMPLETED, **fields
    )


def test_a_form_begins_with_a_run_of_the_team_and_no_other(cast: Cast, make_run: MakeRun) -> None:
    own, foreign = make_run(), run_of_another_team(cast)
    client = cast.client("alice")
    assert "What is a half-life?" in client.get(f"{PLAYGROUND}?from={own.pk}").text
    page = client.get(f"{PLAYGROUND}?from={foreign.pk}").text
    assert "secret" not in page
    assert "their-model" not in page


def test_a_fresh_page_does_not_begin_as_another_team_s_last_run(cast: Cast) -> None:
    run_of_another_team(cast, author=cast.alice)
    assert "their-model" not in cast.client("alice").get(PLAYGROUND).text


def test_the_history_shows_no_run_of_another_team(cast: Cast) -> None:
    run_of_another_team(cast)
    assert "their-model" not in cast.client("alice").get(RUNS).text


def test_a_refused_form_shows_no_conversation_of_another_team(cast: Cast) -> None:
    foreign = run_of_another_team(cast)
    form = {"message": "", "idempotency_key": str(uuid4()), "conversation": str(foreign.conversation_id)}
    answer = cast.client("alice").post(f"{PLAYGROUND}start/", form)
    assert answer.status_code == 422
    assert "Hush." not in answer.text


def test_a_fresh_page_sets_nothing_but_the_last_model(cast: Cast, make_run: MakeRun) -> None:
    make_run(parameters={"temperature": 0.25, "stop": ["END"], "stream": False}, model="rax-4.5")
    page = cast.client("bob").get(PLAYGROUND).text
    assert 'value="rax-4.5"' in page
    assert "0.25" not in page
    assert "END" not in page


def test_a_conversation_goes_on_as_its_last_turn_was(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(parameters={"temperature": 0.25, "stream": True}, answer="Half.")
    page = cast.client("bob").get(f"{PLAYGROUND}?conversation={run.conversation_id}").text
    assert 'value="0.25"' in page
    assert "What is a half-life?" in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_server_that_takes_no_runs_says_so_and_keeps_the_form(cast: Cast, headers: dict[str, str]) -> None:
    form = {"message": "My words", "model": "rax-4.0", "idempotency_key": str(uuid4())}
    answer = cast.client("bob").post(f"{PLAYGROUND}start/", form, headers=headers)
    assert answer.status_code == 503
    assert STOPPING in answer.text
    assert ("My words" in answer.text) == (not headers)  # a page that stays keeps its form
    assert not Run.objects.exists()


def test_an_answer_to_the_form_holds_none_of_its_fields(cast: Cast) -> None:
    form = {"message": " ", "model": "", "temperature": "9", "idempotency_key": str(uuid4())}
    refused = cast.client("bob").post(f"{PLAYGROUND}start/", form, headers=HTMX).text
    for words in ("Write a message first.", "Choose a model", "Temperature goes from 0 to 2."):
        assert words in refused
    assert "<textarea" not in refused
    assert "<input" not in refused


def test_nothing_is_asked_again_by_a_server_that_takes_no_runs(cast: Cast, make_run: MakeRun) -> None:
    client = cast.client("bob")
    answer = client.post(address(make_run(), "again"))
    assert STOPPING in client.get(answer["Location"]).text
    assert Run.objects.count() == 1


def test_colleagues_read_a_conversation_and_begin_their_own(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(answer="Half.")
    page = cast.client("alice").get(f"{PLAYGROUND}?conversation={run.conversation_id}").text
    assert "Half." in page
    assert "Start one of your own" in page


def test_a_plain_post_with_errors_is_the_whole_page_with_everything_kept(cast: Cast) -> None:
    form = {"message": "Hello", "model": "rax-4.0", "temperature": "9", "idempotency_key": str(uuid4())}
    answer = cast.client("bob").post(f"{PLAYGROUND}start/", form)
    assert answer.status_code == 422
    assert "Temperature goes from 0 to 2." in answer.text
    assert 'value="9"' in answer.text
    assert "<title>" in answer.text


def test_a_lost_run_is_interrupted_when_somebody_looks(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, answer="half an ans")
    page = cast.client("bob").get(address(run)).text
    assert "half an ans" in page
    assert "Interrupted" in page


def test_a_run_of_another_process_is_asked_for_every_two_seconds(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, owner="elsewhere", lease_expires_at="2999-01-01T00:00Z")
    page = cast.client("bob").get(address(run)).text
    assert "every 2s" in page
    assert "hx-sse:connect" not in page


def test_only_the_author_deletes_and_is_asked_first(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(answer="A secret answer", completion_tokens=5)
    assert cast.client("alice").post(address(run, "delete"))["Location"] == address(run)
    author = cast.client("bob")
    assert "Delete" in author.get(address(run, "delete")).text
    assert author.post(address(run, "delete"))["Location"] == RUNS
    assert author.get(address(run)).status_code == 404
    run.refresh_from_db()
    assert (run.answer, run.completion_tokens) == ("", 5)


def test_an_error_shows_its_words_its_request_and_our_run(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.FAILED, error_message="The API failed (500).", request_id="req_abc")
    page = cast.client("bob").get(address(run)).text
    for words in ("The API failed (500).", "req_abc", str(run.pk), "Run again"):
        assert words in page


def test_reported_and_estimated_tokens_can_be_told_apart(cast: Cast, make_run: MakeRun) -> None:
    numbers = {"prompt_tokens": 25, "completion_tokens": 18, "answer": "x", "duration_ms": 1000}
    client = cast.client("bob")
    estimated, reported = make_run(**numbers), make_run(**numbers, tokens_reported=True)
    assert "≈ 43 tokens (25 in, 18 out)" in client.get(address(estimated)).text
    assert "≈" not in client.get(address(reported)).text


@pytest.mark.parametrize("said", [{}, {"answer": "Hello"}, {"reasoning": "Well"}, {"refusal": "No"}])
def test_a_live_turn_says_whether_it_waits_for_its_first_words(
    cast: Cast, make_run: MakeRun, said: dict[str, str]
) -> None:
    run = make_run(cast.bob, state=RunState.RUNNING, **said, lease_expires_at=timezone.now() + LEASE)
    page = cast.client("bob").get(address(run), headers=HTMX).text
    assert f'id="stage-{run.pk}">{"Writing …" if said else "Waiting"}<' in page
    assert (f'id="waited-{run.pk}" class="turn-waited">, ' in page) is (not said)
