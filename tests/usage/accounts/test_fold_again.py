"""Accounts that were folded under older rules are folded again, a few at a time, in nobody's way."""

from io import StringIO

import pytest
from django.core.management import call_command

from common.jobs import worker
from common.models import Job
from teams.changes import Refused
from teams.models import AuditEntry, Team
from tests.cast import Cast, make_key
from tests.common.jobs import run_jobs
from tests.usage.accounts.old_rows import (
    BEGIN,
    END,
    FIRST,
    HOUR,
    POLLS,
    TOKENS,
    make_old_meter,
    told,
)
from tests.usage.stored import assert_stored_equals_fold
from tests.usage.totals import totals
from tests.usage.twins import PAGE, page
from usage.accounts import fold_again, recount, sharing, succession
from usage.accounts.recount import Account
from usage.books.ingest import store
from usage.books.verify import meter_differences, rebuild, team_differences
from usage.ledger import RULES
from usage.models import Knot, Meter, Period, Quarter, RawPoll, SharingSuggestion, TeamDay, TeamQuarter

pytestmark = pytest.mark.django_db

STILL = "Still to be counted again under exacter rules"


@pytest.fixture
def meter(cast: Cast) -> Meter:
    return make_old_meter(cast.key)


def october(team: Team) -> int:
    return totals(team, BEGIN, END)["tokens"]


def verified() -> str:
    out = StringIO()
    call_command("ledger", "verify", stdout=out)
    return out.getvalue()


def fold_all() -> None:
    """What beat and workers do, until nothing is left."""
    fold_again.start_outdated()
    while Job.objects.active().exists():
        run_jobs()
        fold_again.start_outdated()


def assert_proven(team: Team) -> None:
    assert not Meter.objects.outdated().exists()
    assert not Meter.objects.filter(is_held=True).exists()
    assert not any(meter_differences(meter) for meter in Meter.objects.for_team(team))
    assert team_differences(team) == []


class TestWhatIsOutdated:
    def test_what_is_folded_now_is_not(self, meter: Meter) -> None:
        rebuild(meter)
        meter.refresh_from_db()
        assert meter.rules == RULES
        assert not Meter.objects.outdated().exists()

    def test_a_new_meter_is_not(self, cast: Cast) -> None:
        old = make_old_meter(cast.key)
        new = Meter.objects.create(team=cast.team, name="New", next_poll_at=END)
        assert list(Meter.objects.outdated()) == [old]
        store([told(new, 0)])
        assert list(Meter.objects.outdated()) == [old]

    def test_one_that_goes_on_from_old_rows_still_is(self, meter: Meter) -> None:
        store([told(meter, POLLS)])
        assert list(Meter.objects.outdated()) == [meter]

    def test_one_folded_again_in_part_still_is(self, meter: Meter) -> None:
        store([told(meter, POLLS + 2)])
        store([told(meter, POLLS)])
        assert list(Meter.objects.outdated()) == [meter]

    def test_verify_names_it(self, meter: Meter) -> None:
        assert "folded under older rules, waits to be counted again" in verified()


class TestBefore:
    @pytest.mark.parametrize("path", ["quota/", "usage/", "usage/?period=billing", "usage/accounts/"])
    def test_pages_can_be_read(self, meter: Meter, cast: Cast, path: str) -> None:
        assert page(cast.client("alice"), f"/t/acme/{path}")

    def test_the_accounts_page_says_what_is_to_come(self, meter: Meter, cast: Cast) -> None:
        assert f"{STILL}: 1 account." in page(cast.client("alice"))
        fold_all()
        assert STILL not in page(cast.client("alice"))


