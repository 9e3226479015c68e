"""What failed before anybody wrote down since when has failed since its last answer, at the earliest."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

from django.apps import apps

from tests.usage.conftest import make_key
from usage.models import Meter

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_what_fails_already_is_filled_in(team):
    told = {"answered": (2, NOON - HOUR), "never": (1, None), "fine": (0, NOON)}
    for name, (failures, answered_at) in told.items():
        key = make_key(team, name=name)
        fields = {"failures": failures, "answered_at": answered_at, "created_at": NOON - 9 * HOUR}
        Meter.objects.create(team=team, key=key, name=name, next_poll_at=NOON, **fields)
    import_module("usage.migrations.0043_fill_meter_failing_since").fill(apps, None)
    found = dict(Meter.objects.values_list("name", "failing_since"))
    assert found == {"answered": NOON - HOUR, "never": NOON - 9 * HOUR, "fine": None}
