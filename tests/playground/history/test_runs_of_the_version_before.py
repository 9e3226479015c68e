"""Runs that were there before get their words in columns, in both databases, beside the version before."""

from pathlib import Path

import pytest

from tests.installation import Installation
from tests.servers import fresh_database

# These migrations have landed, and change no more.
pytestmark = [pytest.mark.processes, pytest.mark.chaos]

# Rows as the version before has them: all messages in one column.
BEFORE = """
import json
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
before = ("playground", "0003_what_came_back_of_runs")
apps = MigrationExecutor(connection).loader.project_state([before]).apps
names = (("playground", "Run"), ("playground", "Conversation"), ("teams", "Team"))
Run, Conversation, Team = (apps.get_model(*name) for name in names)
def said(role, content): return {"role": role, "content": content}
def write(turn, state, messages, **fields):
    where = {"team": team, "conversation": conversation, "turn": turn}
    Run.objects.create(state=state, messages=messages, **where, **fields)
"""
CONVERSATION = """
team = Team.objects.create(name="Acme", slug="acme")
conversation = Conversation.objects.create(team=team)
system, now = said("system", "Be brief."), {"stop_requested_at": timezone.now()}
write(1, "completed", [system, said("user", "One?")], text="1")
write(2, "stopped", [system, said("user", "One?"), said("assistant", "1"), said("user", "Two?")], **now)
lost = "The server that carried out this run went away. What had arrived is kept."
write(3, "interrupted", [said("user", "One?"), said("assistant", "1"), said("user", "")], error_message=lost)
write(4, "completed", [], erased_at=timezone.now())
"""
LATE = """
team, conversation = Team.objects.get(), Conversation.objects.get()
write(5, "completed", [said("system", "Be late."), said("user", "Late?")], text="Late.")
"""
MESSAGES = 'print(json.dumps([run.messages for run in Run.objects.order_by("turn")]))'
NOW = """
import json
from playground.models import Conversation, Run
runs = Run.objects.order_by("turn")
COLUMNS = ("system_prompt", "message", "parent__turn", "stop_cause")
"""
TOLD = """
told = [[run.system_prompt, run.message, run.parent and run.parent.turn, run.stop_cause] for run in runs]
print(json.dumps(told))
"""
TOLD_BY_SQL = "print(json.dumps(list(runs.values_list(*COLUMNS))))"
ERASE = """
from django.utils import timezone
from playground.history.erasing import erase_all
erase_all(Run.objects.filter(turn=1), timezone.now())
print(json.dumps(["One?" in json.dumps(run.messages) for run in runs]))
"""
FILLED = [
    ["Be brief.", "One?", None, ""],
    ["Be brief.", "Two?", 1, "member"],
    ["", "", 2, "server_lost"],
    ["", "", 3, ""],
]
LATE_TOLD = ["Be late.", "Late?", None, ""]


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """An installation of the version before, with a conversation."""
    given = {}
    if request.param == "postgres":
        given["DATABASE_URL"] = fresh_database(request.getfixturevalue("postgres"))
    installation = Installation(tmp_path, **given)
    installation.migrate("playground", "0003")
    installation.shell(BEFORE, CONVERSATION)
    return installation


def test_they_get_columns_and_can_go_back(installation: Installation) -> None:
    before = installation.shell(BEFORE, MESSAGES)
    installation.migrate()
    assert installation.shell(NOW, TOLD_BY_SQL) == FILLED
    installation.shell(BEFORE, LATE)  # by a process that is not replaced yet
    assert installation.shell(NOW, TOLD) == [*FILLED, LATE_TOLD]
    assert installation.shell(NOW, ERASE) == [False] * 5
    assert installation.shell(NOW, TOLD)[1:] == [*FILLED[1:], LATE_TOLD]
    installation.migrate("playground", "0003")
    assert installation.shell(BEFORE, MESSAGES)[1][-1] == before[1][-1]
    installation.migrate()
    assert installation.shell(NOW, TOLD_BY_SQL)[1:4] == FILLED[1:]
