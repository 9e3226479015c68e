"""Mine: what somebody spent through raxdash, line by line, and what binds them, the tightest first."""

import random
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from teams.models import Key, Plan
from tests.cast import Cast, make_key
from tests.usage.explore.proven import body, rows, spend, told, words
from tests.usage.explore.reading import NOON
from tests.usage.polled import at_once, make_meter
from tests.usage.prices.priced import make_price
from usage.explore.proof.binding import bindings
from usage.models import LimiterWindow, RateSample
from usage.quota.key_quota import key_quotas

pytestmark = pytest.mark.usefixtures("noon")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def table(client: Client, name: str, query: str = "") -> list[list[str]]:
    return [row[:-1] for row in rows(body(client, f"mine/{query}"), name)]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/St_Johns"])
def test_it_is_what_my_lines_add_up_to(cast: Cast, bob: Client, zone: str) -> None:
    """A random ledger of three people, added up here line by line."""
    cast.team.time_zone = zone
    cast.team.save()
    chance = random.Random(3)
    keys = [make_key(cast.team, cast.alice, f"Key {n}") for n in range(3)]
    by: dict[str, dict[str, Counter[str]]] = {name: defaultdict(Counter) for name in ("model", "key", "day")}
    today = NOON.astimezone(cast.team.zone).date()
    for _ in range(150):
        key, model = chance.choice(keys), chance.choice(("rax-4.0", "rax-4.5"))
        member = chance.choice((cast.alice.pk, cast.bob.pk, None))
        at, tokens = NOON - chance.randrange(1, 40 * 24 * 60) * timedelta(minutes=1), chance.randrange(1, 900)
        spend(key, member, at, tokens, model)
        day = at.astimezone(cast.team.zone).date()
        if member == cast.bob.pk and today - day < 30 * DAY:
            for name, value in (("model", model), ("key", key.name), ("day", f"{day:%a %-d %b %Y}")):
                by[name][value].update(tokens=tokens, requests=1)
    for name, sums in by.items():
        found = table(bob, f"by-{name}")
        assert {row[0]: row[1:] for row in found} == {
            value: [f"{spent['tokens']:,}", str(spent["requests"])] for value, spent in sums.items()
        }
    days = [datetime.strptime(row[0], "%a %d %b %Y") for row in table(bob, "by-day")]  # noqa: DTZ007  days alone
    assert days == sorted(days, reverse=True)


def test_earlier_and_later_step_the_period(cast: Cast, bob: Client) -> None:
    spend(cast.key, cast.bob.pk, NOON - HOUR, 5)
    spend(cast.key, cast.bob.pk, NOON - 8 * DAY, 7)
    html = body(bob, "mine/?period=7d&filter.key=!none")
    assert 'rel="next"' not in html
    (earlier,) = re.findall(r'<a [^>]*href="(\?[^"]*)" rel="prev"', html)
    assert table(bob, "by-key", earlier) == [["Main key", "7", "1"]]
    assert "filter.key=" in earlier
    (later,) = re.findall(r'<a [^>]*href="(\?[^"]*)" rel="next"', body(bob, f"mine/{earlier}"))
    assert table(bob, "by-key", later) == [["Main key", "5", "1"]]


def test_members_find_it_first_in_their_menu(cast: Cast, bob: Client) -> None:
    def watched(client: Client, path: str) -> list[tuple[str, str]]:
        menu = client.get(path).content.decode().partition('id="menu-watch"')[2].partition("</ul>")[0]
        return re.findall(r'<a class="side-link"[^>]*?( aria-current="page")?>.*?<span>(.*?)</span>', menu)

    assert watched(bob, "/t/acme/usage/mine/")[:2] == [(' aria-current="page"', "Mine"), ("", "Usage")]
    assert watched(bob, "/t/acme/usage/")[:2] == [("", "Mine"), (' aria-current="page"', "Usage")]
    assert watched(cast.client("alice"), "/t/acme/usage/mine/")[0] == (' aria-current="page"', "Usage")


def test_a_period_and_a_filter_are_respected(cast: Cast, bob: Client) -> None:
    other = make_key(cast.team, cast.alice, "Other")
    spend(cast.key, cast.bob.pk, NOON - HOUR, 5)
    spend(other, cast.bob.pk, NOON - HOUR, 7)
    spend(other, cast.bob.pk, NOON - 3 * DAY, 11)
    assert table(bob, "by-key", "?period=today") == [["Other", "7", "1"], ["Main key", "5", "1"]]
    assert table(bob, "by-key", f"?period=7d&filter.key={other.pk}") == [["Other", "18", "2"]]


