"""Keys stand in three groups, what runs out first on top: on one page by what is known, on many by polls."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from teams.models import Key, Plan
from tests.cast import Cast, make_key
from tests.usage.polled import at_once, make_meter, poll_regularly, run
from usage.models import Meter
from usage.quota.nearness import Group
from usage.quota.page.overview import overview

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon for the page and for the words it uses for times."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def key_named(cast: Cast, name: str, plan: Plan = Plan.FREE, **limits: int) -> Key:
    key = make_key(cast.team, cast.alice, name)
    Key.objects.filter(pk=key.pk).update(plan=plan, **limits)
    key.refresh_from_db()
    return key


def use(key: Key, before: int, last_hour: int, until: timedelta = timedelta(0)) -> Meter:
    """Polled all day: so many tokens until eleven o'clock, and so many in the hour since."""
    meter = make_meter(key, NOON)
    with at_once():
        for minutes in range(12 * 60 + 30, -1, -30):
            if (ago := minutes * MINUTE) < until:
                break
            tokens = before if ago <= HOUR else int(before * (12 * HOUR - ago) / (11 * HOUR))
            tokens += int(last_hour * max(HOUR - ago, timedelta(0)) / HOUR)
            at = NOON - ago - timedelta(seconds=0.5)
            poll_regularly(meter, at, {"rax": (max(tokens, 0), 1)}, *NOVEMBER)
    return meter


def shown(cast: Cast, **query: str) -> list[tuple[str, int, list[str]]]:
    """The name of each group on the page, how many keys are in it in all, and the names of those shown."""
    found = overview(cast.team, query, NOON)
    return [(each.group.label, each.count, [row.key.name for row in each.rows]) for each in found.groups]


class TestOnePage:
    @pytest.fixture(autouse=True)
    def keys(self, cast: Cast) -> None:
        """Keys that end at 14:00, at 13:00, were used up, are near, last, are not seen, and are new."""
        for name, before, last_hour in (
            ("Later", 60_000, 13_333),
            ("Sooner", 60_000, 20_000),
            ("Up", 100_000, 10),
            ("Near", 85_000, 100),
            ("Calm", 20_000, 100),
        ):
            use(key_named(cast, name), before, last_hour)
        use(key_named(cast, "Blind"), 20_000, 0, until=2 * HOUR)
        cast.key.name = "New"
        cast.key.save()

    def test_what_ends_soonest_comes_first_then_what_is_used_most(self, cast: Cast) -> None:
        assert shown(cast) == [
            ("Needs a look", 4, ["Up", "Sooner", "Later", "Near"]),
            ("Fine", 1, ["Calm"]),
            ("Not seen", 2, ["Blind", "New"]),
        ]

    def test_by_name_groups_stay(self, cast: Cast) -> None:
        assert shown(cast, sort="name")[0] == ("Needs a look", 4, ["Later", "Near", "Sooner", "Up"])

    def test_a_search_counts_what_it_finds(self, cast: Cast) -> None:
        assert shown(cast, q="er") == [("Needs a look", 2, ["Sooner", "Later"])]

    def test_a_refused_key_is_not_seen_and_says_since_when(self, cast: Cast) -> None:
        key = Key.objects.get(name="Calm")
        Meter.objects.filter(key=key).update(watched_until=NOON - 5 * HOUR)
        key.mark_refused("It is unknown.")
        html = page(cast.client("vera"))
        assert "Not seen, 3" in html
        assert "refused since 12:00" in without_tags(html)
        assert "its numbers end 07:00" in without_tags(html)

    def test_a_refused_key_that_was_used_up_is_still_that(self, cast: Cast) -> None:
        Key.objects.get(name="Up").mark_refused("unknown")
        assert "Up" in shown(cast)[0][2]


def test_a_server_without_usage_is_fine_and_ends_by_our_own_runs(cast: Cast) -> None:
    key = key_named(cast, "Ours", Plan.OWN, tokens_per_day=100_000)
    make_meter(key, NOON, status=Meter.Status.NO_USAGE)
    run(key, NOON - 30 * MINUTE, 1_000)
    assert ("Fine", 1, ["Ours"]) in shown(cast)
    run(key, NOON - 30 * MINUTE, 30_000)
    assert ("Needs a look", 1, ["Ours"]) in shown(cast)


def test_a_period_ends_by_its_forecast_and_that_is_the_nearest_limit(cast: Cast) -> None:
    """1,000 tokens an hour since the first: 24,000 a day, 600,000 by the 26th at one."""
    key = key_named(cast, "Steady", Plan.OWN, tokens_per_day=100_000, tokens_per_period=600_000)
    meter = make_meter(key, NOON)
    for hour in range(22 * 24 + 13):
        at = NOVEMBER[0] + hour * HOUR - timedelta(seconds=0.5) + MINUTE
        poll_regularly(meter, at, {"rax": (hour * 1_000, hour)}, *NOVEMBER)
    (row,) = overview(cast.team, {"q": "Steady"}, NOON).rows
    assert (row.limit.is_day, row.group) == (False, Group.LOOK)
    assert row.ending.at
    assert abs(row.ending.at - datetime(2026, 11, 26, tzinfo=UTC)) < 3 * HOUR
    assert row.forecast
    assert row.forecast.end.low <= 720_000 <= row.forecast.end.high
    assert "Thu, 26 Nov" in page(cast.client("vera"))


class TestManyPages:
    @pytest.fixture
    def many(self, cast: Cast) -> Cast:
        """Sixty keys: of the last two one is near, one runs out; the first was not told of today."""
        told = {"next_poll_at": NOON + MINUTE, "watched_from": NOON - HOUR, "watched_until": NOON - MINUTE}
        for number in range(60):
            key = make_key(cast.team, cast.alice, f"Key {number:02}")
            Meter.objects.create(team=cast.team, key=key, name=key.name, limit_share=number / 1_000, **told)
        meters = Meter.objects.filter
        meters(name="Key 58").update(limit_share=0.9)
        meters(name="Key 59").update(runs_out_at=NOON + HOUR)
        meters(name="Key 00").update(watched_until=NOON - timedelta(days=1))
        return cast

    def test_groups_go_on_over_pages_and_count_them_all(self, many: Cast) -> None:
        first, second, third = (shown(many, page=number) for number in "123")
        assert first[0] == ("Needs a look", 2, ["Key 59", "Key 58"])
        assert [(name, count) for name, count, _ in first] == [("Needs a look", 2), ("Fine", 57)]
        assert [(name, count) for name, count, _ in second] == [("Fine", 57)]
        assert third[-1] == ("Not seen", 2, ["Key 00", "Main key"])

    @pytest.mark.parametrize(
        "missed",
        [{"missed_polls": 1}, {"answer_error": "?"}, {"next_poll_at": NOON - HOUR}, {"status": "refused"}],
    )
    def test_an_end_that_is_not_seen_any_more_is_no_end(self, many: Cast, missed: dict[str, object]) -> None:
        Meter.objects.filter(name="Key 59").update(**missed)
        assert shown(many)[0] == ("Needs a look", 1, ["Key 58"])
        assert "Key 59" in shown(many, page="3")[-1][2]


def page(client: Client, address: str = "/t/acme/quota/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def without_tags(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())
