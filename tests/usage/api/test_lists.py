"""Keys, models and quota as programs read them: in pages, with how sure each number is, and no secret."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from teams.keys import deeds as keys
from teams.models import Key, KeyLimits, Plan
from tests.cast import Cast, make_key
from tests.usage.api.conftest import QUARTER, SECOND, set_clock
from tests.usage.api.program import Program, program_of
from tests.usage.explore.reading import NOON, PERIOD, id_of
from tests.usage.imports.importing import access_of
from tests.usage.polled import make_meter, poll
from usage.api.cursors import cursor_of
from usage.api.resources import models
from usage.models import CatalogueModel, Meter, ModelOffer, RateSample


@pytest.fixture
def many(watched: Cast) -> Cast:
    """Five more keys, added at one instant, one of them retired."""
    for number in range(5):
        make_key(watched.team, watched.alice, f"Key {number}", secret=f"rax_secret_{number:020}")
    Key.objects.exclude(pk=watched.key.pk).update(created_at=timezone.now())
    Key.objects.filter(name="Key 3").update(status=Key.Status.RETIRED)
    return watched


@pytest.mark.parametrize(("path", "count"), [("keys", 6), ("quota", 5)])
def test_every_key_comes_once_in_any_pages(many: Cast, alice: Program, path: str, count: int) -> None:
    whole = alice.read(path)["rows"]
    assert len(whole) == count
    for limit in (1, 2, 5, 6):
        assert list(alice.rows(path, limit=limit)) == whole


@pytest.mark.parametrize("path", ["keys", "quota", "models"])
def test_it_asks_as_many_queries_for_many_keys_as_for_few(
    many: Cast, alice: Program, path: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        alice.read(path)


def test_no_secret_is_told(many: Cast, alice: Program) -> None:
    for path in ("keys", "quota", "models"):
        text = alice.ask(path).text
        assert "rax_secret" not in text
        assert "rax_demo" not in text
        assert "ciphertext" not in text


def test_a_key_is_told_with_what_it_used(watched: Cast, alice: Program) -> None:
    (row,) = alice.read("keys")["rows"]
    assert row["owner"] == {"id": str(watched.alice.pk), "name": "Alice"}
    assert (row["plan"], row["status"], row["account"]) == ("pro", "active", str(Meter.objects.get().pk))
    assert row["used_in_period"] == {"amount": 2_000, "quality": "known"}
    assert row["used_today"]["quality"] == "at least"
    assert row["as_of"] == "2026-11-23T11:59:59Z"


def test_a_key_that_was_never_polled_is_unknown_and_not_zero(watched: Cast, alice: Program) -> None:
    make_key(watched.team, watched.alice, "New")
    new = alice.read("keys")["rows"][1]
    assert (new["as_of"], new["account"]) == (None, None)
    assert new["used_today"] == new["used_in_period"] == {"amount": None, "quality": "unknown"}
    gauge = alice.read("quota")["rows"][1]["day"]
    assert gauge["used"] == {"amount": None, "quality": "unknown"}
    assert gauge["left"] is None or gauge["left"]["amount"] is None


def test_a_limit_tells_what_is_left_and_how_sure_that_is(watched: Cast, alice: Program) -> None:
    limits = KeyLimits(tokens_per_day=10_000, tokens_per_period=3_000, requests_per_minute=60)
    Key.objects.filter(pk=watched.key.pk).update(plan=Plan.OWN, **asdict(limits))
    row = alice.read("quota")["rows"][0]
    assert (row["period"]["limit"], row["period"]["used"]) == (3_000, {"amount": 2_000, "quality": "known"})
    assert row["period"]["left"] == {"amount": 1_000, "quality": "known"}
    assert row["day"]["left"] == {"amount": 9_000, "quality": "at most"}
    assert (row["day"]["starts_at"], row["day"]["resets_at"]) == (
        "2026-11-23T00:00:00Z",
        "2026-11-24T00:00:00Z",
    )
    Key.objects.update(tokens_per_period=2_000)
    assert alice.read("quota")["rows"][0]["nearest"]["outcome"] == "used up"


def test_when_a_limit_ends_has_the_range_of_the_forecast(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """100 tokens every quarter of an hour since midnight, of 2,000 a day."""
    Key.objects.update(plan=Plan.OWN, tokens_per_day=2_000)
    midnight, meter = NOON.replace(hour=0), make_meter(cast.key, NOON)
    for number in range(17):
        poll(meter, midnight + number * QUARTER, {"rax-4.0": (100 * number, number)}, *PERIOD)
    set_clock(monkeypatch, midnight + 16 * QUARTER)
    Meter.objects.update(next_poll_at=NOON)
    (row,) = program_of(cast, "alice").read("quota")["rows"]
    found = row["nearest"]
    assert (found["outcome"], found["ends_at"][:16]) == ("ends", "2026-11-23T05:00")
    earliest, likely, latest = found["forecast"].values()
    assert earliest <= likely <= (latest or "2026-11-24")
    assert likely[:15] == "2026-11-23T05:0"
    Key.objects.update(tokens_per_day=1_000)
    (row,) = program_of(cast, "alice").read("quota")["rows"]
    assert (row["nearest"]["outcome"], row["nearest"]["forecast"]) == ("used up", None)


def test_when_a_limit_ends_is_the_same_all_through_a_minute(
    watched: Cast, alice: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    Key.objects.update(plan=Plan.OWN, tokens_per_day=3_000)
    Meter.objects.update(next_poll_at=NOON + 10 * QUARTER)
    tags = []
    for seconds in (1, 58, 61):
        set_clock(monkeypatch, NOON + seconds * SECOND)
        answer = alice.ask("quota")
        tags.append(answer["ETag"])
        assert answer.json()["rows"][0]["nearest"]["ends_at"][-4:] == ":00Z"
    assert tags[0] == tags[1] != tags[2]


def test_headroom_is_told_with_its_age_and_only_while_it_counts(watched: Cast, alice: Program) -> None:
    RateSample.objects.create(
        key=watched.key, received_at=NOON - SECOND, source="run", requests_limit=60, requests_remaining=42
    )
    headroom = alice.read("quota")["rows"][0]["headroom"]
    assert (headroom["as_of"], headroom["requests_left"], headroom["tokens_left"]) == (
        "2026-11-23T11:59:59Z",
        42,
        None,
    )
    RateSample.objects.update(received_at=NOON - timedelta(minutes=2))
    assert alice.read("quota")["rows"][0]["headroom"] is None


def test_a_model_is_told_with_the_keys_that_see_it(watched: Cast, alice: Program) -> None:
    model = CatalogueModel.objects.get()
    ModelOffer.objects.create(key=watched.key, model=model, since=PERIOD[0], last_seen_at=NOON)
    CatalogueModel.objects.create(
        team=watched.team,
        base_url="http://other/",
        name="never-used",
        first_seen_at=NOON,
        last_seen_at=NOON,
        gone_at=NOON,
        retires_on=date(2026, 12, 1),
    )
    used, other = alice.read("models")["rows"]
    assert used["keys"] == [{"id": str(watched.key.pk), "name": "Main key"}]
    assert (used["model"], used["used_in_7_days"]["amount"]) == (str(id_of("rax-4.0")), 1_000)
    assert (other["model"], other["keys"], other["gone_at"]) == (None, [], "2026-11-23T12:00:00Z")
    assert (used["retires_on"], other["retires_on"]) == (None, "2026-12-01")
    assert list(alice.rows("models", limit=1)) == [used, other]


def test_a_key_tells_why_and_since_when_it_is_not_seen(watched: Cast, alice: Program) -> None:
    Key.objects.update(status="refused", status_reason="Invalid key.", refused_at=NOON)
    Meter.objects.update(last_error="The server answered 500.", failing_since=PERIOD[0])
    (row,) = alice.read("keys")["rows"]
    assert (row["status"], row["status_reason"], row["refused_at"]) == (
        "refused",
        "Invalid key.",
        "2026-11-23T12:00:00Z",
    )
    assert (row["problem"], row["problem_since"]) == ("The server answered 500.", "2026-11-01T00:00:00Z")


def test_a_key_with_another_secret_is_refused_no_more(watched: Cast, alice: Program) -> None:
    watched.key.mark_refused("Invalid key.")
    keys.replace_secret(
        access_of(watched.team, watched.alice), watched.key.pk, watched.key.base_url, "rax_another_secret_01"
    )
    (row,) = alice.read("keys")["rows"]
    assert (row["status"], row["refused_at"]) == ("active", None)


@pytest.mark.parametrize("place", [[], [1, 2], ["1"], [-1], [1 << 63]])
def test_a_cursor_that_nobody_was_given_is_told_so(alice: Program, place: list[Any]) -> None:
    assert alice.refusal("models", cursor=cursor_of(models.ORDER, place)) == (400, "cursor_invalid")


def test_a_key_of_a_server_that_counts_nothing_tells_what_raxdash_ran(watched: Cast, alice: Program) -> None:
    quiet = make_key(watched.team, watched.alice, "Quiet")
    make_meter(quiet, NOON, status=Meter.Status.NO_USAGE)
    row = alice.read("quota")["rows"][1]
    assert (row["is_counted_here"], row["day"]["used"]) == (True, {"amount": 0, "quality": "known"})
    assert row["as_of"] == "2026-11-23T12:00:00Z"