def test_estimates_are_said_to_be_some(cast: Cast, bob: Client) -> None:
    spend(cast.key, cast.bob.pk, NOON - HOUR, 5, is_reported=False)
    spend(cast.key, cast.bob.pk, NOON - HOUR, 7)
    html = body(bob, "mine/")
    assert "12 tokens in 2 requests went through raxdash as yours. 5 of the tokens are estimated" in words(
        html
    )
    assert table(bob, "by-model") == [["rax-4.5", "≈ 12", "2"]]


def test_viewers_see_what_they_spent_before(cast: Cast) -> None:
    vera = cast.client("vera")
    assert "You spent nothing then" in body(vera, "mine/")
    spend(cast.key, cast.vera.pk, NOON - HOUR, 5)
    assert table(vera, "by-key") == [["Main key", "5", "1"]]


def test_nobody_elses_lines_and_no_other_teams_are_mine(cast: Cast, bob: Client) -> None:
    spend(cast.key, cast.alice.pk, NOON - HOUR, 5)
    theirs = make_key(cast.other_team, cast.charlie, "Theirs")
    spend(theirs, cast.bob.pk, NOON - HOUR, 7)
    assert "You spent nothing then" in body(bob, "mine/")


def limited(key: Key, **limits: int) -> Key:
    key.plan = Plan.OWN
    for name, limit in limits.items():
        setattr(key, name, limit)
    key.save()
    return key


def used_today(key: Key, tokens: int) -> None:
    """A key was asked at midnight and each hour since, and used so much from nine to ten."""
    meter = make_meter(key, NOON)
    for hour in range(13):
        told(meter, NOON - (12 - hour) * HOUR - timedelta(seconds=0.5), 100 + (tokens if hour > 9 else 0))


