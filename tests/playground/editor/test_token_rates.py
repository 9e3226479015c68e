"""How many tokens a text is, by what was measured: told to the page, which counts while somebody types."""

import json
import re
import shutil
import subprocess
from html import unescape
from typing import Any

import pytest

from playground.editor.token_rates import rates
from playground.models import RunState
from tests.cast import Cast
from tests.installation import ROOT
from tests.node import node
from tests.playground.conftest import MakeRun
from tests.playground.editor.form.test_run_form import offer

FACTS = {"message": 4, "letters": 4, "unmeasured": 25}


def page(cast: Cast, query: str = "") -> str:
    return unescape(cast.client("bob").get(f"/t/acme/playground/{query}").text)


def test_a_model_s_window_and_rate_are_told_to_the_page(cast: Cast, make_run: MakeRun) -> None:
    offer(cast, "rax-4.0", context_window=8192)
    offer(cast, "unknown", context_window=None)
    for chars, tokens in ((400, 104), (500, 104), (300, 104)):
        make_run(message="x" * chars, prompt_tokens=tokens, tokens_reported=True)
    make_run(message="x" * 1000, prompt_tokens=5, tokens_reported=False)
    make_run(model="other", message="x", prompt_tokens=5, tokens_reported=True)
    (told,) = re.findall(r"data-tokens='?\"?({.*?})\"? ?>", page(cast).replace("\n", " "))
    facts = json.loads(told)
    assert facts["windows"] == {"rax-4.0": 8192}
    assert facts["rates"] == {"rax-4.0": [4.0, 3.0, 5.0]}


def test_turns_say_how_much_of_them_later_requests_are_sent_with(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(message="1234", answer="123456")
    make_run(conversation=run.conversation, turn=2, message="lost", state=RunState.FAILED)
    assert re.findall(r'data-context="(\d+)"', page(cast, f"?conversation={run.conversation_id}")) == [
        "10",
        "0",
    ]


def test_the_range_leaves_out_a_tenth_of_the_characters_on_either_side(cast: Cast, make_run: MakeRun) -> None:
    # Of 2,000 characters 100 have 1 a token, and 100 have 10: both are less than a tenth.
    measured = [(100, 100), (900, 300), (900, 180), (100, 10)]
    for chars, tokens in measured:
        make_run(message="é" * chars, prompt_tokens=tokens + 4, tokens_reported=True)
    rate = rates(cast.team)["rax-4.0"]
    assert (rate.usual, rate.least, rate.most) == (2000 / 590, 3.0, 5.0)


def test_nobody_else_s_runs_are_measured_nor_what_was_not_told(cast: Cast, make_run: MakeRun) -> None:
    told: dict[str, Any] = {"message": "x" * 40, "prompt_tokens": 14, "tokens_reported": True}
    for odd in (
        {"team": cast.other_team},
        {"state": RunState.FAILED},
        {"tokens_reported": False},
        {"prompt_tokens": None},
        {"prompt_tokens": 3},
        {"turn": 2},
    ):
        make_run(**{**told, **odd})
    make_run(**told)
    make_run(**told)
    assert rates(cast.team) == {}
    make_run(**told, system_prompt="")
    assert rates(cast.team)["rax-4.0"].usual == 4.0


SCRIPT = """
import { readFileSync } from "node:fs";
import { charsOf, estimate, whyNotFitting, wordsFor } from "./counting.mjs";
const { text, messages, rate, facts, window, answer } = JSON.parse(readFileSync(0, "utf8"));
const tokens = estimate(charsOf(text), messages, rate, facts);
console.log(JSON.stringify([wordsFor(tokens, window, facts.letters), whyNotFitting(tokens, window, answer)]));
"""


@pytest.mark.parametrize(
    ("asked", "words", "why"),
    [
        (
            {"text": "x" * 1640, "messages": 1, "rate": [4, 3.6, 4.4], "window": 8192},
            "≈ 410 tokens of 8,192 (380–460)",
            "",
        ),
        (
            {"text": "x" * 300 + "é名🙂", "messages": 2, "rate": None, "window": None},
            "≈ 86 tokens (67–110), not measured with this model yet: 4 letters a token assumed",
            "",
        ),
        ({"text": "x", "messages": 1, "rate": [4, 3.9, 4.1], "window": 8192}, "≈ 4 tokens of 8,192", ""),
        ({"text": "x" * 400, "messages": 1, "rate": [4, 4, 4], "window": 103}, None, "It does not fit."),
        ({"text": "x" * 400, "messages": 1, "rate": [4, 3, 5], "window": 110}, None, "It may not fit."),
        ({"text": "x" * 400, "messages": 1, "rate": [4, 4, 4], "window": 104}, None, ""),
        (
            {"text": "x" * 400, "messages": 1, "rate": [4, 4, 4], "window": 2000, "answer": 1900},
            None,
            "With 1,900 max tokens it does not fit.",
        ),
        (
            {"text": "x" * 400, "messages": 1, "rate": [4, 3, 5], "window": 2000, "answer": 1900},
            None,
            "With 1,900 max tokens it may not fit.",
        ),
    ],
)
def test_a_browser_says_it_with_its_range(tmp_path, asked: dict[str, Any], words: str, why: str) -> None:
    shutil.copy(ROOT / "static/playground/editor/counting.js", tmp_path / "counting.mjs")
    (tmp_path / "count.mjs").write_text(SCRIPT)
    question = json.dumps({"facts": FACTS, "answer": 0, **asked})
    ran = subprocess.run(
        [node(), tmp_path / "count.mjs"], input=question, capture_output=True, text=True, check=True
    )
    told = json.loads(ran.stdout)
    assert told[1] == why
    assert words in {told[0], None}
