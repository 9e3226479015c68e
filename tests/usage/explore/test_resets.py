"""A counter that began again within a billing period leaves one period on pages: the provider's."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.database.together import read
from tests.cast import Cast, make_key
from tests.usage.accounts.falls import AT, CORRECTED, fall, told
from tests.usage.explore.reading import figure, headline, line, page
from tests.usage.explore.test_proof import claim, proofs
from tests.usage.polled import answer, make_meter
from tests.usage.twins import MINUTE, NOON, PERIOD
from usage.books.ingest import store
from usage.books.retention import kept_from
from usage.books.verify import rebuild
from usage.explore.query.team_time import BillingPeriod
from usage.explore.reading.periods.billing import billing_around, own_periods
from usage.ledger.words import microseconds
from usage.models import CounterReset, Meter

pytestmark = pytest.mark.django_db

LATER = NOON + 45 * MINUTE
DAY = timedelta(days=1)
DECEMBER = PERIOD[1], PERIOD[1] + 31 * DAY
JANUARY = DECEMBER[1], DECEMBER[1] + 31 * DAY
NOVEMBER = BillingPeriod(*PERIOD)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usage.explore.views.timezone.now", lambda: LATER)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    meter = fall(cast, CORRECTED)
    CounterReset.objects.create(meter=meter, at=AT, decided_at=NOON)
    rebuild(meter)
    return meter


@pytest.mark.usefixtures("meter")
def test_the_billing_period_is_shown_whole_with_what_nobody_saw(cast: Cast) -> None:
    html = page(cast.client("alice"), "?period=billing")
    assert headline(html) == "at least 760"
    assert claim(html) == ("1 – 30 Nov 2026: at least: nobody saw the 10 min before its counter began again")
    (proof,) = proofs(html)
    assert proof.startswith("1 – 30 Nov 2026: 760 tokens, shown 760; at least")


def test_other_keys_of_the_same_period_are_compared_with_it(cast: Cast, meter: Meter) -> None:
    other = make_meter(make_key(cast.team, cast.alice, "Other"), NOON)
    store([told(other, -20, 1_000), told(other, 40, 1_100)])
    (proof,) = proofs(page(cast.client("alice"), "?period=billing"))
    assert proof.startswith("1 – 30 Nov 2026 (2 keys): 1,860 tokens, shown 1,860")


def test_a_part_of_it_is_compared_with_nothing(cast: Cast, meter: Meter) -> None:
    (proof,) = proofs(page(cast.client("alice"), "?period=24h"))
    assert proof.startswith("1 – 30 Nov 2026: 760 tokens; ")


@pytest.mark.usefixtures("meter")
def test_a_sum_that_grows_goes_on_through_its_parts(cast: Cast) -> None:
    drawn = figure(page(cast.client("alice"), "?period=24h&view=cumulative"))
    # Where another period begins the line is interrupted.
    assert None not in [height for _, height in line(drawn, "area")]


def test_a_sum_that_grows_looks_for_parts_only_where_a_counter_began_again(cast: Cast) -> None:
    fall(cast, CORRECTED)
    with CaptureQueriesContext(connection) as queries:
        page(cast.client("alice"), "?period=24h&view=cumulative")
    assert not [each for each in queries if 'COALESCE("usage_period"."told_start"' in each["sql"]]


@pytest.mark.parametrize("until", [NOON - DAY, NOON, LATER, PERIOD[1]])
def test_it_is_one_period_from_whenever_it_is_seen(cast: Cast, meter: Meter, until: datetime) -> None:
    assert billing_around(cast.team, until).periods == [NOVEMBER]


def test_it_stands_whole_between_its_neighbours(cast: Cast, meter: Meter) -> None:
    store(answer(meter, start + DAY, {"rax-4.0": (9, 1)}, start, end) for start, end in (DECEMBER, JANUARY))
    following = BillingPeriod(*DECEMBER)
    assert billing_around(cast.team, PERIOD[1]).periods == [following, NOVEMBER]
    assert billing_around(cast.team, DECEMBER[1]).periods == [
        BillingPeriod(*JANUARY),
        following,
        NOVEMBER,
    ]
    assert billing_around(cast.team, PERIOD[0]).periods == [NOVEMBER]


def test_each_key_s_own_period_counts_what_was_told_before_and_since(cast: Cast, meter: Meter) -> None:
    other = make_meter(make_key(cast.team, cast.alice, "Other"), NOON)
    start = PERIOD[0] + 14 * DAY
    store([answer(other, NOON, {"rax-4.0": (1_000, 10)}, start, start + 30 * DAY)])
    theirs, mine = read(own_periods(cast.team, LATER, is_late=False))
    assert (theirs.amounts["tokens"].certain, mine.amounts["tokens"].certain) == (1_000, 760)
    assert (mine.start, mine.end, mine.keys) == (*PERIOD, 1)
    assert not mine.amounts["tokens"].is_known


def test_its_parts_are_kept_as_one_of_two_periods(cast: Cast, meter: Meter) -> None:
    for start, end in (DECEMBER, JANUARY):
        store([answer(meter, start + DAY, {"rax-4.0": (9, 1)}, start, end)])
    store(
        answer(meter, JANUARY[0] + 2 * DAY + n * 10 * MINUTE, {"rax-4.0": (1, 1)}, *JANUARY) for n in range(5)
    )
    at = microseconds(JANUARY[0] + 2 * DAY + timedelta(milliseconds=500))
    CounterReset.objects.create(meter=meter, at=at, decided_at=NOON)
    rebuild(Meter.objects.get(pk=meter.pk))
    assert kept_from(meter.pk, JANUARY[1] + 400 * DAY) == microseconds(DECEMBER[0])


def test_the_team_s_facts_tell_of_how_many_accounts_that_was_said(cast: Cast, meter: Meter) -> None:
    make_meter(make_key(cast.team, cast.alice, "Other"), NOON)
    assert Meter.objects.for_team(cast.team).facts(LATER).parted == 1
    CounterReset.objects.all().delete()
    rebuild(meter)
    assert Meter.objects.for_team(cast.team).facts(LATER).parted == 0
