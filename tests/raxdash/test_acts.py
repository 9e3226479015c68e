"""The written table of who may do what is the code's, and each of its acts is asked."""

import re

import pytest

from raxdash.acts import ACTS
from raxdash.routes import ROUTES
from teams.acts import Act, TeamAct
from teams.models import Role
from tests.cast import Cast
from tests.installation import ROOT
from usage.acts import UsageAct

TABLE = ROOT / "docs" / "roles.md"
# Asked within what a route lets in; tried in test_members.py, test_key_page.py, test_saver.py, test_notes.py,
# test_saved_views.py, test_frozen_pages.py, test_start.py and tests/teams/tokens/test_page.py.
WITHIN = {
    *(TeamAct.MANAGE_OWNERS, TeamAct.MANAGE_TOKENS, TeamAct.SPEND),
    *(UsageAct.REMOVE_NOTES, UsageAct.SHARE_VIEWS, UsageAct.REMOVE_FROZEN, UsageAct.CHOOSE_START),
}


def written_table() -> str:
    """Return the table as docs/roles.md must show it: what most may first."""
    lines = [f"| | {' | '.join(role.label for role in Role)} |", f"| --- |{' --- |' * len(Role)}"]
    for act in sorted(ACTS, key=lambda act: len(act.roles), reverse=True):
        marks = ("yes" if role in act.roles else "" for role in Role)
        lines.append(f"| {act.words} | {' | '.join(marks)} |")
    return "\n".join(re.sub(" +", " ", line) for line in lines)


def test_the_written_table_is_the_code() -> None:
    assert written_table() in TABLE.read_text()


def test_no_app_s_acts_are_forgotten() -> None:
    assert {type(act) for act in ACTS} == set(Act.__subclasses__())


def test_no_two_acts_are_said_alike() -> None:
    # Two members of one value would be one act with two names.
    names = [name for acts in Act.__subclasses__() for name in acts.__members__]
    assert len({act.words for act in ACTS}) == len(names)


def test_every_act_is_asked() -> None:
    assert set(ACTS) - {route.act for route in ROUTES} == WITHIN


@pytest.mark.parametrize(("person", "is_offered"), [("adam", True), ("bob", False)])
def test_the_menu_offers_the_settings_to_whoever_may_change_them(
    cast: Cast, person: str, is_offered: bool
) -> None:
    assert ('href="/t/acme/settings/"' in cast.client(person).get("/t/acme/keys/").text) is is_offered
