"""A key of a merged account names those that use its limits with it."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from teams.models import Key
from tests.cast import Cast, make_key
from tests.usage.polled import make_meter
from usage.models import Meter

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def account(cast: Cast, *names: str) -> list[Key]:
    """Keys that are counted as one account."""
    keys = [make_key(cast.team, cast.alice, name) for name in names]
    root, *others = [make_meter(key, NOON) for key in keys]
    Meter.objects.filter(pk__in=[meter.pk for meter in others]).update(merged_into=root)
    return keys


def words(cast: Cast, path: str = "") -> str:
    html = unescape(cast.client("vera").get(f"/t/acme/quota/{path}").content.decode())
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def test_each_names_the_others(cast: Cast) -> None:
    first, second = account(cast, "Chat", "<b>Batch")
    assert "Chat" in words(cast)
    assert words(cast).count("one account with Chat") == 1
    assert "one account with" in words(cast, f"{first.pk}/")
    alone = words(cast, f"{second.pk}/")
    assert "Its limits are used, and told here, as those of one account with Chat" in alone


def test_of_many_some_are_named_and_the_others_counted(cast: Cast) -> None:
    keys = account(cast, "A", "B", "C", "D", "E", "F")
    assert "one account with B, C, D and 2 more " in words(cast, f"{keys[0].pk}/")


def test_who_is_alone_or_retired_is_named_nowhere(cast: Cast) -> None:
    keys = account(cast, "A", "B", "C")
    make_meter(cast.key, NOON)
    Key.objects.filter(pk=keys[2].pk).update(status=Key.Status.RETIRED)
    assert "one account" not in words(cast, f"{cast.key.pk}/")
    assert "one account with B " in words(cast, f"{keys[0].pk}/")
