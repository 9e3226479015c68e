"""Keys that were there before become dated, in both databases, beside processes of the version before."""

from pathlib import Path

import pytest

from tests.installation import Installation
from tests.servers import fresh_database

# These migrations have landed, and change no more.
pytestmark = [pytest.mark.processes, pytest.mark.chaos]

TEAM = """
from teams.models import Team, User
Team.objects.create(name="Acme", slug="acme")
User.objects.create_user("alice@example.com", name="Alice")
"""
# Keys as the version before has them: with their labels in a column.
BEFORE = """
import json
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
apps = MigrationExecutor(connection).loader.project_state([("teams", "0005_key_spenders")]).apps
Key, Team, User = (apps.get_model("teams", name) for name in ("Key", "Team", "User"))
acme, alice = {"team": Team.objects.get(), "base_url": "http://127.0.0.1:9"}, User.objects.get()
"""
TWO_KEYS = """
labels = ["night", "Batch", "batch"]
Key.objects.create(name="Main", owner=alice, project="Support", plan="pro", labels=labels, **acme)
Key.objects.create(name="Own", plan="own", tokens_per_day=5000, labels=["BATCH"], **acme)
"""
LATE_KEY = 'Key.objects.create(name="Late", plan="free", labels=["late"], **acme)'
LABELS = 'print(json.dumps({key.name: key.labels for key in Key.objects.order_by("name")}))'
# And as this version has them.
NOW = """
import json
from datetime import date
from teams.keys.attributes import change_attributes
from teams.models import Key, Label, Team
from teams.keys.timelines import timeline
team = Team.objects.get()
"""
NEW_KEY = 'Key.objects.create(team=team, name="New", base_url="http://127.0.0.1:9")'
CHANGE = """
for names in (["night"], ["night", "day"]):
    changes = {"project": "Sales", "labels": Label.objects.named(team, names)}
    change_attributes(Key.objects.all(), date(2026, 11, 3), changes)
"""
TOLD = "print(json.dumps({key.name: list(map(str, timeline(key).entries)) for key in Key.objects.all()}))"


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """An installation of the version before, with two keys."""
    given = {}
    if request.param == "postgres":
        given["DATABASE_URL"] = fresh_database(request.getfixturevalue("postgres"))
    installation = Installation(tmp_path, **given)
    installation.migrate()
    installation.shell(TEAM)
    installation.migrate("teams", "0005")
    installation.shell(BEFORE, TWO_KEYS)
    return installation


def test_keys_become_dated_and_go_back(installation: Installation) -> None:
    installation.migrate()
    assert installation.shell(NOW, TOLD) == {
        "Main": ["since always: plan Pro, owner Alice, project Support, labels Batch, night"],
        "Own": ["since always: plan Own numbers, labels Batch"],
    }
    installation.shell(BEFORE, LATE_KEY)  # by a process that is not replaced yet
    assert installation.shell(NOW, NEW_KEY, CHANGE, TOLD) == {
        "Main": [
            "since always: plan Pro, owner Alice, project Support, labels Batch, night",
            "since 3 Nov 2026: plan Pro, owner Alice, project Sales, labels day, night",
        ],
        "Own": [
            "since always: plan Own numbers, labels Batch",
            "since 3 Nov 2026: plan Own numbers, project Sales, labels day, night",
        ],
        "Late": ["since always: plan Free", "since 3 Nov 2026: plan Free, project Sales, labels day, night"],
        "New": ["since always: plan Free", "since 3 Nov 2026: plan Free, project Sales, labels day, night"],
    }
    installation.migrate("teams", "0005")
    labels = installation.shell(BEFORE, LABELS)
    assert labels == {name: ["day", "night"] for name in ("Late", "Main", "New", "Own")}
    installation.migrate()
