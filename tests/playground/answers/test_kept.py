"""Raw lines on real processes, with both databases: what the simulator sent is there, with its times."""

import json

import pytest

from tests.playground.visitor import Visitor

pytestmark = pytest.mark.processes


@pytest.mark.usefixtures("in_a_hurry")
def test_what_was_sent_can_be_read_line_by_line(visitor: Visitor) -> None:
    run = visitor.run("Say hello.")
    visitor.wait_for_end(run)
    lines = visitor.http.get(f"{visitor.playground}runs/{run}/raw.txt").text.splitlines()
    times = [int(line.partition("\t")[0]) for line in lines]
    events = [line.partition("\t")[2].removeprefix("data: ") for line in lines if "data: " in line]
    choices = [choice for event in events[:-1] for choice in json.loads(event)["choices"]]
    said = [choice["delta"].get("content") or "" for choice in choices]
    assert times == sorted(times)
    assert events[-1] == "[DONE]"
    assert "".join(said) == visitor.row(run)["text"]
    assert "timeline-bar" in visitor.http.get(f"{visitor.playground}runs/{run}/?view=raw").text


@pytest.mark.usefixtures("in_a_hurry")
def test_the_lines_of_a_deleted_run_are_gone(visitor: Visitor) -> None:
    run = visitor.run("Say hello.")
    visitor.wait_for_end(run)
    assert visitor.post(f"{visitor.playground}runs/{run}/delete/").status_code == 302
    assert visitor.http.get(f"{visitor.playground}runs/{run}/raw.txt").status_code == 404
