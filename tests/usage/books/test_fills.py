"""What migrations fill in is what the fold would have written."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from tests.cast import Cast, make_key
from tests.usage.polled import make_meter, poll
from usage.models import Meter, TeamModel

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PERIOD = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
STANDING = (
    "pk",
    "period_tokens",
    "period_requests",
    "unattributed_tokens",
    "unattributed_requests",
    "is_exact",
)


def fill(migration: str) -> None:
    import_module(f"usage.migrations.{migration}").fill(apps, None)


@pytest.fixture
def meters(cast: Cast) -> None:
    """A key with tokens that belong to no model, one without any answer, and one of another team."""
    poll(make_meter(cast.key, NOON), NOON, {"rax-4.5": (900, 9), "rax-4.0": (60, 3)}, *PERIOD, missing=7)
    make_meter(make_key(cast.team, cast.alice, "Silent"), NOON)
    theirs = make_meter(make_key(cast.other_team, cast.charlie, "Theirs"), NOON)
    for hours in (1, 2):
        poll(theirs, NOON + timedelta(hours=hours), {"rax-5.0": (5 * hours, hours)}, *PERIOD)


def test_it_writes_beside_each_state_what_pages_ask(meters: None) -> None:
    written = list(Meter.objects.order_by("pk").values_list(*STANDING))
    Meter.objects.update(period_tokens=None, period_requests=None, unattributed_tokens=0, is_exact=False)
    fill("0008_fill_meter_standing")
    found = list(Meter.objects.order_by("pk").values_list(*STANDING))
    assert found[0] == written[0] == (written[0][0], 967, 12, 7, 0, True)
    assert found[2] == written[2]


def test_it_leaves_meters_alone_that_were_never_answered(meters: None) -> None:
    fill("0008_fill_meter_standing")
    assert Meter.objects.get(name="Silent").period_tokens is None


def test_it_names_the_models_of_each_team_in_the_order_of_their_first_use(meters: None) -> None:
    written = list(TeamModel.objects.order_by("team", "pk").values_list("team", "model"))
    TeamModel.objects.all().delete()
    fill("0006_fill_team_models")
    assert list(TeamModel.objects.order_by("team", "pk").values_list("team", "model")) == written
    assert len(written) == 4


def test_it_may_be_repeated(meters: None) -> None:
    fill("0006_fill_team_models")
    assert TeamModel.objects.count() == 4
