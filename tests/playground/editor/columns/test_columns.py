"""A page of several columns: each with a conversation and fields of its own, run alone or with the others."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from playground.editor.views import start
from playground.live.process_log import log
from playground.models import LEASE, Conversation, Draft, Run, RunState
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from usage.quota.limiter import block

pytestmark = pytest.mark.usefixtures("taking_runs")
PLAYGROUND = "/t/acme/playground/"
START, SAVE, CHANGE = f"{PLAYGROUND}start/", f"{PLAYGROUND}draft/", f"{PLAYGROUND}draft/change/"
HTMX = {"HX-Request": "true"}


def column(letter: str, message: str, **fields: str) -> dict[str, str]:
    """Return a column's fields as a form sends them."""
    typed = {"message": message, "model": "rax-4.0", "stream": "on", "conversation": ""}
    typed |= {"idempotency_key": str(uuid4()), **fields}
    return typed if letter == "a" else {f"{letter}-{name}": value for name, value in typed.items()}


def page_of(*messages: str) -> dict[str, str]:
    """Return a form of so many columns with these messages."""
    form: dict[str, str] = {}
    for letter, message in zip("abcd", messages, strict=False):
        form |= column(letter, message)
    return form


def press(cast: Cast, form: dict[str, str], which: str = "all", **headers: Any) -> Any:
    return cast.client("bob").post(START, {**form, "run": which}, headers=headers or HTMX)


def regions(page: str) -> list[str]:
    return re.findall(r'aria-label="(Column [A-D])"', page)


def get(cast: Cast, query: str = "", name: str = "bob") -> str:
    return unescape(cast.client(name).get(f"{PLAYGROUND}{query}").text)


def test_run_all_starts_every_column_in_a_conversation_of_its_own(cast: Cast) -> None:
    answer = press(cast, page_of("One", "Two", "Three"))
    assert sorted(Run.objects.values_list("message", flat=True)) == ["One", "Three", "Two"]
    assert Conversation.objects.count() == 3
    for letter in "abc":
        assert f'hx-target="#thread-{letter}"' in answer.text
        assert f'hx-target="#form-keys-{letter}"' in answer.text
    by_message = {run.message: str(run.conversation_id) for run in Run.objects.all()}
    wanted = "&".join(f"conversation={by_message[one]}" for one in ("One", "Two", "Three"))
    assert answer["HX-Push-Url"] == f"{PLAYGROUND}?{wanted}"


def test_enter_in_a_field_presses_nothing(cast: Cast) -> None:
    first = re.search(r'<button[^>]*form="run-form"[^>]*>', get(cast))
    assert first
    assert "disabled" in first[0]


def test_a_column_s_run_leaves_the_others_as_they_are(cast: Cast) -> None:
    answer = press(cast, page_of("One", "Two"), "b")
    run = Run.objects.get()
    assert run.message == "Two"
    assert "thread-a" not in answer.text
    assert answer["HX-Push-Url"] == f"{PLAYGROUND}?conversation=&conversation={run.conversation_id}"


def test_a_page_of_one_column_needs_to_say_nothing_of_columns(cast: Cast) -> None:
    form = {"message": "One", "model": "rax-4.0", "idempotency_key": str(uuid4())}
    assert "thread-a" in cast.client("bob").post(START, form, headers=HTMX).text
    assert Run.objects.get().message == "One"


def test_one_that_is_refused_leaves_the_others_running(cast: Cast) -> None:
    form = page_of("One", "Two", "Three") | {"b-temperature": "9"}
    answer = press(cast, form)
    assert answer.status_code == 200
    assert Run.objects.count() == 2
    assert 'hx-target="#id_b-temperature_beside"' in answer.text
    assert "Temperature goes from 0 to 2." in answer.text
    assert 'hx-target="#form-keys-b"' not in answer.text


def test_a_limit_leaves_those_running_that_came_first(cast: Cast, settings) -> None:
    settings.LIVE_RUNS_PER_PERSON = 2
    answer = press(cast, page_of("One", "Two", "Three"))
    assert Run.objects.count() == 2
    assert 'hx-target="#run-form-c_beside"' in answer.text
    assert "as many as one person may have" in answer.text


