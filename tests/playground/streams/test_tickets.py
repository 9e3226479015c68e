"""A ticket opens one person's runs in one session, for as long as a run may last."""

import time
from uuid import uuid4

import pytest
from django.core import signing

from playground.streams import tickets
from playground.streams.tickets import SETTLING_SECONDS, Ticket

TICKET = Ticket(user_id=1, team_id=2, runs=(uuid4(), uuid4()))
HOUR = 3_600


def test_it_opens_what_it_was_issued_for() -> None:
    assert tickets.read(tickets.issue(TICKET, "session", HOUR), "session") == TICKET


def test_another_session_s_ticket_opens_nothing() -> None:
    assert tickets.read(tickets.issue(TICKET, "session", HOUR), "other") is None


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "e30:1:x"])
def test_a_forged_ticket_opens_nothing(text: str) -> None:
    assert tickets.read(text, "session") is None


@pytest.mark.parametrize(("age", "opens"), [(HOUR, True), (HOUR + SETTLING_SECONDS + 1, False)])
def test_a_ticket_opens_nothing_when_its_run_must_be_over(monkeypatch, age: int, opens: bool) -> None:
    text = tickets.issue(TICKET, "session", HOUR)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + age)
    assert (tickets.read(text, "session") is not None) is opens


def test_the_session_does_not_stand_in_the_address() -> None:
    signer = signing.loads(tickets.issue(TICKET, "a-session-key", HOUR), salt=tickets.SALT)
    assert "a-session-key" not in str(signer)
