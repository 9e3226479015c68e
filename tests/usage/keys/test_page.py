"""The page of keys says when each was polled, what is wrong since when, what it used, and who uses it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from common.database.together import read
from common.templatetags.times import short
from teams.keys.attributes import change_attributes
from teams.models import ALWAYS, Key, Plan, Terms
from tests.cast import Cast, make_key
from tests.usage.polled import answer, make_meter, plan_next, run
from usage.books.ingest import store
from usage.claims import Sureness
from usage.keys.health import DAYS, Health, reading_health
from usage.keys.listing import listed
from usage.models import Meter
from usage.polls import polling

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOST_QUERIES = 15


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def words(cast: Cast, query: str = "", person: str = "vera") -> str:
    """The words of the page as they are read."""
    html = cast.client(person).get(f"/t/acme/keys/{query}").text
    text = re.sub(r"<[^>]*>", " ", unescape(html))
    return " ".join(text.replace("\u2068", "").replace("\u2069", "").split())


def health(cast: Cast, name: str = "Main key") -> Health:
    keys = list(listed(cast.team, {}, NOON).page)
    return next(row for row in read(reading_health(cast.team, keys, NOON)) if row.key.name == name)


def hourly(key: Key, first: datetime, a_day: dict[int, int]) -> Meter:
    """Polled on the hour since `first`: so many tokens on each day of November, in its first hour."""
    meter, told, at, answers = make_meter(key, NOON), 0, first, []
    while at <= NOON:
        told += a_day.get(at.day, 0) if at.hour == 1 else 0
        answers.append(answer(meter, at - timedelta(seconds=0.5), {"rax-4.0": (told, 1)}, *NOVEMBER))
        at += HOUR
    store(answers)
    plan_next(meter, NOON)
    return meter


class TestPolls:
    @pytest.fixture(autouse=True)
    def provider(self, provider):
        polling.poll_now()
        return provider

    def test_it_says_when_a_key_was_polled_last(self, cast: Cast) -> None:
        said = words(cast)
        assert re.search(r"Polled last poll \d\d:\d\d , just now", said)
        assert "Since" not in said

    def test_it_says_why_a_poll_failed_and_since_when(self, cast: Cast, provider, monkeypatch) -> None:
        provider.status = 503
        polling.poll_now()
        first = Meter.objects.get().asked_at
        polling.poll_now()
        assert Meter.objects.get().asked_at > first
        assert Meter.objects.get().failing_since == first
        now = first + 20 * MINUTE
        at = short(first, now)  # with its day, where that was yesterday
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        assert f"Since {at} , 20 min ago ; last answer" in words(cast)
        assert Meter.objects.get().last_error in words(cast)

    def test_an_answer_ends_it(self, cast: Cast, provider) -> None:
        provider.status = 503
        polling.poll_now()
        provider.status = 200
        polling.poll_now()
        assert Meter.objects.get().failing_since is None
        assert "Since" not in words(cast)

    def test_a_refusal_is_said_since_it_came_not_since_the_outage_before(
        self, cast: Cast, provider, monkeypatch
    ) -> None:
        provider.status = 503
        polling.poll_now()
        outage = Meter.objects.get().failing_since
        provider.status = 401
        monkeypatch.setattr("django.utils.timezone.now", lambda: outage + 2 * HOUR)
        polling.poll_now()
        now = outage + 3 * HOUR
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        assert Meter.objects.get().failing_since == outage
        assert f"Since {short(outage + 2 * HOUR, now)} , 1 h ago" in words(cast)

    def test_a_key_that_a_check_found_refused_says_since_when(self, cast: Cast) -> None:
        cast.key.mark_refused("The provider does not know this key.")
        refused_at = Key.objects.get(pk=cast.key.pk).refused_at
        said = words(cast)
        assert "Refused last poll" in said
        assert f"The provider does not know this key. Since {refused_at:%H:%M} , just now" in said


@pytest.mark.usefixtures("clock")
class TestUse:
    def test_it_shows_today_the_period_and_the_shares_of_their_limits(self, cast: Cast) -> None:
        own = Terms.of(Plan.OWN, cast.key.limits().__class__(60, 4_000, 40_000))
        change_attributes([cast.key], ALWAYS, {"terms": own})
        hourly(cast.key, NOVEMBER[0] + HOUR, {3: 20_000, 22: 500, 23: 1_000})
        said = words(cast)
        assert "1,000 25 % of 4,000 21,500 53.8 % of 40,000" in said

    def test_without_a_limit_there_is_no_share_and_unseen_is_no_zero(self, cast: Cast) -> None:
        text = words(cast)
        assert "– no limit –" in text
        # All of them, in one clause: today is not over, and is no day that was not seen.
        assert "Nothing is known of 14 days" in text
        assert "not seen or only in part" not in text

    def test_fourteen_days_are_drawn(self, cast: Cast) -> None:
        used = {day: 100 * day for day in range(1, 24)}
        hourly(cast.key, NOVEMBER[0] + HOUR, used)
        strip = health(cast).strip
        assert len(strip.days) == DAYS == 14
        assert [day.used.certain for day in strip.days] == [used[day] for day in range(10, 24)]
        assert "At the most 2,300 tokens on one of 14 days" in words(cast)

    def test_who_uses_it_are_members_and_elsewhere(self, cast: Cast) -> None:
        meter = hourly(cast.key, NOVEMBER[0] + HOUR, {8: 9_000, 12: 7_000, 20: 3_000})
        run(cast.key, datetime(2026, 11, 9, 23, tzinfo=UTC), 400, member_id=cast.adam.pk)
        run(cast.key, NOON - 3 * DAY, 600, member_id=cast.bob.pk)
        run(cast.key, NOON - 2 * DAY, 900, member_id=cast.bob.pk)
        run(cast.key, NOON - DAY, 250, member_id=cast.alice.pk)
        assert meter.pk
        users = health(cast).users
        assert list(users.members) == [("Bob", 1_500), ("Alice", 250)]
        # What was used on the 8th is not of these fourteen days, nor is the run of the 9th.
        assert users.elsewhere.certain == 10_000 - 1_750
        assert "Bob 1.5 k Alice 250 elsewhere 8.2 k" in words(cast)

    def test_what_was_run_after_the_last_poll_is_nobodys_yet(self, cast: Cast) -> None:
        hourly(cast.key, NOVEMBER[0] + HOUR, {20: 3_000})
        run(cast.key, NOON + MINUTE, 600, member_id=cast.bob.pk)
        assert list(health(cast).users.members) == []

    def test_elsewhere_is_a_lower_bound_where_days_were_not_seen(self, cast: Cast) -> None:
        hourly(cast.key, datetime(2026, 11, 15, 1, tzinfo=UTC), {15: 5_000, 20: 3_000})
        assert health(cast).users.elsewhere.sureness == Sureness.AT_LEAST
        assert "elsewhere at least 3 k" in words(cast)

    def test_a_server_that_tells_no_usage_has_only_our_runs(self, cast: Cast) -> None:
        make_meter(cast.key, NOON, status=Meter.Status.NO_USAGE, asked_at=NOON - HOUR)
        run(cast.key, NOON - HOUR, 900, member_id=cast.bob.pk)
        said = words(cast)
        assert "Tells no usage" in said
        assert "900 no limit run by raxdash" in said
        assert "elsewhere" not in said

    def test_people_beyond_three_are_counted(self, cast: Cast) -> None:
        make_meter(cast.key, NOON)
        for tokens, who in enumerate((cast.alice, cast.adam, cast.bob, cast.vera), 100):
            Meter.objects.update(status=Meter.Status.NO_USAGE, asked_at=NOON)
            run(cast.key, NOON - HOUR, tokens, member_id=who.pk)
        users = health(cast).users
        assert [who for who, _ in users.members] == ["Vera", "Bob", "Adam"]
        assert users.others == 1


@pytest.mark.usefixtures("clock")
def test_500_keys_take_no_more_queries_than_a_few(cast: Cast, django_assert_max_num_queries) -> None:
    told = {"next_poll_at": NOON + HOUR, "watched_from": NOON - HOUR, "watched_until": NOON - MINUTE}
    for number in range(500):
        key = make_key(cast.team, cast.bob, f"Key {number:03}", secret="")
        Meter.objects.create(team=cast.team, key=key, name=key.name, answered_at=NOON - MINUTE, **told)
    for key in Key.objects.filter(name__endswith="7"):
        run(key, NOON - HOUR, 10, member_id=cast.bob.pk)
    Key.objects.filter(name__endswith="3").update(status=Key.Status.REFUSED, status_reason="No.")
    alice = cast.client("alice")
    alice.get("/t/acme/keys/")
    for query in ("", "?page=7&sort=name", "?state=polled&q=Key", "?state=refused"):
        with django_assert_max_num_queries(MOST_QUERIES):
            page = alice.get(f"/t/acme/keys/{query}")
        assert page.text.count("<tr>") == 26


@pytest.mark.usefixtures("clock")
def test_it_comes_anew_as_a_part(cast: Cast) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = cast.client("vera").get("/t/acme/keys/", headers=headers).text
    assert part.lstrip().startswith('<section class="stack" id="keys"')
    assert "<html" not in part
