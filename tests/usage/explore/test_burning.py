"""The sum that grows, as the page shows it: by billing periods, beside limit, period before and forecast."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import pytest

from teams.models import Plan
from tests.cast import Cast, make_key
from tests.usage.explore.reading import figure, line, page
from tests.usage.polled import SECOND, Counters, answer, make_meter
from tests.usage.prices.priced import make_price
from usage.books.ingest import store
from usage.models import Meter, TeamModel

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
OCTOBER, NOVEMBER, DECEMBER = (datetime(2026, month, 1, tzinfo=UTC) for month in (10, 11, 12))
NOW = datetime(2026, 11, 19, 13, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The afternoon of the 19th, for whoever asks Django for the time."""
    monkeypatch.setattr("usage.explore.views.timezone.now", lambda: NOW)


def dealt() -> Iterator[tuple[datetime, int]]:
    """What is used in the hour from each instant on: more by day."""
    at = OCTOBER
    while at + HOUR <= NOW:
        yield at, 300 + at.day if 7 <= at.hour < 19 else 20
        at += HOUR


def used(start: datetime, end: datetime) -> int:
    """What was used between two instants, by the test's own sum."""
    return sum(amount for at, amount in dealt() if start <= at < end)


def local(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    """A meter of a team in Berlin, polled each hour since October; its periods are months in UTC."""
    return watched(cast)


def watched(cast: Cast, price: str = "") -> Meter:
    """The same; with a price of a token its provider tells what it cost, too."""
    cast.team.time_zone = "Europe/Berlin"
    cast.team.save()
    meter = make_meter(cast.key, NOW)
    polls = [answer(meter, OCTOBER - SECOND / 2, {"rax-4.0": (0, 0)}, OCTOBER, NOVEMBER)]
    counters: Counters = {"rax-4.0": (0, 0)}
    for at, amount in dealt():
        month = (OCTOBER, NOVEMBER) if at < NOVEMBER else (NOVEMBER, DECEMBER)
        if at == NOVEMBER:
            counters = {"rax-4.0": (0, 0)}
            polls.append(answer(meter, at + SECOND, counters, *month))
        tokens, requests = counters["rax-4.0"]
        counters = {"rax-4.0": (tokens + amount, requests + 1)}
        until = at + HOUR - (SECOND if at + HOUR == NOVEMBER else SECOND / 2)
        polls.append(answer(meter, until, counters, *month))
    if price:
        polls = [replace(each, cost=Decimal(price) * each.total_tokens, currency="USD") for each in polls]
    store(polls)
    return meter


def limited(cast: Cast, tokens: int) -> None:
    cast.key.plan, cast.key.tokens_per_period = Plan.OWN, tokens
    cast.key.save()


def test_it_grows_from_the_begin_of_the_period(cast: Cast, meter: Meter) -> None:
    drawn = figure(page(cast.client("alice"), "?period=billing&view=cumulative"))
    go.Figure(drawn)
    area = line(drawn, "area")
    assert area[-2][1] == used(NOVEMBER, NOW)
    # The first bucket lasts to midnight in Berlin.
    assert area[2] == (0.5, used(NOVEMBER, local(11, 2)))


def test_it_starts_again_where_a_period_begins_within_a_day(cast: Cast, meter: Meter) -> None:
    query = "?start=2026-10-30&end=2026-11-03&step=day&view=cumulative"
    area = line(figure(page(cast.client("alice"), query)), "area")
    first = [used(local(10, 30), end) for end in (local(10, 31), local(11, 1), NOVEMBER)]
    second = [used(NOVEMBER, local(11, day)) for day in (2, 3, 4)]
    assert [height for _, height in area if height] == [*first, *second]


def test_the_period_before_stands_behind_it_to_its_end(cast: Cast, meter: Meter) -> None:
    html = page(cast.client("alice"), "?period=billing&view=cumulative")
    past = [height for _, height in line(figure(html), "past")][1:]
    days = [used(OCTOBER, local(10, 2) + timedelta(days=n)) for n in range(23)]
    assert past[:23] == days
    assert past[29] == used(OCTOBER, OCTOBER + timedelta(days=29, hours=23))
    assert "Billing period before, 1 Oct" in html
    # What it is compared with otherwise is told as far as it has gone, and drawn to the end.
    html = page(cast.client("alice"), "?period=billing&view=cumulative&compare=previous")
    assert [height for _, height in line(figure(html), "past")][1:] == past


def test_a_limit_is_told_with_the_day_on_which_it_is_passed(cast: Cast, meter: Meter) -> None:
    limited(cast, 100_000)
    html = page(cast.client("alice"), "?period=billing&view=cumulative")
    drawn = figure(html)
    texts = {each["name"]: each["text"] for each in drawn["layout"]["annotations"]}
    assert texts["limit"] == "limit 100,000"
    # On a day some 310 × 12 + 20 × 12 tokens are used.
    left = 100_000 - used(NOVEMBER, NOW)
    day = NOW + timedelta(days=left / 4_000)
    assert f"{day:%A, %-d %B}," in html
    assert "At this rate <bdi>Main key</bdi> passes its limit of 100,000 tokens on" in html
    low, high = line(drawn, "range")[-2][1], line(drawn, "range")[1][1]
    assert low <= high
    whole = used(NOVEMBER, NOW) + 4_000 * ((DECEMBER - NOW) / timedelta(days=1))
    middle = line(drawn, "middle")[-1][1]
    assert abs(middle - whole) < 0.1 * whole
    assert 'id="forecast">Range: ' in html
    assert "limit 100,000; expected" in html


def bare(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def expected_cost(html: str, whole: float) -> None:
    """The cone of a cost, in coins, lies around what all of it comes to, on a straight line."""
    drawn = figure(html)
    go.Figure(drawn)
    course = line(drawn, "middle")
    (_, high), (_, low) = line(drawn, "range")[len(course) - 1 : len(course) + 1]
    middle = course[-1][1]
    assert low <= middle <= high
    assert abs(middle - whole) < 0.1 * whole
    assert "limit" not in {each["name"] for each in drawn["layout"]["annotations"]}


def test_a_cost_by_the_teams_prices_is_expected_as_an_estimate(cast: Cast, meter: Meter) -> None:
    limited(cast, 100_000)
    make_price(cast.team, "rax-4.0", OCTOBER.date(), "9000")
    # A price that fell is no pace that fell: the hours behind are held as today is priced.
    make_price(cast.team, "rax-4.0", date(2026, 11, 10), "1000")
    html = page(cast.client("alice"), "?period=billing&view=cumulative&measure=cost")
    first, second = used(NOVEMBER, local(11, 10)), used(local(11, 10), NOW)
    to_come = 4_000 * ((DECEMBER - NOW) / timedelta(days=1))
    expected_cost(html, first * 0.9 + (second + to_come) * 0.1)
    assert re.search(
        r"At this rate and today's prices it ends at ≈ [\d.]+ – [\d.]+ USD on Tuesday, 1 December\.",
        bare(html),
    )
    assert 'id="forecast">Range: ' in html
    of_a_model = f"&filter.model={TeamModel.objects.get().pk}"
    html = page(cast.client("alice"), f"?period=billing&view=cumulative&measure=cost{of_a_model}")
    assert "A forecast is made of all models together." in html


def test_a_cost_that_the_provider_tells_is_expected_in_its_currency(cast: Cast) -> None:
    watched(cast, "0.01")
    html = page(cast.client("alice"), "?period=billing&view=cumulative&measure=cost")
    to_come = 4_000 * ((DECEMBER - NOW) / timedelta(days=1))
    expected_cost(html, used(NOVEMBER, NOW) + to_come)
    assert re.search(r"At this rate it ends at 1,\d\d\d – 1,\d\d\d USD on Tuesday, 1 December\.", bare(html))


def test_a_limit_that_was_passed_is_told_with_its_day(cast: Cast, meter: Meter) -> None:
    limited(cast, 30_000)
    html = page(cast.client("alice"), "?period=billing&view=cumulative")
    passed = next(day for day in range(2, 20) if used(NOVEMBER, local(11, day)) >= 30_000) - 1
    words = f"passed its limit of 30,000 tokens on {local(11, passed) + HOUR:%A, %-d %B}"
    assert f"<bdi>Main key</bdi> {words}" in html


def test_a_limit_holds_for_all_that_is_shown_or_for_none(cast: Cast, meter: Meter) -> None:
    limited(cast, 100_000)
    alice = cast.client("alice")
    model = TeamModel.objects.get().pk
    of_a_model = page(alice, f"?period=billing&view=cumulative&filter.model={model}")
    assert "limit 100,000" not in of_a_model
    assert "A forecast is made of all models together." in of_a_model
    assert "limit 100,000" not in page(alice, "?period=billing&view=cumulative&metric=requests")
    # A sum that begins elsewhere than the period is not held against its limit.
    assert "limit 100,000" not in page(alice, "?period=week&view=cumulative")
    other = make_meter(make_key(cast.team, cast.alice, "Other"), NOW)
    store([answer(other, NOW - HOUR, {"rax-4.0": (5, 1)}, NOVEMBER, DECEMBER)])
    assert "limit 100,000" not in page(alice, "?period=billing&view=cumulative")
    assert "limit 100,000" in page(alice, f"?period=billing&view=cumulative&filter.key={cast.key.pk}")


def test_what_nobody_saw_before_is_named_where_it_was_asked_for(cast: Cast, meter: Meter) -> None:
    alice, query = cast.client("alice"), "?start=2026-10-01&end=2026-10-19&view=cumulative"
    html = page(alice, query)
    assert 'id="compared"' not in html
    assert "past" not in [trace["meta"]["look"] for trace in figure(html)["data"]]
    assert ": not seen</span>" in page(alice, f"{query}&compare=2026-08-01..2026-08-19")


def test_what_is_over_is_not_expected(cast: Cast, meter: Meter) -> None:
    html = page(cast.client("alice"), "?period=last-billing&view=cumulative")
    assert "At this rate" not in html
    assert line(figure(html), "area")[-2][1] == used(OCTOBER, NOVEMBER)
