"""A draft goes with the run that sends it, on both databases."""

from uuid import uuid4

import pytest

from tests.playground.visitor import Visitor

pytestmark = pytest.mark.processes


def save(visitor: Visitor, page: str, message: str) -> bool:
    form = {"message": message, "model": "rax-4.0", "idempotency_key": page}
    return bool(visitor.post(f"{visitor.playground}draft/", form).json()["saved"])


def drafts(visitor: Visitor) -> list[str]:
    return [str(columns) for (columns,) in visitor.installation.rows("SELECT columns FROM playground_draft")]


def test_what_is_sent_is_no_draft_and_what_is_typed_after_it_is(visitor: Visitor, in_a_hurry: None) -> None:
    visitor.post(f"{visitor.playground}draft/discard/")
    sent, later = str(uuid4()), str(uuid4())
    assert save(visitor, sent, "Half")
    assert save(visitor, sent, "Half a thought 🙂")
    (draft,) = drafts(visitor)
    assert "Half a thought 🙂" in draft
    visitor.wait_for_end(visitor.run("Half a thought 🙂", idempotency_key=sent))
    assert drafts(visitor) == []
    assert not save(visitor, sent, "Half a thought 🙂")
    assert save(visitor, later, "The next")
    assert "The next" in visitor.http.get(visitor.playground).text
