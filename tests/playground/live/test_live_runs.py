"""A run on real processes: it belongs to nobody's connection, can be followed by many, and stops at once."""

import json
from itertools import islice
from uuid import uuid4

import pytest

from tests.installation import wait_until
from tests.playground.visitor import Visitor, words

pytestmark = pytest.mark.processes
LONG = "Tell me a very long story about half-lives. Write 1500 words."


def whole(visitor: Visitor, address: str, **headers: str) -> list[dict[str, str]]:
    with visitor.following(address, **headers) as events:
        return list(events)


def shown(events: list[dict[str, str]]) -> str:
    return words("".join(event.get("data", "") for event in events if "event" not in event))


def test_the_stream_ends_with_the_event_that_closes_it(visitor: Visitor) -> None:
    run = visitor.run("Say hello.")
    *messages, last = whole(visitor, visitor.stream_address(run))
    assert last == {"event": "closed", "data": "closed"}
    positions = [int(message["id"]) for message in messages]
    assert positions == sorted(positions)
    assert visitor.wait_for_end(run)["state"] == "completed"


@pytest.mark.usefixtures("in_a_hurry")
def test_the_answer_is_stored_as_it_was_shown(visitor: Visitor) -> None:
    run = visitor.run("Say hello.", stream="")
    assert visitor.wait_for_end(run)["state"] == "completed"
    stored = str(visitor.row(run)["text"])
    assert stored.split()[0].strip("*#") in words(visitor.fragment(run))


def test_two_readers_see_the_same_and_one_request_is_made(visitor: Visitor) -> None:
    before = len(visitor.exchanges())
    run = visitor.run("Say hello to two readers.")
    address = visitor.stream_address(run)
    with visitor.following(address) as first:
        next(first)
        with visitor.following(visitor.stream_address(run)) as second:
            ends = [list(second)[-1], list(first)[-1]]
    assert ends == [{"event": "closed", "data": "closed"}] * 2
    assert len(visitor.exchanges()) == before + 1


def test_a_page_that_comes_back_goes_on_where_it_was(visitor: Visitor) -> None:
    run = visitor.run(LONG)
    address = visitor.stream_address(run)
    with visitor.following(address) as events:
        seen = list(islice(events, 5))
    position = seen[-1]["id"]
    with visitor.following(address, **{"Last-Event-ID": position}) as events:
        later = list(islice(events, 5))
    visitor.stop(run)
    assert int(later[0]["id"]) >= int(position)
    assert f'hx-target="#tail-{run}" hx-swap="innerHTML"' in later[0]["data"]
    assert not any(f'hx-target="#closed-{run}" hx-swap="innerHTML"' in event["data"] for event in later)


def test_leaving_is_not_stopping(visitor: Visitor) -> None:
    run = visitor.run("Say hello to nobody.")
    with visitor.following(visitor.stream_address(run)) as events:
        next(events)
    assert visitor.wait_for_end(run)["state"] == "completed"


def test_stopping_closes_upstream_and_keeps_the_text(visitor: Visitor) -> None:
    run = visitor.run(LONG)
    with visitor.following(visitor.stream_address(run)) as events:
        list(islice(events, 5))
        visitor.stop(run)
        assert list(events)[-1]["event"] == "closed"
    row = visitor.wait_for_end(run)
    assert (row["state"], row["stop_cause"]) == ("stopped", "member")
    assert "text/event-stream" in str(row["response_headers"])
    assert row["text"]
    wait_until(lambda: visitor.exchanges()[-1]["outcome"] == "client_left", "the simulator to see us leave")


@pytest.mark.usefixtures("in_a_hurry")
def test_a_second_press_of_the_button_is_the_same_run(visitor: Visitor) -> None:
    key = str(uuid4())
    before = len(visitor.exchanges())
    run = visitor.run("Say hello once.", idempotency_key=key)
    again = visitor.press_run("Say hello once.", idempotency_key=key)
    assert "conversation=" in again.headers["HX-Redirect"]
    visitor.wait_for_end(run)
    assert len(visitor.exchanges()) == before + 1


AS_SENT = """
import json
from playground.requests import as_sent
from playground.models import Run
messages = json.loads(as_sent(Run.objects.get(pk="{}")))["messages"]
roles, contents = ([message[name] for message in messages] for name in ("role", "content"))
print(json.dumps([roles, *contents[:2]]))
"""


@pytest.mark.usefixtures("in_a_hurry")
def test_the_conversation_goes_on_and_sends_what_was_said(visitor: Visitor) -> None:
    first = visitor.run("My name is Alice.")
    visitor.wait_for_end(first)
    second = visitor.run("What is my name?", conversation=visitor.conversation_of(first))
    visitor.wait_for_end(second)
    ask = ("shell", "--verbosity", "0", "--command", AS_SENT.format(second))
    roles, said, answer = json.loads(visitor.installation.manage(*ask).stdout)
    assert roles == ["user", "assistant", "user"]
    assert (said, answer) == ("My name is Alice.", visitor.row(first)["text"])
    assert visitor.row(second)["turn"] == 2
    assert "My name" not in str(visitor.row(second)["request"])


