"""`manage.py demo` makes the demonstration, tells who may sign in, and leaves its day for the simulator."""

from datetime import UTC

import pytest
from django.core.management import call_command

from raxdash.demonstration import cast
from teams.models import Team
from usage.models import RawPoll


@pytest.mark.django_db
def test_it_makes_a_short_history_and_leaves_the_day_on_which_it_began(tmp_path, settings, capsys):
    settings.DATA_DIR, settings.SIMULATOR_URL = tmp_path, "http://127.0.0.1:9/api/v1"
    call_command("demo", days=1)
    team = Team.objects.get(name=cast.TEAM)
    assert (tmp_path / "demo-day").read_text() == f"{team.created_at.astimezone(UTC):%Y-%m-%d}"
    told = capsys.readouterr().out
    assert cast.EMAIL in told
    assert all(person.email in told for person in cast.GUESTS)
    polls = RawPoll.objects.count()
    call_command("demo", days=1)
    assert RawPoll.objects.count() == polls
