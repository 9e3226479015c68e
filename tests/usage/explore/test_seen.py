"""What was not seen is no zero, what is still to come has no number, and sums say what they leave out."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD, figure, headline, page, page_by_value, rows
from tests.usage.polled import Counters, answer, make_meter, poll
from usage.books.ingest import store
from usage.models import Meter

pytestmark = pytest.mark.usefixtures("noon")

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
HOURS_TO_NOON = 22 * 24 + 12


def used(hours: int) -> Counters:
    """A hundred tokens an hour."""
    return {"rax-4.5": (100 * hours, hours)}


def asked(hours: int) -> datetime:
    """When a poll begins whose middle is a full hour."""
    return PERIOD[0] + HOUR * hours - timedelta(milliseconds=500)


def polled_until(meter: Meter, hours: int) -> Meter:
    """Polls at each hour of November up to one of them; the next one was due five minutes later."""
    store(answer(meter, asked(hour), used(hour), *PERIOD) for hour in range(1, hours + 1))
    Meter.objects.filter(pk=meter.pk).update(
        next_poll_at=PERIOD[0] + HOUR * hours + 5 * MINUTE, answered_at=PERIOD[0] + HOUR * hours
    )
    return meter


def test_after_days_without_a_poll_each_bucket_is_not_seen_yet(cast: Cast, alice: Client) -> None:
    polled_until(make_meter(cast.key, NOON), HOURS_TO_NOON - 84)
    html = page(alice, "?period=30d")
    days = rows(html)
    assert days["Sun 22 Nov 2026"] == days["Mon 23 Nov 2026"] == ("not seen yet", "–")
    assert days["Fri 20 Nov 2026"] == ("not seen yet", "–")
    assert days["Wed 18 Nov 2026"] == ("", "2,400")
    assert days["Thu 19 Nov 2026"] == ("", "2,400")
    told = 100 * (HOURS_TO_NOON - 84)
    assert headline(html) == f"at least {told:,}"
    assert "Not counted is what was used before 1 Nov 2026 and since 20 Nov 2026: nobody saw it." in html
    hatched = next(trace for trace in figure(html)["data"] if trace.get("name") == "Not seen")
    assert hatched["x"][-4:] == [26, 27, 28, 29]


def test_numbers_of_which_nothing_newer_came_are_old(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    poll(meter, NOON - 3 * HOUR, {"rax-4.0": (1_000, 10)}, *PERIOD)
    Meter.objects.filter(pk=meter.pk).update(missed_polls=3)
    html = page(alice)
    assert "is-old" in html
    assert "These numbers are from" in html
    # Another key is seen: then not all of it is old.
    fresh = make_meter(make_key(cast.team, cast.alice, "Second"), NOON)
    poll(fresh, NOON - HOUR / 60, {"rax-4.0": (5, 1)}, *PERIOD)
    assert "is-old" not in page(alice)


def test_one_missed_poll_is_enough(cast: Cast, alice: Client) -> None:
    meter = polled_until(make_meter(cast.key, NOON), HOURS_TO_NOON - 2)
    Meter.objects.filter(pk=meter.pk).update(missed_polls=1, next_poll_at=NOON + MINUTE)
    hours = rows(page(alice, "?period=24h"))
    assert hours["Mon 23 Nov, 11:00–12:00"] == ("not seen yet", "–")
    assert hours["Mon 23 Nov, 09:00–10:00"] == ("", "100")


def test_a_poll_that_is_not_due_yet_leaves_the_last_bucket_provisional(cast: Cast, alice: Client) -> None:
    meter = polled_until(make_meter(cast.key, NOON), HOURS_TO_NOON - 1)
    Meter.objects.filter(pk=meter.pk).update(next_poll_at=NOON + MINUTE)
    html = page(alice, "?period=24h")
    assert rows(html)["Mon 23 Nov, 11:00–12:00"] == ("not complete yet", "–")
    assert headline(html) == "2,200"  # since 13:00 the day before
    assert "Not counted" not in html


def test_of_time_since_the_last_poll_nothing_is_known_yet(cast: Cast, alice: Client) -> None:
    """As of each new day, in its first minutes: no zero, and nothing that nobody saw."""
    meter = polled_until(make_meter(cast.key, NOON), HOURS_TO_NOON - 1)
    Meter.objects.filter(pk=meter.pk).update(next_poll_at=NOON + MINUTE)
    html = page(alice, "?start=2026-11-23T11:00Z&end=2026-11-23T13:00Z")
    assert (headline(html), headline(html, "requests")) == ("–", "–")
    assert "Nothing is known of this period yet" in html
    # Nor is any proven, or frozen.
    assert "of them in the time shown" not in html
    assert "Freeze and share" not in html
    assert "as far as was seen" not in html


def test_of_two_keys_the_one_that_is_seen_is_counted(cast: Cast, alice: Client) -> None:
    polled_until(make_meter(cast.key, NOON), HOURS_TO_NOON - 3)
    punctual = polled_until(make_meter(make_key(cast.team, cast.alice, "Second"), NOON), HOURS_TO_NOON)
    Meter.objects.filter(pk=punctual.pk).update(next_poll_at=NOON + MINUTE)
    hours = rows(page(alice, "?period=24h"))
    assert hours["Mon 23 Nov, 10:00–11:00"] == ("not seen yet in part: at least this much", "at least 100")
    assert hours["Mon 23 Nov, 08:00–09:00"] == ("", "200")


def test_what_is_still_to_come_is_not_in_the_chart(cast: Cast, alice: Client) -> None:
    polled_until(make_meter(cast.key, NOON), HOURS_TO_NOON)
    html = page(alice, "?period=billing")
    drawn = figure(html)
    assert drawn["layout"]["meta"]["titles"][-1] == "Mon 23 Nov 2026"
    assert max(len(trace["y"]) for trace in drawn["data"]) == 23
    assert "Tue 24 Nov 2026" not in rows(html)


def test_a_period_that_ended_leaves_the_time_since_unknown(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    october = PERIOD[0] - 31 * DAY, PERIOD[0]
    store(answer(meter, october[0] + DAY * day, used(day), *october) for day in range(1, 31))
    end = PERIOD[0]
    poll(meter, end - timedelta(seconds=1), used(31), *october)
    # The provider goes on telling October.
    Meter.objects.update(watched_until=end, period_end=end, answered_at=NOON - MINUTE)
    html = page(alice, "?period=30d")
    days = rows(html)
    assert days["Mon 2 Nov 2026"] == days["Sun 22 Nov 2026"] == ("nothing was seen", "–")
    assert "its billing period ended" in html
    assert "the provider has told no newer one" in html
    assert "used in time that the table by day marks: nobody saw it." in html


def test_a_correction_reads_alike_everywhere(cast: Cast, alice: Client) -> None:
    meter = polled_until(make_meter(cast.key, NOON), HOURS_TO_NOON - 2)
    Meter.objects.filter(pk=meter.pk).update(next_poll_at=NOON + MINUTE)
    fallen: Counters = {"rax-4.5": (100 * (HOURS_TO_NOON - 2) - 5_000, HOURS_TO_NOON - 2)}
    for minutes in (5, 20, 40, 60):
        poll(meter, NOON - 2 * HOUR + minutes * MINUTE, fallen, *PERIOD)
    html = page(alice, "?period=24h")
    assert headline(html) == "−2,900"
    assert html.partition("<tfoot>")[2].count("−2,900") == 2
    values = page_by_value(alice, "?period=24h")
    assert values.partition('id="numbers"')[2].count("−2,900") == 2
    assert 'width="0.00"' in values
    assert "the provider took back 5,000 tokens;" in html


def test_where_nothing_was_used_before_watching_each_day_is_zero_and_no_more(
    cast: Cast, alice: Client
) -> None:
    meter = make_meter(cast.key, NOON)
    for minutes, tokens in ((17, 0), (12, 20_000), (1, 70_008)):
        poll(meter, NOON - minutes * MINUTE, {"rax-4.5": (tokens, tokens // 100)}, *PERIOD)
    days = rows(page(alice, "?period=billing"))
    assert days["Sun 22 Nov 2026"] == ("", "0")
    assert days["Mon 23 Nov 2026"] == ("not complete yet", "70,008")


def test_a_team_whose_period_is_long_over_opens_on_it(cast: Cast, alice: Client) -> None:
    january = datetime(2024, 1, 1, tzinfo=PERIOD[0].tzinfo), datetime(2024, 2, 1, tzinfo=PERIOD[0].tzinfo)
    meter = make_meter(cast.key, NOON)
    poll(meter, NOON - MINUTE, {"rax-4.5": (150_000, 1_250)}, *january)
    Meter.objects.filter(pk=meter.pk).update(answered_at=NOON - MINUTE)
    html = page(alice)
    assert headline(html) == "150,000"
    assert "1 – 31 Jan 2024" in html
    assert "Not counted" not in page(alice, "?period=7d")
