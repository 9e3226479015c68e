"""What runs out first stands at the top while that is true, and only then: what is left, how fast, who."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from rax import Limits
from teams.models import Key, Plan
from tests.cast import Cast, make_key
from tests.usage.explore.reading import PART
from tests.usage.polled import make_meter, poll_regularly, run
from usage.models import Meter
from usage.quota import limiter

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon for the page and for the words it uses for times."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def trial(cast: Cast) -> Key:
    return polled(cast, "Trial", 60_000, 10_000)


def polled(cast: Cast, name: str, before: int, last_hour: int, **fields: object) -> Key:
    """A free key that used so much of two models until eleven, and so much since."""
    key = make_key(cast.team, cast.alice, name)
    Key.objects.filter(pk=key.pk).update(**{"plan": Plan.FREE} | fields)
    key.refresh_from_db()
    meter = make_meter(key, NOON)
    for at, tokens in (
        (-1, 0),
        (0.05, 0),
        (6, before // 2),
        (11, before),
        (11.5, before),
        (12, before + last_hour),
    ):
        told = tokens * 3 // 4
        poll_regularly(
            meter,
            NOON + (at - 12) * HOUR - timedelta(seconds=0.5),
            {"rax-4.5": (told, 1), "rax-4.0": (tokens - told, 1)},
            *NOVEMBER,
        )
    return key


def alarm(cast: Cast, query: str = "", person: str = "vera") -> str:
    """The words of what stands at the top; empty where nothing does."""
    html = unescape(cast.client(person).get(f"/t/acme/quota/{query}").content.decode())
    found = re.search(r'<section class="alarm.*?</section>', html, re.DOTALL)
    words = re.sub(r"<(?!a |svg )[^>]*>", " ", found[0]) if found else ""
    return " ".join(words.split()).replace(" .", ".").replace(" ,", ",")


def test_it_says_when_and_how_much_before_it_is_filled_again(cast: Cast, trial: Key) -> None:
    """30,000 are left at 10,000 an hour."""
    words = alarm(cast)
    assert re.search(r"Trial runs out at 1(4:59|5:00)", words)
    assert re.search(
        r"That is in (3 h|2 h 59 min), and 9 h( 1 min)? before it is filled again at 24:00\.", words
    )
    assert "Left 30,000 of 100,000" in words
    assert re.search(r"Now (9,99\d|10,0\d\d) an hour", words)
    assert "Pace 1.40 ×" in words
    assert "Mostly rax-4.5, outside raxdash" in words


def test_where_the_day_is_expected_to_last_it_says_on_what_the_hour_depends(cast: Cast) -> None:
    """60,000 are left at 20,000 an hour; but 40,000 in half of a day make no 100,000 in all of it."""
    key = make_key(cast.team, cast.alice, "Trial")
    Key.objects.filter(pk=key.pk).update(plan=Plan.FREE)
    meter = make_meter(key, NOON)
    for half in range(-1, 25):
        tokens = 10_000 * max(half, 0) // 11 if half <= 22 else 20_000 + 10_000 * (half - 22)
        at = NOON + (half / 2 - 12) * HOUR - timedelta(seconds=0.5)
        poll_regularly(meter, at, {"rax-4.5": (tokens, 1)}, *NOVEMBER)
    words = alarm(cast)
    assert re.search(r"Trial may run out at 1(4:59|5:00)", words)
    assert re.search(r"If it goes on as in the last hour, that is in (3 h|2 h 59 min), and", words)
    lasts = r"Going on at the whole day's pace it lasts more often than not: [\d.]+( k)? – [\d.]+ k are used"
    assert re.search(lasts, words)
    rows = unescape(cast.client("vera").get("/t/acme/quota/").content.decode()).partition('id="keys"')[2]
    assert "if the last hour goes on" in rows
    assert "at 24:00, at the whole day's pace" in re.sub("<[^>]*>", "", rows)
    assert "too early" not in rows
    # Beside one that ends first it is said as carefully.
    polled(cast, "Sooner", 60_000, 20_000)
    assert re.search(r"Sooner runs out at .* Trial may run out at 1(4:59|5:00), too\.", alarm(cast))


def test_its_one_button_leads_to_what_spends_it(cast: Cast, trial: Key) -> None:
    words = alarm(cast)
    address = f"/t/acme/usage/?filter.key={trial.pk}&period=quota-day"
    assert f'<a class="btn btn-primary" href="{address}"' in words
    assert words.count("btn-primary") == 1
    assert cast.client("vera").get(address).status_code == 200


def test_a_member_who_spends_most_is_named(cast: Cast, trial: Key) -> None:
    run(trial, NOON - HOUR * 2, 45_000, member_id=cast.bob.pk, model="rax-4.5")
    assert "Mostly Bob, in the playground" in alarm(cast)


def test_nothing_stands_there_while_all_last(cast: Cast) -> None:
    polled(cast, "Trial", 40_000, 1_000)
    assert alarm(cast) == ""
    row = cast.client("vera").get("/t/acme/quota/").text
    assert '<span class="q-end q-quiet">lasts</span><span class="q-sub">resets in 12 h</span>' in row


def test_nothing_stands_there_once_it_is_not_seen_any_more(cast: Cast, trial: Key) -> None:
    Meter.objects.update(missed_polls=1)
    assert alarm(cast) == ""


def test_of_several_two_are_named_and_the_others_are_counted(cast: Cast, trial: Key) -> None:
    polled(cast, "Sooner", 60_000, 20_000)
    polled(cast, "Calm", 1_000, 10)
    assert re.search(r"Trial runs out at 1[45]:\d\d, too\.", alarm(cast))
    polled(cast, "Later", 50_000, 8_000)
    words = alarm(cast)
    assert re.search(r"^.*?Sooner runs out at 1(2:59|3:00)", words)
    more = "and 1 more, at this rate, before its limit begins anew"
    assert re.search(rf"Trial runs out at 1[45]:\d\d, too, {more}\.", words)


def test_beside_one_that_is_used_up_stands_the_next(cast: Cast, trial: Key) -> None:
    polled(cast, "Gone", 90_000, 12_000)
    words = alarm(cast)
    assert "Gone is used up" in words
    assert re.search(r"in 12 h\. Trial runs out at 1[45]:\d\d, too\.", words)


def test_one_that_is_used_up_says_when_it_is_filled_again(cast: Cast) -> None:
    polled(cast, "Trial", 90_000, 12_000)
    words = alarm(cast)
    assert "Trial is used up It is filled again at 24:00, in 12 h." in words
    assert "Left 0 of 100,000" in words


def test_of_two_limits_that_are_used_up_the_one_that_begins_anew_last_is_told(cast: Cast) -> None:
    polled(cast, "Trial", 90_000, 12_000, plan=Plan.OWN, tokens_per_day=50_000, tokens_per_period=100_000)
    assert "It is filled again on 30 Nov" in alarm(cast)


def test_a_search_for_another_key_does_not_hide_it(cast: Cast, trial: Key) -> None:
    Meter.objects.filter(key=trial).update(runs_out_at=NOON + 3 * HOUR)
    assert "Trial runs out" in alarm(cast, "?q=Main")


def test_the_clock_is_the_teams_and_the_day_the_providers(cast: Cast, trial: Key) -> None:
    cast.team.time_zone = "Europe/Berlin"
    cast.team.save()
    words = alarm(cast)
    assert re.search(r"Trial runs out at 1(5:59|6:00)", words)
    assert "before it is filled again on 27 Nov, 01:00" in words


@pytest.mark.parametrize("path", ["quota/", "quota/{key}/", "keys/"])
def test_asked_again_nothing_moves_or_is_reckoned_until_something_is_told(
    cast: Cast, trial: Key, path: str, django_assert_max_num_queries
) -> None:
    vera, address = cast.client("vera"), f"/t/acme/{path.format(key=trial.pk)}"
    whole = vera.get(address)
    tag = whole.headers["HX-PTag"]
    assert f'hx-ptag="{tag}"' in whole.text
    # Who asks, their place in the team, and whether anything moved.
    with django_assert_max_num_queries(5):
        assert vera.get(address, headers=PART | {"HX-PTag": tag}).status_code == 304
    assert vera.get(f"{address}?q=Trial", headers=PART | {"HX-PTag": tag}).status_code == 200
    # A whole page is answered whole.
    assert vera.get(address, headers={"HX-PTag": tag}).status_code == 200
    run(trial, NOON - HOUR * 2, 45_000, member_id=cast.bob.pk, model="rax-4.5")
    again = vera.get(address, headers=PART | {"HX-PTag": tag})
    assert again.status_code == 200
    assert again.headers["HX-PTag"] != tag


@pytest.mark.parametrize(
    "happens",
    [
        lambda key: Meter.objects.filter(key=key).update(asked_at=NOON, missed_polls=1),
        lambda key: key.mark_refused("It is unknown."),
        lambda key: limiter.acquire_for_polls({key.pk: 1}, NOON),
        lambda key: limiter.observe_many([(key.pk, Limits(received_at=NOON, requests_remaining=42), "run")]),
    ],
    ids=["a poll that failed", "refused", "asked by us", "told of requests"],
)
def test_what_does_not_raise_the_generation_moves_it_too(cast: Cast, trial: Key, happens) -> None:
    tag = cast.client("vera").get("/t/acme/quota/").headers["HX-PTag"]
    happens(trial)
    assert cast.client("vera").get("/t/acme/quota/").headers["HX-PTag"] != tag


def test_what_was_just_said_of_requests_grows_older_by_the_second(
    cast: Cast, trial: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter.observe_many([(trial.pk, Limits(received_at=NOON, requests_remaining=42), "run")])
    tag = cast.client("vera").get("/t/acme/quota/").headers["HX-PTag"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(seconds=30))
    assert cast.client("vera").get("/t/acme/quota/").headers["HX-PTag"] != tag


def test_requests_left_are_unknown_once_their_minute_is_over_and_what_was_left_is_told(
    cast: Cast, trial: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Limits(received_at=NOON, requests_remaining=42, requests_limit=60)
    limiter.observe_many([(trial.pk, told, "run")])
    assert 'left<span class="q-sub">this minute, 0 s ago' in cast.client("vera").get("/t/acme/quota/").text
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(minutes=3))
    assert 'unknown<span class="q-sub">42 left ' in cast.client("vera").get("/t/acme/quota/").text
