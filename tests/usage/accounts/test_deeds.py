"""Accounts are counted as somebody says: once, apart, apart again, or as another one."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from teams.models import AuditEntry, Key, Team
from tests.cast import Cast
from tests.common.jobs import run_jobs
from tests.usage.accounts.counting import count_once
from tests.usage.polled import make_meter
from tests.usage.twins import MINUTE, NOON, ONCE, PAGE, act, page, told, total
from usage.accounts import sharing
from usage.books.ingest import store
from usage.models import Meter, SharingSuggestion


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon, for whoever asks Django for the time."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


class TestMerging:
    def test_it_asks_first_and_says_what_will_change(self, twins: SharingSuggestion, alice: Client) -> None:
        html = page(alice, act("count_once", twins))
        assert "The numbers of <strong><bdi>Twin one</bdi></strong> stay" in html
        assert "1,000 tokens and 15 requests since" in html
        assert "You can count them apart again" in html
        assert sharing.suggestions(twins.team).exists()

    def test_it_says_where_it_cannot_be_undone(self, twins: SharingSuggestion, alice: Client) -> None:
        Meter.objects.filter(pk=twins.second_id).update(pruned_at=1)
        assert "This cannot be undone" in page(alice, act("count_once", twins))

    def test_the_total_falls_to_the_single_count(self, twins: SharingSuggestion, alice: Client) -> None:
        assert total(alice) == f"{2 * ONCE:,}"
        html = unescape(alice.post(act("count_once", twins), follow=True).content.decode())
        assert "Twin one and Twin two are counted as one account now." in html
        run_jobs()
        assert "is counted with it" in page(alice)
        assert total(alice) == f"{ONCE:,}"

    def test_htmx_is_sent_on_by_its_header(self, twins: SharingSuggestion, alice: Client) -> None:
        assert "Counting anew" in page(alice, act("count_once", twins))
        response = alice.post(act("count_once", twins), headers={"HX-Request": "true"})
        assert response["HX-Redirect"] == PAGE
        assert "are counted as one account now" in page(alice)

    def test_it_is_in_the_audit_trail(self, twins: SharingSuggestion, alice: Client) -> None:
        alice.post(act("count_once", twins))
        html = page(alice, "/t/acme/audit/")
        assert "counted once the accounts of <strong><bdi>Twin one and Twin two</bdi></strong>" in html
        assert AuditEntry.objects.get().details == {
            "counted_with": "Twin one",
            "tokens_taken_off": 1000,
            "requests_taken_off": 15,
        }

    def test_a_second_click_changes_nothing(self, twins: SharingSuggestion, alice: Client) -> None:
        alice.post(act("count_once", twins))
        generation = Team.objects.get(slug="acme").generation
        for name in ("count_once", "keep_apart", "ask_again"):
            html = unescape(alice.post(act(name, twins), follow=True).content.decode())
            assert "Twin one and Twin two were already counted as one account." in html
        assert "were already counted as one account" in page(alice, act("count_once", twins))
        assert Team.objects.get(slug="acme").generation == generation
        assert AuditEntry.objects.count() == 1

    def test_a_new_secret_is_to_be_considered_first(self, twins: SharingSuggestion, alice: Client) -> None:
        Key.objects.filter(name="Twin two").update(secret_set_at=NOON - 12 * MINUTE)
        assert "<bdi>Twin two</bdi> was given a new secret on" in page(alice, act("count_once", twins))


class TestCountingApartAgain:
    @pytest.fixture
    def path(self, twins: SharingSuggestion) -> str:
        """The way back for what was merged."""
        count_once(twins, None, NOON)
        return reverse("usage:count_apart", args=["acme", twins.second_id])

    def test_it_asks_first(self, path: str, alice: Client) -> None:
        assert f'href="{path}"' in page(alice)
        assert "counted together with <strong><bdi>Twin one</bdi></strong>" in page(alice, path)
        assert total(alice) == f"{ONCE:,}"

    def test_the_total_is_what_it_was(self, path: str, alice: Client) -> None:
        html = unescape(alice.post(path, follow=True).content.decode())
        assert "Twin two is counted by itself again." in html
        assert "Said to be different accounts" in html
        run_jobs()
        assert total(alice) == f"{2 * ONCE:,}"
        assert AuditEntry.objects.get().deed == "account.counted_apart"

    def test_a_second_click_changes_nothing(self, path: str, alice: Client) -> None:
        alice.post(path)
        html = unescape(alice.post(path, follow=True).content.decode())
        assert "Twin two is counted by itself, or cannot be told from its account." in html
        assert AuditEntry.objects.count() == 1

    def test_only_who_manages_keys_may(self, cast: Cast, path: str) -> None:
        assert path not in page(cast.client("bob"))
        assert cast.client("bob").post(path).status_code == 403
        assert cast.client("charlie").post(path).status_code == 404
        others = path.replace("/acme/", "/others/")
        assert cast.client("charlie").post(others).status_code == 404

    def test_what_cannot_be_told_apart_has_no_link(self, path: str, alice: Client) -> None:
        Meter.objects.exclude(merged_into=None).update(pruned_at=1)
        assert path not in page(alice)


class TestDismissing:
    def test_both_stay_and_nobody_is_asked_again(self, twins: SharingSuggestion, alice: Client) -> None:
        html = unescape(alice.post(act("keep_apart", twins), follow=True).content.decode())
        assert "Twin one and Twin two stay two accounts." in html
        assert "seem to be one account" not in html
        assert total(alice) == f"{2 * ONCE:,}"
        assert AuditEntry.objects.get().deed == "account.kept_apart"

    def test_it_can_be_taken_back(self, twins: SharingSuggestion, alice: Client) -> None:
        alice.post(act("keep_apart", twins))
        assert "Said to be different accounts" in page(alice)
        html = unescape(alice.post(act("ask_again", twins), follow=True).content.decode())
        assert "<bdi>Twin one</bdi> and <bdi>Twin two</bdi> seem to be one account" in html
        assert [entry.deed for entry in AuditEntry.objects.order_by("pk")][-1] == "account.asked_again"


class TestSplitting:
    @pytest.fixture
    def key(self, cast: Cast) -> Key:
        """A key whose secret was replaced between two polls."""
        meter = make_meter(cast.key, NOON)
        store(told(meter, minutes) for minutes in range(6))
        Key.objects.update(secret_set_at=NOON - 12 * MINUTE)
        return cast.key

    @pytest.fixture
    def path(self, key: Key) -> str:
        return reverse("usage:split", args=["acme", key.pk])

    def test_a_new_secret_may_be_of_another_account(
        self, cast: Cast, key: Key, path: str, alice: Client
    ) -> None:
        assert f'href="{path}"' in page(alice)
        assert "New secret since" in page(cast.client("vera"))
        assert path not in page(cast.client("vera"))

    def test_it_asks_first(self, key: Key, path: str, alice: Client) -> None:
        assert "cannot be undone" in page(alice, path)
        assert Meter.objects.count() == 1

    def test_what_it_used_since_is_an_account_of_its_own(self, key: Key, path: str, alice: Client) -> None:
        assert total(alice) == "1,000"
        html = unescape(alice.post(path, follow=True).content.decode())
        assert "The new secret of Main key is counted as an account of its own now." in html
        assert "Main key (until 2026-11-23)" in html
        run_jobs()
        assert total(alice) == "1,800"
        assert AuditEntry.objects.get().deed == "account.split"

    def test_a_second_click_changes_nothing(self, key: Key, path: str, alice: Client) -> None:
        alice.post(path)
        html = unescape(alice.post(path, follow=True).content.decode())
        assert "is counted by itself already" in html
        assert (Meter.objects.count(), AuditEntry.objects.count()) == (2, 1)
        assert "is counted by itself already" in page(alice, path)

    def test_a_key_with_its_first_secret_has_nothing_to_part(self, cast: Cast, alice: Client) -> None:
        make_meter(cast.key, NOON)
        assert "belongs to another account" not in page(alice)

    def test_a_retired_key_is_no_key_any_more(self, key: Key, path: str, alice: Client) -> None:
        key.retire()
        assert alice.get(path).status_code == 404
        assert "New secret since" not in page(alice)