class TestWhatBinds:
    def limits(self, client: Client) -> list[list[str]]:
        return rows(body(client, "mine/"), "limits")

    def test_the_tightest_comes_first(self, cast: Cast, bob: Client) -> None:
        roomy = limited(make_key(cast.team, cast.alice, "Roomy"), tokens_per_period=100_000)
        tight = limited(cast.key, tokens_per_day=1_000, requests_per_minute=50)
        for key in (roomy, tight):
            used_today(key, 850)
        found = self.limits(bob)
        assert found[0][:4] == ["Main key", "1,000 tokens today the key's plan", "150", "85 %"]
        assert ["Roomy", "100,000 tokens in the billing period the key's plan"] in [row[:2] for row in found]

    def test_the_providers_word_counts_while_it_is_fresh(self, cast: Cast, bob: Client) -> None:
        limited(cast.key, requests_per_minute=60)
        LimiterWindow.objects.create(key=cast.key, minute=int(NOON.timestamp()) // 60, requests=6)
        RateSample.objects.create(
            key=cast.key, received_at=NOON, source="poll", requests_limit=100, requests_remaining=5
        )
        assert [row[1:4] for row in self.limits(bob)] == [
            ["100 requests right now the provider's last answer", "5", "95 %"],
            ["60 requests a minute the key's plan", "at most 54", "10 %"],
        ]

    def test_a_limit_that_is_used_up_stands_above_all(self, cast: Cast) -> None:
        spent = limited(cast.key, tokens_per_day=500)
        other = limited(make_key(cast.team, cast.alice, "Other"), tokens_per_day=1_000_000)
        for key in (other, spent):
            used_today(key, 850)
        found = bindings(key_quotas(cast.team, [other, spent], NOON), {}, NOON)
        assert [limit.key.name for limit in found] == ["Main key", "Other"]
        assert [limit.is_used_up for limit in found] == [True, False]

    @pytest.mark.parametrize(("limit", "ends"), [(50_000, False), (6_500, True)])
    def test_a_period_ends_by_its_forecast_and_not_by_the_last_hour(
        self, cast: Cast, bob: Client, limit: int, ends: bool
    ) -> None:
        """Ten tokens an hour for weeks, and 2,000 in the last three: 50,000 last all the same."""
        key = limited(cast.key, tokens_per_period=limit)
        meter = make_meter(key, NOON)
        with at_once():
            for hours in range(21 * 24, 0, -3):
                told(meter, NOON - hours * HOUR, 10 * (21 * 24 - hours))
        told(meter, NOON - timedelta(seconds=0.5), 10 * 21 * 24 + 2_000 - 1_000)
        (row,) = self.limits(bob)
        assert row[1].startswith(f"{limit:,} tokens in the billing period")
        assert ("At this pace" in row[4]) == ends

    def test_what_is_not_known_is_no_zero_and_comes_last(self, cast: Cast, bob: Client) -> None:
        limited(cast.key, tokens_per_day=500, requests_per_minute=60)
        assert [row[1:4] for row in self.limits(bob)] == [
            ["60 requests a minute the key's plan", "at most 60", "0 %"],
            ["500 tokens today the key's plan", "–", "–"],
        ]

    def test_keys_of_others_alone_bind_me_only_where_i_spent_with_them(self, cast: Cast, bob: Client) -> None:
        limited(cast.key, tokens_per_day=500)
        Key.objects.filter(pk=cast.key.pk).update(only_spenders=True)
        assert self.limits(bob) == []
        spend(cast.key, cast.bob.pk, NOON - HOUR, 5)
        assert [row[0] for row in self.limits(bob)] == ["Main key"]


def test_many_keys_cost_a_few_queries(cast: Cast, bob: Client, django_assert_max_num_queries) -> None:
    for n in range(40):
        key = limited(make_key(cast.team, cast.alice, f"Key {n}"), tokens_per_day=10_000)
        meter = make_meter(key, NOON)
        with at_once():
            for days in (20, 1):
                told(meter, NOON - days * DAY, 100 * (21 - days))
            for minutes in range(0, 36 * 60, 30):
                if n < 3:
                    told(meter, NOON - timedelta(minutes=minutes), 10_000 - minutes)
        spend(key, cast.bob.pk, NOON - HOUR, 5 + n)
    with django_assert_max_num_queries(12):
        assert len(table(bob, "limits")) == 10


def test_by_the_teams_prices_it_says_what_my_runs_cost_and_columns_add_up(cast: Cast, bob: Client) -> None:
    """Each key and model is rounded once; by model, by key and by day it is the same sum."""
    chance = random.Random(5)
    make_price(cast.team, "rax-4.0", NOON.date() - 40 * DAY, "7.77")
    apart = {"input_per_million": "1.1", "output_per_million": "3.3"}
    make_price(cast.team, "rax-4.5", NOON.date() - 40 * DAY, "900", **apart)
    make_price(cast.team, "rax-4.5", NOON.date() - 5 * DAY, "5.5")
    keys = [cast.key, make_key(cast.team, cast.alice, "Other")]
    lines: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for _ in range(60):
        key, model = chance.choice(keys), chance.choice(("rax-4.0", "rax-4.5", "rax-9"))
        at, tokens = NOON - chance.randrange(1, 20) * DAY, chance.randrange(1, 90_000)
        spend(key, cast.bob.pk, at, tokens, model)
        written = tokens // 3
        if model == "rax-4.0":
            lines[key.name, model] += tokens * Decimal("7.77") / 10**6
        elif model == "rax-4.5" and NOON - at > 5 * DAY:
            lines[key.name, model] += ((tokens - written) * Decimal("1.1") + written * Decimal("3.3")) / 10**6
        elif model == "rax-4.5":
            lines[key.name, model] += tokens * Decimal("5.5") / 10**6
    rounded = {line: cost.quantize(Decimal("0.01")) for line, cost in lines.items()}
    html = body(bob, "mine/")
    assert f'id="my-cost">≈ {sum(rounded.values())} USD<' in html
    # Bars have no room beside the figures on a phone.
    assert html.count('class="proof-bar hide-s"') == html.count("proof-bar") > 0
    assert "without rax-9, which has no price" in html
    for name, place in (("by-model", 1), ("by-key", 0)):
        found = {row[0]: row[3] for row in table(bob, name)}
        assert found.pop("rax-9", "–") == "–"
        sums = {row: sum(cost for line, cost in rounded.items() if line[place] == row) for row in found}
        assert found == {row: str(cost) for row, cost in sums.items()}
    days = [Decimal(row[3]) for row in table(bob, "by-day") if row[3] != "–"]
    assert sum(days) == sum(rounded.values())


def test_what_costs_less_than_a_coin_is_no_zero(cast: Cast, bob: Client) -> None:
    make_price(cast.team, "rax-4.0", NOON.date() - 40 * DAY, "4")
    make_price(cast.team, "rax-4.5", NOON.date() - 40 * DAY, "0")
    for model in ("rax-4.0", "rax-4.5"):
        spend(cast.key, cast.bob.pk, NOON - HOUR, 1_000, model)
    html = body(bob, "mine/")
    assert 'id="my-cost">< 0.01 USD<' in html
    assert [row[3] for row in table(bob, "by-model")] == ["< 0.01", "0.00"]


def test_without_prices_there_is_no_word_of_cost(cast: Cast, bob: Client) -> None:
    spend(cast.key, cast.bob.pk, NOON - HOUR, 5)
    assert "stimated" not in body(bob, "mine/")