def test_a_key_that_must_wait_says_so_in_each_of_its_columns(cast: Cast) -> None:
    block({cast.key.pk: timezone.now() + timedelta(seconds=90)})
    answer = press(cast, page_of("One", "Two"))
    assert answer.text.count("Nothing was sent. The provider asked us to wait.") == 2
    assert not Run.objects.exists()


def test_pressing_twice_is_one_run_in_each_column(cast: Cast) -> None:
    form = page_of("One", "Two")
    press(cast, form)
    repeated = press(cast, form)
    assert Run.objects.count() == 2
    runs = {run.message: run.conversation_id for run in Run.objects.all()}
    assert repeated["HX-Redirect"].endswith(f"?conversation={runs['One']}&conversation={runs['Two']}")


def test_without_scripts_what_was_refused_is_kept_beside_what_began(cast: Cast) -> None:
    answer = press(cast, page_of("One", "Two words") | {"b-top_p": "7"}, Accept="text/html")
    assert answer.status_code == 422
    assert regions(answer.text) == ["Column A", "Column B"]
    assert "Two words</textarea>" in answer.text
    assert "One</textarea>" not in answer.text
    assert "Top P goes from 0 to 1." in answer.text
    assert Run.objects.get().message == "One"


def test_without_scripts_all_that_began_is_the_page_of_its_address(cast: Cast) -> None:
    answer = press(cast, page_of("One", "Two"), Accept="text/html")
    ids = {run.message: run.conversation_id for run in Run.objects.all()}
    assert answer["Location"] == f"{PLAYGROUND}?conversation={ids['One']}&conversation={ids['Two']}"


def test_an_address_names_the_conversations_of_its_columns_in_order(cast: Cast, make_run: MakeRun) -> None:
    first, second = make_run(answer="First."), make_run(answer="Second.", model="rax-4.5")
    page = get(cast, f"?conversation={second.conversation_id}&conversation={first.conversation_id}")
    assert regions(page) == ["Column A", "Column B"]
    assert page.index("Second.") < page.index("First.")


