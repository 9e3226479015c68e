"""The written table of who may do what is the code's table, and every cell of it holds."""

import re

import pytest
from django.urls import reverse

from teams.models import Membership, Role
from teams.permissions import Act
from tests.cast import Cast
from tests.installation import ROOT

PEOPLE = {Role.OWNER: "alice", Role.ADMIN: "adam", Role.MEMBER: "bob", Role.VIEWER: "vera"}
TABLE = ROOT / "docs" / "roles.md"


def team_page(name: str, *arguments: object) -> str:
    return reverse(name, args=["acme", *arguments])


# How each act is tried: the page it is done on, posted to where `True`.
TRIALS = {
    Act.READ: ("usage:usage", False),
    Act.SEE_MEMBERS: ("teams:members", False),
    Act.LEAVE: ("teams:leave", False),
    Act.RUN: ("playground:start", True),
    Act.POLL: ("usage:poll_now", True),
    Act.MANAGE_KEYS: ("teams:add_key", False),
    Act.MANAGE_MEMBERS: ("teams:invite", True),
    Act.CHANGE_TEAM: ("teams:settings", False),
    Act.READ_AUDIT: ("teams:audit", False),
    Act.DELETE_TEAM: ("teams:delete_team", False),
}


def written_table() -> str:
    """Return the table as docs/roles.md must show it."""
    lines = [f"| | {' | '.join(role.label for role in Role)} |", f"| --- |{' --- |' * len(Role)}"]
    for act in Act:
        marks = ("yes" if role.includes(act.least) else "" for role in Role)
        lines.append(f"| {act.words} | {' | '.join(marks)} |")
    return "\n".join(re.sub(" +", " ", line) for line in lines)


def test_the_written_table_is_the_code() -> None:
    assert written_table() in TABLE.read_text()


def test_every_act_is_tried() -> None:
    # What owners alone do to owners is tried in test_members.py.
    assert set(Act) - set(TRIALS) == {Act.MANAGE_OWNERS}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", list(TRIALS), ids=lambda act: act.name)
def test_each_role_may_what_the_table_says(act: Act, role: Role, cast: Cast) -> None:
    name, is_write = TRIALS[act]
    client = cast.client(PEOPLE[role])
    answer = client.post(team_page(name)) if is_write else client.get(team_page(name))
    assert (answer.status_code != 403) is role.includes(act.least)
    assert Membership(role=role).may(act.least) is role.includes(act.least)
