"""Which keys share an account is shown with its evidence, and counted as somebody says."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from teams.models import AuditEntry, Key, Team
from tests.cast import Cast, make_key
from tests.usage.polled import answer, make_meter, make_suggestion
from usage import sharing
from usage.ingest import store
from usage.models import Meter, SharingSuggestion

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PERIOD = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PAGE = "/t/acme/usage/accounts/"
ONCE = 500 + 100 * 5
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon, for whoever asks Django for the time."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.client("alice")


@pytest.fixture
def twins(cast: Cast) -> SharingSuggestion:
    """Two keys of one account, polled together until it was noticed."""
    for name in ("Twin one", "Twin two"):
        meter = make_meter(make_key(cast.team, cast.alice, name), NOON)
        store(told(meter, minutes) for minutes in range(6))
    sharing.look(cast.team, NOON)
    return sharing.suggestions(cast.team).get()


def told(meter: Meter, minutes: int):
    at = NOON - MINUTE * (30 - 5 * minutes)
    return answer(meter, at, {"rax-4.0": (500 + 100 * minutes, 10 + minutes)}, *PERIOD)


def page(client: Client, path: str = PAGE) -> str:
    response = client.get(path, follow=True)
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def act(name: str, suggestion: SharingSuggestion) -> str:
    return reverse(f"usage:{name}", args=["acme", suggestion.pk])


def total(client: Client) -> str:
    html = page(client, "/t/acme/usage/?period=billing")
    return html.partition('id="total-tokens">')[2].partition("<")[0]


class TestDoubts:
    def test_a_pair_is_shown_with_what_it_said(self, twins: SharingSuggestion, alice: Client) -> None:
        html = page(alice)
        assert "Twin one and Twin two seem to be one account" in html
        assert "Today their usage is counted twice." in html
        cells = '>11:30</time></td><td class="numeric">500</td><td class="numeric">10</td>'
        assert cells in html
        assert html.count('<td class="numeric">') == 12

    def test_times_are_in_the_teams_zone(self, cast: Cast, twins: SharingSuggestion, alice: Client) -> None:
        Team.objects.update(time_zone="Asia/Kathmandu")
        assert ">17:15</time>" in page(alice)

    def test_whoever_may_not_decide_sees_no_buttons(self, cast: Cast, twins: SharingSuggestion) -> None:
        html = page(cast.client("vera"))
        assert "seem to be one account" in html
        assert "Count it once" not in html
        assert "An owner or admin of the team can say" in html

    @pytest.mark.parametrize("path", ["/t/acme/usage/", "/t/acme/quota/"])
    def test_other_pages_say_that_usage_is_counted_twice(
        self, cast: Cast, twins: SharingSuggestion, alice: Client, path: str
    ) -> None:
        assert "Two keys seem to share an account: their usage is counted twice." in page(alice, path)
        assert "counted twice" not in page(cast.client("bob"), path)
        alice.post(act("dismiss_sharing", twins))
        assert "counted twice" not in page(alice, path)

    def test_without_a_doubt_the_usage_page_leads_there(self, cast: Cast, alice: Client) -> None:
        assert f'href="{PAGE}"' in page(alice, "/t/acme/usage/")
        assert "No account yet" in page(alice)


class TestMerging:
    def test_it_asks_first_and_says_what_will_change(self, twins: SharingSuggestion, alice: Client) -> None:
        html = page(alice, act("merge_accounts", twins))
        assert "The numbers of <strong>Twin one</strong> stay" in html
        assert "1,000 tokens and 15 requests since" in html
        assert "cannot be undone" in html
        assert sharing.suggestions(twins.team).exists()

    def test_the_total_falls_to_the_single_count(self, twins: SharingSuggestion, alice: Client) -> None:
        assert total(alice) == f"{2 * ONCE:,}"
        html = unescape(alice.post(act("merge_accounts", twins), follow=True).content.decode())
        assert "Twin one and Twin two are counted as one account now." in html
        assert "is counted with it" in html
        assert total(alice) == f"{ONCE:,}"

    def test_it_is_in_the_audit_trail(self, twins: SharingSuggestion, alice: Client) -> None:
        alice.post(act("merge_accounts", twins))
        html = page(alice, "/t/acme/audit/")
        assert "had counted as one account <strong>Twin one and Twin two</strong>" in html
        assert AuditEntry.objects.get().details == {
            "counted_with": "Twin one",
            "tokens_taken_off": 1000,
            "requests_taken_off": 15,
        }

    def test_a_second_click_changes_nothing(self, twins: SharingSuggestion, alice: Client) -> None:
        alice.post(act("merge_accounts", twins))
        generation = Team.objects.get(slug="acme").generation
        for name in ("merge_accounts", "dismiss_sharing", "reopen_sharing"):
            html = unescape(alice.post(act(name, twins), follow=True).content.decode())
            assert "Twin one and Twin two were already counted as one account." in html
        assert "were already counted as one account" in page(alice, act("merge_accounts", twins))
        assert Team.objects.get(slug="acme").generation == generation
        assert AuditEntry.objects.count() == 1

    def test_a_new_secret_is_to_be_considered_first(self, twins: SharingSuggestion, alice: Client) -> None:
        Key.objects.filter(name="Twin two").update(secret_set_at=NOON - 12 * MINUTE)
        assert "Twin two was given a new secret on" in page(alice, act("merge_accounts", twins))


class TestDismissing:
    def test_both_stay_and_nobody_is_asked_again(self, twins: SharingSuggestion, alice: Client) -> None:
        html = unescape(alice.post(act("dismiss_sharing", twins), follow=True).content.decode())
        assert "Twin one and Twin two stay two accounts." in html
        assert "seem to be one account" not in html
        assert total(alice) == f"{2 * ONCE:,}"
        assert AuditEntry.objects.get().deed == "account.kept_apart"

    def test_it_can_be_taken_back(self, twins: SharingSuggestion, alice: Client) -> None:
        alice.post(act("dismiss_sharing", twins))
        assert "Said to be different accounts" in page(alice)
        html = unescape(alice.post(act("reopen_sharing", twins), follow=True).content.decode())
        assert "Twin one and Twin two seem to be one account" in html
        assert [entry.deed for entry in AuditEntry.objects.order_by("pk")][-1] == "account.doubted_again"


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
        return reverse("usage:split_account", args=["acme", key.pk])

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


class TestManyKeys:
    @pytest.fixture(autouse=True)
    def keys(self, cast: Cast) -> None:
        keys = Key.objects.bulk_create(
            Key(team=cast.team, name=f"key {number:03}", base_url="https://api.rax.ai")
            for number in range(60)
        )
        for key in keys:
            make_meter(key, NOON)

    def test_the_page_stays_short(self, alice: Client) -> None:
        html = page(alice)
        assert ("key 024" in html, "key 025" in html) == (True, False)
        assert "Page 1 of 3" in html
        assert "key 059" in page(alice, PAGE + "?page=3")

    def test_what_is_to_be_looked_at_comes_first(self, twins: SharingSuggestion, alice: Client) -> None:
        sharing.merge(twins, None, NOON)
        rows = page(alice).partition("<tbody>")[2]
        assert "Twin one" in rows.partition("</tr>")[0]

    def test_it_takes_few_queries(
        self, twins: SharingSuggestion, alice: Client, django_assert_max_num_queries
    ) -> None:
        page(alice)
        with django_assert_max_num_queries(MOST_QUERIES):
            page(alice)


class TestOfOtherTeams:
    @pytest.fixture
    def theirs(self, cast: Cast) -> SharingSuggestion:
        return make_suggestion(cast.other_team, make_key(cast.other_team, cast.charlie), NOON)

    @pytest.mark.parametrize("name", ["merge_accounts", "dismiss_sharing", "reopen_sharing"])
    def test_their_doubts_are_not_there(self, theirs: SharingSuggestion, alice: Client, name: str) -> None:
        assert alice.post(act(name, theirs)).status_code == 404
        theirs.refresh_from_db()
        assert theirs.state == SharingSuggestion.State.OPEN

    def test_neither_are_their_keys(self, theirs: SharingSuggestion, alice: Client) -> None:
        path = reverse("usage:split_account", args=["acme", theirs.first.key_id])
        assert (alice.get(path).status_code, alice.post(path).status_code) == (404, 404)
        assert "Twin" not in page(alice)


@pytest.mark.parametrize("person", ["bob", "vera"])
@pytest.mark.parametrize("name", ["merge_accounts", "dismiss_sharing", "reopen_sharing"])
def test_members_and_viewers_decide_nothing(
    cast: Cast, twins: SharingSuggestion, person: str, name: str
) -> None:
    assert cast.client(person).post(act(name, twins)).status_code == 403
    assert sharing.suggestions(cast.team).exists()


def test_outsiders_see_nothing(cast: Cast, twins: SharingSuggestion) -> None:
    charlie = cast.client("charlie")
    assert charlie.get(PAGE).status_code == 404
    assert charlie.post(act("merge_accounts", twins)).status_code == 404


def test_links_change_nothing(twins: SharingSuggestion, alice: Client) -> None:
    assert alice.get(act("dismiss_sharing", twins)).status_code == 405
    assert alice.get(act("reopen_sharing", twins)).status_code == 405
    assert alice.post(PAGE).status_code == 405


def test_a_form_of_another_site_changes_nothing(cast: Cast, twins: SharingSuggestion) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert careful.post(act("merge_accounts", twins)).status_code == 403
    assert sharing.suggestions(cast.team).exists()
