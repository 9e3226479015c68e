"""Two runs of the list are shown side by side."""

import pytest

from playground.models import Conversation, RunState, StopCause
from playground.text.diff import MOST_WORDS
from tests.cast import Cast
from tests.directions import without_directions
from tests.playground.conftest import MakeRun

COMPARE = "/t/acme/playground/runs/compare/"


def test_what_differs_is_told_and_what_is_the_same(cast: Cast, make_run: MakeRun) -> None:
    first = make_run(message="Same", answer="Alpha", parameters={"temperature": 0.2, "stream": True})
    second = make_run(
        message="Same", answer="Omega", model="rax-9", parameters={"max_tokens": 5, "stream": True}
    )
    response = cast.client("vera").get(COMPARE, {"run": [str(first.pk), str(second.pk)]})
    told = {fact.name: (fact.first, fact.second) for fact in response.context["comparison"].differing}
    assert told == {
        "Model": ("rax-4.0", "rax-9"),
        "temperature": ("0.2", "not sent"),
        "max_tokens": ("not sent", "5"),
    }
    text = without_directions(response.text)
    assert text.index("Alpha") < text.index("Omega")
    assert "The same: key, system prompt, message" in text


def test_words_that_differ_are_marked_in_the_answers(cast: Cast, make_run: MakeRun) -> None:
    runs = [str(make_run(answer=f"The {animal} sleeps").pk) for animal in ("cat", "dog")]
    text = cast.client("vera").get(COMPARE, {"run": runs}).text
    assert '<del class="gone">cat </del><ins class="new">dog </ins>' in text


def test_what_still_goes_on_is_asked_for(cast: Cast, make_run: MakeRun) -> None:
    live, over = make_run(state=RunState.RUNNING), make_run(answer="Over")
    text = cast.client("bob").get(COMPARE, {"run": [str(live.pk), str(over.pk)]}).text
    assert text.count("every 2s") == 1
    assert f"/runs/{live.pk}/stop/" in text


@pytest.mark.parametrize("chosen", [0, 1, 3])
def test_it_asks_for_two(cast: Cast, make_run: MakeRun, chosen: int) -> None:
    runs = [str(make_run().pk) for _ in range(chosen)]
    response = cast.client("bob").get(COMPARE, {"run": runs}, follow=True)
    assert "Choose two runs to compare." in response.text


def test_what_is_no_run_of_the_team_is_not_shown(cast: Cast, make_run: MakeRun) -> None:
    conversation = Conversation.objects.create(team=cast.other_team, author=cast.charlie)
    other = make_run(message="Theirs", team=cast.other_team, conversation=conversation)
    for named in (str(other.pk), "nonsense", "\0"):
        text = cast.client("bob").get(COMPARE, {"run": [str(make_run().pk), named]}, follow=True).text
        assert "Choose two runs" in text
        assert "Theirs" not in text


def test_who_stopped_one_of_them_is_told(cast: Cast, make_run: MakeRun) -> None:
    stopped = {"state": RunState.STOPPED, "stop_cause": StopCause.MEMBER, "stopped_by": cast.bob}
    runs = [make_run(answer="One", completion_tokens=12, **stopped), make_run(duration_ms=90_000)]
    text = without_directions(cast.client("vera").get(COMPARE, {"run": [str(run.pk) for run in runs]}).text)
    assert "Stopped by Bob after ≈ 12 tokens" in text
    assert "1 min 30 s" in text


def test_it_does_not_call_the_same_what_was_compared_in_part(cast: Cast, make_run: MakeRun) -> None:
    two = [make_run(answer="word " * MOST_WORDS + end) for end in ("one", "another")]
    page = cast.client("bob").get(COMPARE, {"run": [str(run.pk) for run in two]}).text
    assert "the rest may differ" in page
    assert "The answers have the same words" not in page
