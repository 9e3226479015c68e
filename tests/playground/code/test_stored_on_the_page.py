"""The page offers a stored answer before it sends, and does what was chosen."""

import re
from typing import Any
from uuid import uuid4

import pytest

from playground.models import Run
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("taking_runs")
START = "/t/acme/playground/start/"
HTMX = {"HX-Request": "true"}


def press(cast: Cast, key: str, choice: str = "", headers: Any = HTMX, **fields: str) -> str:
    form = {"message": "What is the answer?", "model": "rax-4.0", "temperature": "0", "stream": "on"}
    address = f"{START}?stored={choice}" if choice else START
    posted = {**form, "idempotency_key": key, "run": "a", **fields}
    return cast.client("bob").post(address, posted, headers=headers).text


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_it_is_offered_and_nothing_is_sent(cast: Cast, answered: Run, headers: Any) -> None:
    offer = press(cast, str(uuid4()), headers=headers)
    assert "The same request was answered before" in offer
    assert f"?stored={answered.pk}" in offer
    assert Run.objects.count() == 1


def test_who_uses_it_has_it_as_a_turn_marked_as_stored(cast: Cast, answered: Run) -> None:
    key = str(uuid4())
    press(cast, key)
    turn = press(cast, key, str(answered.pk))
    assert "nothing was sent, and it cost nothing" in turn
    assert re.search(r'class="answer-closed"[^>]*>\s*<p[^>]*>42</p>', turn)
    assert Run.objects.get(idempotency_key=key).stored_from == answered.pk


def test_who_sends_it_all_the_same_does(cast: Cast, answered: Run) -> None:
    key = str(uuid4())
    press(cast, key)
    assert "data-live" in press(cast, key, "send")
    assert Run.objects.get(idempotency_key=key).stored_from is None


def test_where_another_answer_may_come_it_is_sent_at_once(cast: Cast, answered: Run) -> None:
    assert "data-live" in press(cast, str(uuid4()), temperature="0.5")


def test_a_stored_answer_that_has_gone_is_told(cast: Cast, answered: Run) -> None:
    assert "The stored answer is not there any more" in press(cast, str(uuid4()), str(uuid4()))
    assert Run.objects.count() == 1
