"""The proof: what the provider last said of each period beside what is shown, and why they may differ."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client

from tests.cast import Cast, make_key
from tests.usage.explore.proven import BILLING, body, rows, told
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import at_once, make_meter, make_suggestion, poll
from usage.models import Meter, RawPoll, TeamModel

pytestmark = pytest.mark.usefixtures("noon")

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
OCTOBER = PERIOD[0] - 31 * DAY, PERIOD[0]


def proof(client: Client, query: str = BILLING) -> list[list[str]]:
    return rows(body(client, f"proof/{query}"), "periods")


def test_it_says_what_the_provider_said_and_by_which_answer(meter: Meter, alice: Client) -> None:
    told(meter, NOON - 2 * HOUR, 800)
    told(meter, NOON - HOUR, 900)
    assert proof(alice) == [
        ["1 – 30 Nov", "Main key", "900 11:00", "900", "0", "Matches the provider to the token. Raw answers"]
    ]
    last = RawPoll.objects.order_by("-at")[0]
    assert f'href="/t/acme/usage/proof/answers/{last.pk}/"' in body(alice, f"proof/{BILLING}")


def test_each_account_and_period_stands_by_itself(cast: Cast, meter: Meter, alice: Client) -> None:
    other = make_meter(make_key(cast.team, cast.alice, "Second"), NOON)
    told(meter, OCTOBER[1] - SECOND / 2, 500, OCTOBER)
    told(meter, NOON - HOUR, 700)
    told(other, NOON - HOUR, 30)
    found = proof(alice, "?period=90d")
    assert [row[:4] for row in found] == [
        ["1 – 30 Nov", "Main key", "700 11:00", "700"],
        ["1 – 30 Nov", "Second", "30 11:00", "30"],
        ["1 – 31 Oct", "Main key", "500 1 Nov, 00:00", "500"],
    ]


def reasons(client: Client, query: str = BILLING) -> str:
    return proof(client, query)[-1][5].removesuffix(" Raw answers")


def test_a_tail_is_a_reason(meter: Meter, alice: Client) -> None:
    told(meter, OCTOBER[1] - 10.5 * SECOND, 500, OCTOBER)
    told(meter, NOON - HOUR, 700)
    assert proof(alice, "?period=90d")[-1][3] == "at least 500"
    assert reasons(alice, "?period=90d") == "Nobody saw the 10 s at its end, so at least so much was used."


def test_a_correction_is_a_reason(meter: Meter, alice: Client) -> None:
    told(meter, NOON - 5 * HOUR, 900)
    for hours in (3, 2):
        told(meter, NOON - hours * HOUR, 700)
    assert proof(alice)[0][2:5] == ["700 10:00", "700", "0"]
    assert "The provider took back 200 tokens and 2 requests" in reasons(alice)


def test_a_correction_is_told_of_its_own_period(meter: Meter, alice: Client) -> None:
    told(meter, OCTOBER[1] - SECOND / 2, 500, OCTOBER)
    told(meter, NOON - 5 * HOUR, 900)
    for hours in (3, 2):
        told(meter, NOON - hours * HOUR, 700)
    november, october = [row[5] for row in proof(alice, "?period=90d")]
    assert "The provider took back 200 tokens and 2 requests" in november
    assert "took back" not in october


def test_a_fall_that_is_waited_for_is_a_reason(meter: Meter, alice: Client) -> None:
    told(meter, NOON - 5 * HOUR, 900)
    told(meter, NOON - HOUR, 700)
    assert proof(alice)[0][2:5] == ["900 07:00", "900", "0"]
    assert "Its counter fell by 200 tokens; it is waited whether that stays." in reasons(alice)


def test_a_late_answer_that_told_more_is_a_reason(meter: Meter, alice: Client) -> None:
    told(meter, OCTOBER[1] - SECOND / 2, 500, OCTOBER)
    told(meter, PERIOD[0] + HOUR, 10)
    told(meter, PERIOD[0] + 2 * HOUR, 540, OCTOBER)
    told(meter, NOON - HOUR, 700)
    assert "A late answer told 40 tokens more of it than is counted" in reasons(alice, "?period=90d")


def test_a_stale_answer_that_told_the_same_is_said_to_have_changed_nothing(
    meter: Meter, alice: Client
) -> None:
    told(meter, OCTOBER[1] - SECOND / 2, 500, OCTOBER)
    told(meter, PERIOD[0] + HOUR, 10)
    told(meter, PERIOD[0] + 2 * HOUR, 500, OCTOBER)
    assert "1 answer told it again after a newer period had begun" in reasons(alice, "?period=90d")


def test_a_part_without_a_model_and_more_models_than_the_total_are_reasons(
    cast: Cast, meter: Meter, alice: Client
) -> None:
    told(meter, NOON - HOUR, 700, missing=50)
    assert "50 tokens of its total are of no model." in reasons(alice)
    told(meter, NOON - HOUR / 2, 900, missing=-20)
    assert "Its models exceed its total by 20 tokens." in reasons(alice)


def test_shared_and_doubted_accounts_are_reasons(cast: Cast, alice: Client) -> None:
    doubt = make_suggestion(cast.team, cast.key, NOON)
    told(doubt.first, NOON - HOUR, 700)
    assert "It may share its account with another key" in reasons(alice)
    Meter.objects.filter(pk=doubt.second_id).update(merged_into=doubt.first)
    assert "2 keys share this account, which is counted once." in reasons(alice)


def test_missed_polls_are_a_reason_with_what_was_said(meter: Meter, alice: Client) -> None:
    told(meter, NOON - HOUR, 700)
    Meter.objects.filter(pk=meter.pk).update(missed_polls=3, last_error="The server answered 503.")
    assert "Polls were missed since: The server answered 503." in reasons(alice)
    assert proof(alice)[0][3] == "at least 700"


def test_a_moved_boundary_is_a_reason(meter: Meter, alice: Client) -> None:
    told(meter, NOON - 5 * HOUR, 900)
    told(meter, NOON - HOUR, 100, (PERIOD[0] + 10 * DAY, PERIOD[1]))
    assert "The provider moved its boundary" in reasons(alice)


def test_a_filter_by_key_or_model_is_proven_by_itself(cast: Cast, meter: Meter, alice: Client) -> None:
    second = make_key(cast.team, cast.alice, "Second")
    told(make_meter(second, NOON), NOON - HOUR, 30)
    poll(meter, NOON - HOUR, {"rax-4.5": (600, 6), "rax-4.0": (100, 1)}, *PERIOD)
    by_key = proof(alice, f"{BILLING}&filter.key={second.pk}")
    assert [row[1:4] for row in by_key] == [["Second", "30 11:00", "30"]]
    but_key = proof(alice, f"{BILLING}&filter.key=!{second.pk}")
    assert [row[1:4] for row in but_key] == [["Main key", "700 11:00", "700"]]
    model = TeamModel.objects.get(team=cast.team, model="rax-4.0")
    assert [row[1:4] for row in proof(alice, f"{BILLING}&filter.model={model.pk}")] == [
        ["Main key", "100 11:00", "100"],
        ["Second", "0 11:00", "0"],
    ]
    but_model = proof(alice, f"{BILLING}&filter.model=!{model.pk}&filter.account={meter.pk}")
    assert [row[1:4] for row in but_model] == [["Main key", "600 11:00", "600"]]


@pytest.mark.parametrize("path", ["", "seen/", "own/"])
def test_of_costs_it_shows_the_tokens(meter: Meter, alice: Client, path: str) -> None:
    told(meter, NOON - HOUR, 700)
    assert "700" in body(alice, f"proof/{path}{BILLING}&measure=cost")


@pytest.mark.parametrize("path", ["", "seen/", "own/"])
@pytest.mark.parametrize("query", [BILLING, "?period=30d", "?period=90d&page=2"])
def test_it_costs_a_few_queries_however_many_keys(
    cast: Cast, alice: Client, path: str, query: str, django_assert_max_num_queries
) -> None:
    for n in range(60):
        told(make_meter(make_key(cast.team, cast.alice, f"Key {n}"), NOON), NOON - HOUR, 100 + n)
    with django_assert_max_num_queries(12):
        assert alice.get(f"/t/acme/usage/proof/{path}{query}").status_code == 200


@pytest.mark.parametrize("seed", range(6))
def test_periods_that_begin_within_a_quarter_of_an_hour_are_added_up_all_the_same(
    meter: Meter, alice: Client, seed: int
) -> None:
    """Four periods of random lengths; what each used is counted here, poll by poll."""
    chance = random.Random(seed)
    edges = [NOON - 9 * DAY]
    while len(edges) < 5:
        edges.append(edges[-1] + timedelta(seconds=chance.randrange(3_600, 2 * 86_400)))
    used, at = {}, edges[0] + timedelta(minutes=1)
    with at_once():
        for start, end in pairwise(edges):
            tokens = 0
            while at < end:
                tokens += chance.randrange(1, 5_000)
                told(meter, at, tokens, (start, end))
                at += timedelta(minutes=chance.choice((4, 4, 4, 55, 9 * 60)))
            # The last thing that it told, half a second before the end, with what came since.
            tokens += chance.randrange(1, 5_000)
            used[f"{tokens:,}"] = start
            told(meter, end - SECOND / 2, tokens, (start, end))
            at = end + timedelta(seconds=chance.randrange(5, 900))
    found = proof(alice, "?period=30d")
    assert [row[2].split()[0] for row in found] == list(used)[::-1]
    assert [(row[3], row[4]) for row in found] == [(tokens, "0") for tokens in list(used)[::-1]]
    with_model = proof(alice, f"?period=30d&filter.model={TeamModel.objects.get().pk}")
    assert [row[3] for row in with_model] == list(used)[::-1]


def test_what_was_counted_of_a_period_that_was_moved_away_belongs_to_none_before_it(
    meter: Meter, alice: Client
) -> None:
    """It began in the quarter of an hour in which the one before it ended."""
    edge = NOON - 5 * DAY + timedelta(minutes=7)
    first, moved = (edge - 3 * DAY, edge), edge + 2 * DAY
    told(meter, edge - SECOND / 2, 700, first)
    told(meter, edge + 4 * SECOND, 300, (edge, edge + 9 * DAY))
    told(meter, moved - HOUR, 900, (edge, edge + 9 * DAY))
    told(meter, moved + HOUR, 200, (moved - 2 * HOUR, moved + 9 * DAY))
    assert proof(alice, "?period=30d")[-1][2:5] == ["700 18 Nov, 12:07", "700", "0"]
