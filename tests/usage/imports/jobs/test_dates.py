"""Providers are asked for past days, here the simulated API: it tells them exactly, or none."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from common.jobs import worker
from common.models import Job
from rax.simulator import Server
from rax.simulator.usage.load import Amount
from teams.models import Key
from teams.permissions import Access
from tests.cast import Cast
from tests.common.jobs import run_jobs
from tests.usage.imports.importing import access_of, assert_proven, everything, take_in, undo
from tests.usage.polled import make_meter, poll
from usage.imports import deeds
from usage.imports.jobs.effect import Effect
from usage.imports.jobs.ranges import DayTold
from usage.imports.overview import accounts_of
from usage.ledger.words import moment
from usage.models import DateRangeAnswer, Import, Meter, Stretch
from usage.quota import limiter

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOW = timezone.now()
TODAY = NOW.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
# Longer ago than a month, so that there are several questions.
AGO = 40


@pytest.fixture
def access(cast: Cast) -> Access:
    return access_of(cast.team, cast.adam)


@pytest.fixture
def meter(cast: Cast, provider: Server) -> Meter:
    """The main key at the simulated provider, polled since a period that began three days ago."""
    Key.objects.filter(pk=cast.key.pk).update(base_url=provider.base_url)
    cast.key.refresh_from_db()
    cast.key.set_secret("rax_demo_pro")
    cast.key.save()
    meter = make_meter(cast.key, NOW)
    begun = TODAY - 3 * DAY
    poll(meter, begun + DAY / 2, {"rax-4.5": (500, 5)}, begun, begun + 30 * DAY)
    return meter


def spend(provider: Server, days_ago: int, tokens: int, secret: str = "rax_demo_pro") -> None:
    """Use a key at noon of a day."""
    at = TODAY - days_ago * DAY + DAY / 2
    provider.simulator.meter.record(secret, "rax-4.5", Amount(tokens, 1), at)


def ask(access: Access, *meters: Meter, first: int = AGO, last: int = 1) -> Import:
    """Ask for the days from so many days ago to so many days ago."""
    first_day, last_day = ((TODAY - ago * DAY).date() for ago in (first, last))
    origin = deeds.ask(access, meters, first_day, last_day)
    run_jobs()
    return Import.objects.get(pk=origin.pk)


def told(meter: Meter) -> Counter[int]:
    """{days ago: tokens} of what counts of told days that used something."""
    found: Counter[int] = Counter()
    for row in Stretch.objects.filter(meter=meter, quality="told"):
        assert row.end - row.start == DAY // timedelta(microseconds=1)
        found[(TODAY - moment(row.start)).days] += row.total("tokens")
    return found


def asked(provider: Server) -> int:
    return sum(exchange.path.endswith("/usage") for exchange in provider.simulator.log)


def test_past_days_are_exact_and_leave_what_was_measured(
    access: Access, meter: Meter, provider: Server
) -> None:
    spent = {AGO: 100, 35: 20, 5: 7, 4: 8, 2: 1_000, 1: 2_000}
    for days_ago, tokens in sorted(spent.items(), reverse=True):
        spend(provider, days_ago, tokens)
    before = everything()
    origin = ask(access, meter)
    assert origin.state == Import.State.READY
    assert everything()[:4] == before[:4]
    effect = Effect.load(origin.effect["total"])
    assert (effect.tokens, effect.requests, effect.days, effect.measured) == (135, 4, AGO - 3, 3)
    origin = take_in(access, origin)
    assert +told(meter) == {AGO: 100, 35: 20, 5: 7, 4: 8}
    assert len(told(meter)) == AGO - 3
    assert_proven(access.team)
    undo(access, origin)
    assert everything() == before


def test_whether_dates_are_honoured_is_asked_once(access: Access, meter: Meter, provider: Server) -> None:
    ask(access, meter)
    # The one that shows it, and two of up to 31 days.
    assert asked(provider) == 3
    ask(access, meter)
    assert asked(provider) == 5
    assert DateRangeAnswer.objects.get().is_honoured


def test_a_server_that_tells_its_period_whatever_is_asked_is_found_out(
    access: Access, meter: Meter, provider: Server
) -> None:
    provider.simulator.settings.usage_dates = False
    origin = ask(access, meter)
    assert asked(provider) == 1
    assert (origin.state, origin.effect["accounts"]) == (Import.State.READY, {})
    (row,) = accounts_of(origin, access.team)
    assert row["reason"] == "The server tells its billing period whatever dates are asked for."
    ask(access, meter)
    assert asked(provider) == 1


def test_a_server_that_tells_no_days_apart_is_asked_for_each(
    access: Access, meter: Meter, provider: Server
) -> None:
    provider.simulator.settings.usage_days = False
    for days_ago in (6, 5):
        spend(provider, days_ago, days_ago)
    take_in(access, ask(access, meter, first=7, last=4))
    assert told(meter) == {7: 0, 6: 6, 5: 5, 4: 0}
    # One that shows it, one for all four, and four.
    assert asked(provider) == 6


def test_the_cost_of_a_day_comes_with_it(access: Access, meter: Meter, provider: Server) -> None:
    provider.simulator.settings.currency = "EUR"
    spend(provider, 5, 1_000)
    take_in(access, ask(access, meter, first=5, last=5))
    price = provider.simulator.models["rax-4.5"].price_per_thousand
    amounts = Stretch.objects.get(quality="told").amounts
    assert amounts["cost:EUR"] == {"(unattributed)": price}
    assert_proven(access.team)


def test_a_key_that_fails_leaves_the_others_asked(
    access: Access, cast: Cast, meter: Meter, provider: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("usage.imports.jobs.dates.PAUSE", timedelta(0))
    bad = Key(team=cast.team, name="Bad", base_url=provider.base_url)
    bad.set_secret("rax_unknown")
    bad.save()
    spend(provider, 5, 9)
    origin = ask(access, make_meter(bad, NOW), meter, first=5, last=5)
    assert Effect.load(origin.effect["total"]).tokens == 9
    reasons = {row["name"]: row["reason"] for row in accounts_of(origin, access.team)}
    assert reasons["Bad"].startswith("The API does not accept this key")
    assert reasons["Main key"] == ""


def test_a_provider_that_says_too_often_is_asked_later(
    access: Access, meter: Meter, provider: Server
) -> None:
    provider.simulator.settings.faults = "429:90"
    origin = deeds.ask(access, [meter], TODAY.date() - 5 * DAY, TODAY.date() - 5 * DAY)
    work()
    waits = Job.objects.get(kind="usage.import_ask")
    assert timedelta(seconds=60) < waits.due_at - timezone.now() <= timedelta(seconds=90)
    provider.simulator.settings.faults = ""
    Job.objects.update(due_at=timezone.now())
    work()
    # The key's limiter remembers: nothing is sent before the time that was named.
    assert asked(provider) == 1
    limiter.unblock(meter.key_id)
    Job.objects.update(due_at=timezone.now())
    run_jobs()
    assert Import.objects.get(pk=origin.pk).state == Import.State.READY


def work() -> None:
    """Do all that is due now."""
    while worker.work(seconds=0):
        pass


def test_days_are_those_of_the_team_s_quota(access: Access, meter: Meter, provider: Server) -> None:
    access.team.quota_time_zone = "Asia/Kathmandu"
    start, end = DayTold(date(2026, 3, 1), 1, 1, {}).span(access.team.quota_zone)
    assert moment(start) == datetime(2026, 2, 28, 18, 15, tzinfo=UTC)
    assert end - start == DAY // timedelta(microseconds=1)