@pytest.mark.usefixtures("in_a_hurry")
def test_a_rate_limit_is_told_in_words_and_waited_for(visitor: Visitor) -> None:
    run = visitor.run("[[fault:429]] please")
    row = visitor.wait_for_end(run)
    assert row["state"] == "failed"
    assert "rate" in str(row["error_body"])
    assert "retry-after" in str(row["response_headers"])
    fragment = visitor.fragment(run)
    assert "Too many requests or tokens" in fragment
    assert "data-countdown=" in fragment
    assert str(run) in words(fragment)
    runs = visitor.all_runs()
    for _ in range(14):
        early = visitor.press_run("Say hello too early.").text
        assert "Nothing was sent. The provider asked us to wait." in words(early)
        assert "data-countdown=" in early
    assert visitor.all_runs() == runs
    wait_until(lambda: 'data-countdown="0"' in visitor.fragment(run), "the time the API named")
    assert visitor.wait_for_end(visitor.run("Say hello."))["state"] == "completed"


@pytest.mark.usefixtures("in_a_hurry")
def test_what_the_api_sent_of_a_failure_is_kept_and_shown(visitor: Visitor) -> None:
    run = visitor.run("[[fault:redirect:https://elsewhere.example/v1/chat/completions]] please")
    visitor.wait_for_end(run)
    told = words(visitor.fragment(run))
    assert "leads elsewhere (307): to https://elsewhere.example/v1/chat/completions" in told
    assert "What the API sent HTTP status 307" in told


def test_a_stream_that_is_cut_says_so_and_keeps_its_text(visitor: Visitor) -> None:
    run = visitor.run("[[fault:ended-early]] please")
    row = visitor.wait_for_end(run)
    assert row["state"] == "ended_early"
    assert row["text"]
    assert "Ended early" in words(visitor.fragment(run))


@pytest.mark.usefixtures("in_a_hurry")
def test_max_tokens_are_told_loudly(visitor: Visitor) -> None:
    run = visitor.run("Say a lot.", max_tokens="3")
    assert visitor.wait_for_end(run)["finish_reason"] == "length"
    assert "Cut at max tokens" in words(visitor.fragment(run))


def test_signing_out_ends_the_stream(visitor: Visitor) -> None:
    run = visitor.run(LONG)
    address = visitor.stream_address(run)
    with visitor.following(address) as events:
        next(events)
        with Visitor(visitor.installation) as other:
            assert whole(other, address) == [{"event": "closed", "data": "closed"}]
            visitor.post("/accounts/logout/")
            last = list(events)[-1]
            other.stop(run)
    assert last == {"event": "closed", "data": "closed"}
    assert whole(visitor, address) == [{"event": "closed", "data": "closed"}]


def test_a_changed_password_ends_the_streams_of_other_sessions(visitor: Visitor) -> None:
    run = visitor.run(LONG)
    address = visitor.stream_address(run)
    with Visitor(visitor.installation) as other, visitor.following(address) as events:
        next(events)
        with other.changed_password():
            assert all("event" not in event for event in events)  # the page comes back
            assert whole(visitor, address) == [{"event": "closed", "data": "closed"}]
            with other.following(other.stream_address(run)) as still:
                next(still)
        other.stop(run)


def test_another_site_is_refused(visitor: Visitor) -> None:
    run = visitor.run(LONG)
    address = visitor.stream_address(run)
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://example.com"},
        {"Origin": "http://["},
        {"Host": "example.com"},
    ):
        assert whole(visitor, address, **headers) == [{"event": "closed", "data": "closed"}], headers
    visitor.stop(run)


def test_the_stream_is_guarded_by_headers_and_takes_only_get(visitor: Visitor) -> None:
    answer = visitor.http.get("/streams/playground/?ticket=forged")
    assert answer.text == "event: closed\ndata: closed\n\n"
    assert answer.headers["cache-control"] == "no-store, no-transform"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert visitor.http.post("/streams/playground/").status_code == 405


def test_wrong_parameters_are_told_beside_their_fields_and_nothing_is_sent(visitor: Visitor) -> None:
    before = len(visitor.exchanges())
    answer = visitor.press_run("Hello", temperature="3", top_p="-1", max_tokens="5000")
    text = words(answer.text)
    assert "Temperature goes from 0 to 2." in text
    assert "Top P goes from 0 to 1." in text
    assert "writes at most 4,096 tokens" in text
    assert len(visitor.exchanges()) == before


def test_a_run_stopped_before_its_first_token_counts_its_prompt(visitor: Visitor) -> None:
    before = len(visitor.exchanges())
    run = visitor.run("[[fault:stall:0]] please")
    wait_until(lambda: len(visitor.exchanges()) > before, "the request to be sent")
    visitor.stop(run)
    assert visitor.wait_for_end(run)["state"] == "stopped"
    sql = "SELECT prompt_tokens, completion_tokens, is_reported FROM usage_localusage WHERE run = ?"
    ((prompt, completion, is_reported),) = visitor.installation.rows(sql, run.hex)
    assert prompt > 0
    assert (completion, bool(is_reported)) == (0, False)
