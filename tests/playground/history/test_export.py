"""The history goes into a file: all of it, or what the address asks for."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from asgiref.sync import async_to_sync

from playground.history import exporting
from playground.history.rating import rate
from playground.models import Run
from playground.search import index
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun

RUNS = "/t/acme/playground/runs/export."


def export(cast: Cast, kind: str, person: str = "vera", **query: str) -> str:
    response: Any = cast.client(person).get(f"{RUNS}{kind}?{urlencode(query)}")
    assert response.status_code == 200

    async def read() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(read)().decode()


def test_a_line_is_a_run_with_everything(cast: Cast, make_run: MakeRun) -> None:
    words = {"system_prompt": "Be kind", "message": "Hi ✓", "answer": "Hello\nyou", "reasoning": "Hm"}
    run = make_run(**words, parameters={"temperature": 0.2}, prompt_tokens=3, completion_tokens=4)
    rate(run, cast.alice, "up", "Nice")
    (line,) = export(cast, "jsonl").splitlines()
    told = json.loads(line)
    assert told | words == told
    assert (told["member"], told["key"], told["rating"], told["note"]) == ("Bob", "Main key", "up", "Nice")
    assert (told["parameters"], told["prompt_tokens"]) == ({"temperature": 0.2}, 3)
    assert "rax_demo" not in line


def test_cells_that_would_be_formulas_are_text(cast: Cast, make_run: MakeRun) -> None:
    for sign in "=+-@\t\r":
        make_run(message=f"{sign}1+1", answer='With "quotes",\nlines')
    text = export(cast, "csv")
    assert text.startswith("\ufeffid,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert {row["message"] for row in rows} == {f"'{sign}1+1" for sign in "=+-@\t\r"}
    assert rows[0]["answer"] == 'With "quotes",\nlines'


def test_nothing_within_an_answer_is_a_formula_where_semicolons_end_cells(
    cast: Cast, make_run: MakeRun
) -> None:
    make_run(message="Hi", answer="a;=1+1\n=2+2\nb", parameters={"stop": ["x;=3+3"]})
    (row,) = csv.DictReader(io.StringIO(export(cast, "csv").removeprefix("\ufeff"), newline=""))
    assert (row["answer"], row["parameters"]) == ("a;'=1+1\n'=2+2\nb", '{"stop": ["x;\'=3+3"]}')


def test_it_has_all_that_the_address_asks_for(
    cast: Cast, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    for minute in range(5):
        make_run(message=f"Common {minute}", created_at=NOON + timedelta(minutes=minute))
    make_run(message="Other", author=cast.alice, created_at=NOON)
    index.put(Run.objects.filter(message__startswith="Common"))
    messages = [json.loads(line)["message"] for line in export(cast, "jsonl", q="common").splitlines()]
    assert messages == [f"Common {minute}" for minute in (4, 3, 2, 1, 0)]
    # Also what is in no index yet, where everything is asked for.
    assert len(export(cast, "jsonl").splitlines()) == 6


def test_nothing_erased_and_nothing_of_others_is_in_it(cast: Cast, make_run: MakeRun) -> None:
    make_run(message="Erased", erased_at=NOON)
    assert export(cast, "jsonl") == ""
    assert cast.client("charlie").get(f"{RUNS}jsonl").status_code == 404


def test_there_are_two_kinds_of_files(cast: Cast) -> None:
    assert cast.client("vera").get(f"{RUNS}xlsx").status_code == 404