class TestTheJob:
    def test_the_numbers_are_those_of_a_new_installation(self, meter: Meter) -> None:
        before = october(meter.team)
        assert before < TOKENS
        fold_all()
        assert october(meter.team) == TOKENS
        assert_stored_equals_fold(meter.team, meter)
        assert_proven(meter.team)
        assert "waits" not in verified()

    def test_of_quarters_that_are_no_more_nothing_stays(self, meter: Meter) -> None:
        fold_all()
        assert not TeamQuarter.objects.filter(amount=0).exists()
        assert not TeamDay.objects.filter(amount=0).exists()

    def test_what_is_polled_meanwhile_counts(self, meter: Meter) -> None:
        store([told(meter, POLLS)])
        fold_again.start_outdated()
        worker.work(seconds=0)
        store([told(meter, POLLS + 1)])
        run_jobs()
        assert RawPoll.objects.count() == POLLS + 2
        assert_stored_equals_fold(meter.team, meter)
        assert_proven(meter.team)

    def test_it_is_shown_while_it_goes_on(self, meter: Meter, cast: Cast) -> None:
        fold_again.start_outdated()
        assert fold_again.WORDS in page(cast.client("alice"))

    def test_it_is_done_once(self, meter: Meter) -> None:
        fold_all()
        fold_again.start_outdated()
        assert Job.objects.count() == 1

    def test_what_changed_is_in_the_audit_trail(self, meter: Meter, cast: Cast) -> None:
        moved = TOKENS - october(meter.team)
        fold_all()
        entry = AuditEntry.objects.get(deed="account.folded_again")
        assert entry.details == {
            "accounts": 1,
            "accounts_whose_months_changed": 1,
            "tokens_added_to_months": moved,
            "tokens_taken_from_months": moved,
        }
        assert "counted accounts again under exacter rules" in page(cast.client("alice"), "/t/acme/audit/")

    def test_where_nothing_changed_nothing_is_told(self, meter: Meter) -> None:
        rebuild(meter)
        Meter.objects.update(rules=None)
        fold_all()
        assert not AuditEntry.objects.filter(deed="account.folded_again").exists()
        assert_proven(meter.team)

    def test_after_a_failure_it_waits_for_somebody(
        self, meter: Meter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fold_again.start_outdated()
        Job.objects.update(state=Job.Status.FAILED)
        fold_again.start_outdated()
        assert Job.objects.get().has_failed


class TestWithoutRawPolls:
    def test_what_was_before_the_polls_that_are_kept_stays(self, meter: Meter) -> None:
        stand = Knot.objects.filter(meter=meter, firm=True).order_by("at")[1]
        Meter.objects.update(pruned_at=stand.at)
        RawPoll.objects.filter(at__lte=stand.at).delete()
        Knot.objects.filter(at__lt=stand.at).delete()
        before = october(meter.team)
        fold_all()
        assert october(meter.team) == before
        assert_proven(meter.team)

    def test_an_account_without_any_poll_stays_and_is_done(self, meter: Meter) -> None:
        stand = Knot.objects.filter(meter=meter).latest("at")
        Meter.objects.update(pruned_at=stand.at)
        RawPoll.objects.all().delete()
        Knot.objects.filter(at__lt=stand.at).delete()
        rows = list(Quarter.objects.order_by("series", "number").values_list("series", "number", "value"))
        fold_all()
        assert rows == list(
            Quarter.objects.order_by("series", "number").values_list("series", "number", "value")
        )
        assert_proven(meter.team)


class TestManyAccounts:
    @pytest.fixture
    def meters(self, cast: Cast) -> list[Meter]:
        names = ("One", "Two", "Three")
        return [make_old_meter(make_key(cast.team, cast.alice, name)) for name in names]

    @pytest.mark.parametrize(("bound", "most"), [("ACCOUNTS", 2), ("POLLS", 2 * POLLS), ("SERIES", 2 * 4)])
    def test_a_job_takes_some_and_the_next_the_others(
        self, meters: list[Meter], monkeypatch: pytest.MonkeyPatch, bound: str, most: int
    ) -> None:
        monkeypatch.setattr(fold_again, f"MOST_{bound}", most)
        fold_again.start_outdated()
        assert list(Meter.objects.filter(is_held=True).order_by("pk")) == meters[:2]
        run_jobs()
        assert list(Meter.objects.outdated()) == meters[2:]
        fold_all()
        assert Job.objects.count() == 2
        assert_proven(meters[0].team)

    def test_an_account_with_more_polls_than_that_has_a_job_of_its_own(
        self, meters: list[Meter], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fold_again, "MOST_POLLS", 1)
        fold_all()
        assert Job.objects.count() == 3
        assert_proven(meters[0].team)


class TestPeopleMeanwhile:
    @pytest.fixture
    def pair(self, cast: Cast, meter: Meter) -> SharingSuggestion:
        """Two keys that told the same, beside the one whose account is counted again first."""
        first, second = (make_old_meter(make_key(cast.team, cast.alice, name)) for name in ("One", "Two"))
        return SharingSuggestion.objects.create(
            team=cast.team, first=first, second=second, changes=4, noticed_at=FIRST + HOUR
        )

    def test_they_decide_about_other_accounts(
        self, pair: SharingSuggestion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fold_again, "MOST_ACCOUNTS", 1)
        fold_again.start_outdated()
        assert sharing.count_once(pair, None, FIRST + HOUR)
        fold_all()
        assert october(pair.team) == 2 * TOKENS
        assert_proven(pair.team)

    def test_about_one_that_is_being_counted_they_are_asked_to_wait(self, pair: SharingSuggestion) -> None:
        fold_again.start_outdated()
        with pytest.raises(Refused, match="exacter rules"):
            sharing.count_once(pair, None, FIRST + HOUR)
        with pytest.raises(Refused, match="exacter rules"):
            succession.split(pair.first.key, FIRST + HOUR)
        run_jobs()
        assert sharing.count_once(pair, None, FIRST + HOUR)

    def test_the_page_says_so(self, pair: SharingSuggestion, cast: Cast) -> None:
        fold_again.start_outdated()
        response = cast.client("alice").post(f"{PAGE}{pair.pk}/count-once/", follow=True)
        assert recount.WAIT_FOR_ACCOUNT in response.content.decode()

    def test_what_they_began_comes_first(self, pair: SharingSuggestion) -> None:
        sharing.count_once(pair, None, FIRST + HOUR)
        fold_again.start_outdated()
        assert fold_again.next_accounts(pair.team) == []
        assert Job.objects.filter(kind=fold_again.KIND).count() == 1
        fold_all()
        assert_proven(pair.team)


def test_a_recount_that_older_code_began_goes_on(meter: Meter) -> None:
    recount.start(meter.team, [Account(meter.pk, [meter.pk])], deed={})
    worker.work(seconds=0)
    job = Job.objects.get()
    for draft in job.place["drafts"]:
        draft.pop("anchored")
    job.place.pop("changes")
    job.save()
    Meter.objects.filter(status=Meter.Status.DRAFT).update(rules=None)
    run_jobs()
    assert Period.objects.filter(meter=meter).count() == 1
    fold_all()
    assert_stored_equals_fold(meter.team, meter)
    assert_proven(meter.team)