def test_a_page_has_four_columns_at_most_and_no_conversation_twice(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(answer="Half.")
    page = get(cast, "?" + "&".join([f"conversation={run.conversation_id}"] * 6))
    assert regions(page) == ["Column A", "Column B", "Column C", "Column D"]
    assert page.count('class="turn"') == 1
    assert "Add column" not in page


def test_a_new_column_copies_the_last(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(parameters={"temperature": 0.25, "stream": True}, system_prompt="Be brief.")
    page = get(cast, f"?conversation={run.conversation_id}&conversation=")
    assert page.count('value="0.25"') == 2
    assert page.count("Be brief.</textarea>") == 2


def test_columns_of_another_team_do_not_exist_here(cast: Cast, make_run: MakeRun) -> None:
    foreign = Conversation.objects.create(team=cast.other_team, author=cast.charlie)
    query = f"?conversation={make_run().conversation_id}&conversation={foreign.pk}"
    assert cast.client("bob").get(f"{PLAYGROUND}{query}").status_code == 404


def test_a_colleague_s_conversation_is_read_beside_one_s_own(cast: Cast, make_run: MakeRun) -> None:
    theirs, own = make_run(cast.alice, answer="Theirs."), make_run(answer="Own.")
    page = get(cast, f"?conversation={theirs.conversation_id}&conversation={own.conversation_id}")
    assert "Start one of your own" in page
    assert 'name="b-message"' in page
    assert 'name="message"' not in page


def test_beside_a_colleague_s_conversation_one_s_own_columns_keep_their_letters(
    cast: Cast, make_run: MakeRun
) -> None:
    client, read = cast.client("bob"), str(make_run(cast.alice).conversation_id)
    form = {"conversation": read}
    form |= column("b", "A long word to say", temperature="0.2")
    form |= column("c", "A short word to say", temperature="0.7", model="rax-4.5")
    told = client.post(SAVE, form).json()
    for page in (told["differs"], get(cast, f"?conversation={read}&conversation=&conversation=")):
        assert 'value="only:b:model"' in page
    assert list(told["marks"]) == ["c-message"]
    client.post(CHANGE, {**form, "change": "only:b:model"})
    _, one, other = Draft.objects.get().columns
    assert [typed["model"] for typed in (one, other)] == ["rax-4.0", "rax-4.5"]
    for typed in (one, other):
        assert (typed["message"], typed["temperature"]) == ("A long word to say", "0.2")


def test_columns_are_added_copied_and_removed_as_they_were_typed(cast: Cast) -> None:
    client = cast.client("bob")
    one = column("a", "A thought", temperature="0.3")
    added = client.post(CHANGE, {**one, "change": "add"})
    assert added["Location"] == f"{PLAYGROUND}?conversation=&conversation="
    page = get(cast, "?conversation=&conversation=")
    assert page.count("A thought</textarea>") == 2
    assert page.count('value="0.3"') == 2
    both = one | column("b", "Another thought")
    client.post(CHANGE, {**both, "change": "copy:b"})
    assert [typed["message"] for typed in Draft.objects.get().columns] == [
        "A thought",
        "Another thought",
        "Another thought",
    ]
    client.post(CHANGE, {**both, "change": "remove:a"})
    assert [typed["message"] for typed in Draft.objects.get().columns] == ["Another thought"]


def test_a_draft_is_the_whole_page_and_opened_again_whole(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(answer="Half.")
    form = column("a", "And then?", conversation=str(run.conversation_id)) | column("b", "Or else?")
    assert cast.client("bob").post(SAVE, form).json()["saved"]
    for query in ("", f"?conversation={run.conversation_id}&conversation="):
        page = get(cast, query)
        assert regions(page) == ["Column A", "Column B"]
        assert "And then?</textarea>" in page
        assert "Or else?</textarea>" in page
        assert "Half." in page
    assert "You are also writing “<bdi>And then?</bdi>”" in get(cast, "?conversation=")


def test_of_a_draft_that_column_is_forgotten_that_was_sent(cast: Cast) -> None:
    form = page_of("One", "Two")
    cast.client("bob").post(SAVE, form)
    press(cast, form, "a")
    assert [typed["message"] for typed in Draft.objects.get().columns] == ["", "Two"]
    # What was on its way meanwhile brings back nothing of it.
    assert cast.client("bob").post(SAVE, form).json()["saved"]
    assert [typed["message"] for typed in Draft.objects.get().columns] == ["", "Two"]
    press(cast, form, "b")
    assert not Draft.objects.exists()


def test_a_page_has_one_stream_for_all_its_live_runs(cast: Cast, make_run: MakeRun, live_log) -> None:
    lease = timezone.now() + LEASE * 100
    runs = [make_run(state=RunState.RUNNING, lease_expires_at=lease) for _ in range(3)]
    for run in runs:
        live_log(run)
    page = get(cast, "?" + "&".join(f"conversation={run.conversation_id}" for run in runs))
    (followed,) = re.findall(r'data-follows="([^"]+)"', page)
    assert [UUID(one) for one in followed.split()] == [run.pk for run in runs]
    assert page.count("hx-sse:connect") == 1


def test_a_later_run_joins_the_page_s_stream(cast: Cast, make_run: MakeRun, live_log) -> None:
    live = make_run(state=RunState.RUNNING, lease_expires_at=timezone.now() + LEASE * 100)
    live_log(live)
    form = column("a", "", conversation=str(live.conversation_id)) | column("b", "Two")
    answer = press(cast, form, "b").text
    (followed,) = re.findall(r'data-follows="([^"]+)"', answer)
    begun = Run.objects.get(message="Two").pk
    assert set(followed.split()) == {str(live.pk), str(begun)}
    assert f"run={begun}" in answer


def test_a_run_that_ends_while_the_page_is_told_of_it_is_followed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = start.followed_runs

    def end_first(*arguments: Any) -> list[Run]:
        Run.objects.update(state=RunState.FAILED)
        return asked(*arguments)

    monkeypatch.setattr(start, "followed_runs", end_first)
    answer = press(cast, column("a", "Half a word")).text
    assert f"stream/?run={Run.objects.get().pk}" in answer


@pytest.fixture
def live_log():
    """Give runs a log of this process."""
    opened: list[UUID] = []

    def make(run: Run) -> None:
        async_to_sync(log.open)(run.pk)
        opened.append(run.pk)

    yield make
    log.forget(opened)
