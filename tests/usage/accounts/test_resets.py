"""Somebody says that a counter which fell began again, or takes it back: all numbers follow to the token."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from teams.changes import Refused
from teams.models import AuditEntry, Team
from tests.cast import Cast, make_key
from tests.common.jobs import run_jobs
from tests.usage.accounts.falls import AT, CORRECTED, WAITING, fall, reset_path, rows, say, told, used
from tests.usage.polled import make_meter
from tests.usage.stored import assert_stored_equals_fold
from tests.usage.twins import MINUTE, NOON, page
from usage.accounts import recount, resets
from usage.books.ingest import store
from usage.books.verify import meter_differences, team_differences
from usage.models import CounterReset, Meter

LATER = NOON + 45 * MINUTE


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three quarters past noon, for whoever asks Django for the time."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    return fall(cast, CORRECTED)


def november(client: Client) -> str:
    """The tokens that the usage page shows of November so far."""
    html = page(client, "/t/acme/usage/?period=custom&start=2026-11-01&end=2026-11-23")
    return html.partition('id="total-tokens">')[2].partition("<")[0]


def take_back_path() -> str:
    return reverse("usage:take_back_reset", args=["acme", CounterReset.objects.get().pk])


class TestOffering:
    def test_a_fall_that_is_waited_for_is_named(self, cast: Cast, alice: Client) -> None:
        meter = fall(cast, WAITING)
        html = page(alice)
        assert "<bdi>Main key</bdi></strong> fell by 660 tokens with the answer of" in html
        assert "Waiting whether it stays; nothing was taken back yet." in html
        assert f'href="{reset_path(meter)}"' in html

    @pytest.mark.parametrize("path", ["/t/acme/usage/", "/t/acme/quota/"])
    def test_other_pages_lead_there_while_it_is_waited_for(
        self, cast: Cast, alice: Client, path: str
    ) -> None:
        fall(cast, WAITING)
        assert "Was it a reset?</a>" in page(alice, path)

    def test_a_correction_is_named_with_the_answer_that_fell_first(self, meter: Meter, alice: Client) -> None:
        html = page(alice)
        assert "fell by 660 tokens with the answer of" in html
        assert "Taken back as a correction." in html
        assert f'href="{reset_path(meter)}"' in html

    def test_who_may_not_decide_sees_it_without_a_button(self, cast: Cast, meter: Meter) -> None:
        for name in ("bob", "vera"):
            html = page(cast.client(name))
            assert "fell by 660 tokens" in html
            assert "An owner or admin of the team can say it." in html
            assert reset_path(meter) not in html

    def test_a_counter_that_came_back_is_not_named(self, cast: Cast, alice: Client) -> None:
        fall(cast, {**WAITING, 10: 710})
        assert "Counters that fell" not in page(alice)

    def test_a_correction_whose_answers_are_gone_is_not_named(self, meter: Meter, alice: Client) -> None:
        meter.polls.all().delete()
        assert "Counters that fell" not in page(alice)
        assert "did not fall then" in page(alice, reset_path(meter))

    def test_so_many_are_named_and_no_more(self, cast: Cast, alice: Client) -> None:
        for number in range(12):
            key = make_key(cast.team, cast.alice, f"Key {number}")
            fall(cast, CORRECTED if number % 2 else WAITING, make_meter(key, NOON))
        assert page(alice).count("fell by 660 tokens") == 10


class TestSaying:
    def test_it_asks_first_and_says_what_the_numbers_will_be(self, meter: Meter, alice: Client) -> None:
        html = page(alice, reset_path(meter))
        assert "It had told 700 tokens and 1 request, and with the answer of" in html
        assert "it told 40 tokens and 1 request, within one billing period" in html
        assert "with that answer 740 tokens and 2 requests, instead of 40 tokens and 1 request" in html
        assert "You can take it back under Accounts" in html
        assert not CounterReset.objects.exists()

    @pytest.mark.parametrize(("counters", "before", "after"), [(WAITING, 700, 740), (CORRECTED, 60, 760)])
    def test_what_was_counted_stays_and_the_rest_comes_on_top(
        self, cast: Cast, alice: Client, counters: dict[int, int], before: int, after: int
    ) -> None:
        meter = fall(cast, counters)
        assert november(alice) == str(before)
        html = page(alice, alice.post(reset_path(meter)).headers["Location"])
        assert "The counter of Main key is taken as one that began again." in html
        assert recount.WORDS in html
        run_jobs()
        assert (november(alice), used(meter)) == (str(after), after)
        assert_stored_equals_fold(meter.team, meter)
        assert meter_differences(meter) == []
        assert team_differences(meter.team) == []

    def test_the_usage_page_tells_of_it(self, meter: Meter, alice: Client) -> None:
        say(alice, meter)
        run_jobs()
        html = page(alice, "/t/acme/usage/?period=billing")
        assert "the counter began again, as somebody said; what was used just before it is not known" in html
        assert "took back" not in html

    def test_it_is_in_the_audit_trail(self, meter: Meter, alice: Client) -> None:
        say(alice, meter)
        entry = AuditEntry.objects.get()
        assert str(entry) == "Alice said that the counter began again of Main key"
        assert entry.details["answered_at"] == "2026-11-23 12:00:00 UTC"
        assert entry.details["had_told"] == "700 tokens and 1 request"
        assert entry.details["then_told"] == "40 tokens and 1 request"
        assert "said that the counter began again of" in page(alice, "/t/acme/audit/")

    def test_answers_go_on_being_counted(self, meter: Meter, alice: Client) -> None:
        say(alice, meter)
        store([told(meter, 50, 65)])
        run_jobs()
        store([told(meter, 60, 70), told(meter, 5, 42)])
        assert used(meter) == 770
        assert_stored_equals_fold(meter.team, meter)

    def test_a_second_click_changes_nothing(self, meter: Meter, alice: Client) -> None:
        say(alice, meter)
        run_jobs()
        html = page(alice, alice.post(reset_path(meter)).headers["Location"])
        assert "That was said already, or the counter of Main key did not fall then." in html
        assert CounterReset.objects.count() == AuditEntry.objects.count() == 1
        assert "That was said already" in page(alice, reset_path(meter))

    def test_where_nothing_fell_nothing_is_said(self, meter: Meter, alice: Client) -> None:
        for at in (AT - 600_000_000, AT + 600_000_000, AT + 1, 2**62):
            html = page(alice, alice.post(reset_path(meter, at)).headers["Location"])
            assert "did not fall then. Nothing was changed." in html
        assert not CounterReset.objects.exists()

    def test_one_after_the_other(self, cast: Cast, meter: Meter, alice: Client) -> None:
        other = fall(cast, CORRECTED, make_meter(make_key(cast.team, cast.alice, "Other"), NOON))
        say(alice, meter)
        assert recount.WAIT in page(alice, alice.post(reset_path(other)).headers["Location"])
        assert CounterReset.objects.get().meter == meter
        run_jobs()
        say(alice, other)
        run_jobs()
        assert used(meter) == 2 * 760

    def test_a_counter_may_begin_again_twice(self, cast: Cast, alice: Client) -> None:
        meter = fall(cast, {**CORRECTED, 50: 5})
        say(alice, meter)
        run_jobs()
        again = AT + 50 * 60_000_000
        assert f'href="{reset_path(meter, again)}"' in page(alice)
        alice.post(reset_path(meter, again))
        run_jobs()
        assert used(meter) == 765
        assert_stored_equals_fold(meter.team, meter)


class TestTakingBack:
    def test_every_number_is_what_it_was(self, meter: Meter, alice: Client) -> None:
        before = rows(meter)
        say(alice, meter)
        run_jobs()
        assert rows(meter) != before
        assert f'href="{take_back_path()}"' in page(alice)
        html = page(alice, alice.post(take_back_path()).headers["Location"])
        assert "That the counter of Main key began again was taken back." in html
        run_jobs()
        assert rows(meter) == before
        assert_stored_equals_fold(meter.team, meter)
        assert meter_differences(meter) == []
        assert f'href="{reset_path(meter)}"' in page(alice)

    def test_it_asks_first(self, meter: Meter, alice: Client) -> None:
        say(alice, meter)
        run_jobs()
        html = page(alice, take_back_path())
        assert "<bdi>Alice</bdi> said on" in html
        assert "40 tokens and 1 request, instead of 740 tokens and 2 requests" in html
        assert CounterReset.objects.exists()

    def test_it_is_in_the_audit_trail(self, meter: Meter, alice: Client) -> None:
        say(alice, meter)
        run_jobs()
        alice.post(take_back_path())
        entry = AuditEntry.objects.order_by("pk").last()
        assert str(entry) == "Alice took back that the counter began again of Main key"

    def test_it_waits_while_an_account_is_counted_anew(self, meter: Meter, alice: Client) -> None:
        say(alice, meter)
        assert recount.WAIT in page(alice, alice.post(take_back_path()).headers["Location"])
        assert CounterReset.objects.exists()

    def test_it_stays_once_the_answers_are_gone(self, meter: Meter, alice: Client) -> None:
        say(alice, meter)
        run_jobs()
        path = take_back_path()
        meter.polls.all().delete()
        html = page(alice)
        assert "it stays, as the answers of then are no longer kept" in html
        assert path not in html
        for response in (alice.get(path, follow=True), alice.post(path, follow=True)):
            assert "The answers of then are no longer kept" in response.content.decode()
        assert CounterReset.objects.exists()

    def test_answers_may_go_while_somebody_reads_the_question(
        self, cast: Cast, meter: Meter, alice: Client
    ) -> None:
        say(alice, meter)
        run_jobs()
        meter.polls.all().delete()
        with pytest.raises(Refused):
            resets.take_back(CounterReset.objects.get(), cast.alice)


class TestWhoMay:
    def test_admins_may(self, cast: Cast, meter: Meter) -> None:
        say(cast.client("adam"), meter)
        assert CounterReset.objects.get().decided_by == cast.adam

    def test_members_and_viewers_may_not(self, cast: Cast, meter: Meter, alice: Client) -> None:
        say(alice, meter)
        run_jobs()
        for name in ("bob", "vera"):
            for path in (reset_path(meter), take_back_path()):
                assert cast.client(name).get(path).status_code == 403
                assert cast.client(name).post(path).status_code == 403
            assert "Take back" not in page(cast.client(name))
        assert CounterReset.objects.exists()

    def test_others_find_nothing(self, cast: Cast, meter: Meter, alice: Client) -> None:
        say(alice, meter)
        charlie = cast.client("charlie")
        for path in (reset_path(meter), take_back_path()):
            assert charlie.post(path).status_code == 404
            assert charlie.post(path.replace("/acme/", "/others/")).status_code == 404
        assert CounterReset.objects.exists()


def test_a_fall_at_the_change_of_a_zone_is_told_in_the_teams_zone(meter: Meter, alice: Client) -> None:
    Team.objects.update(time_zone="Asia/Kathmandu")
    assert ">17:45</time>" in page(alice)


def test_the_page_asks_few_questions(
    cast: Cast, meter: Meter, alice: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        fall(cast, CORRECTED, make_meter(make_key(cast.team, cast.alice, f"Key {number}"), NOON))
    say(alice, meter)
    run_jobs()
    with django_assert_max_num_queries(16):
        page(alice)
