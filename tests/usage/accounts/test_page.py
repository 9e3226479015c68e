"""Which keys seem to share an account is shown with its evidence, in few queries, to whom it concerns."""

import pytest
from django.test import Client
from django.urls import reverse

from teams.models import Key, Team
from tests.cast import Cast, make_key
from tests.usage.accounts.counting import count_once
from tests.usage.polled import make_meter, make_suggestion
from tests.usage.twins import NOON, PAGE, act, page
from usage.accounts import sharing
from usage.models import SharingSuggestion

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon, for whoever asks Django for the time."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


class TestDoubts:
    def test_a_pair_is_shown_with_what_it_said(self, twins: SharingSuggestion, alice: Client) -> None:
        html = page(alice)
        assert "<bdi>Twin one</bdi> and <bdi>Twin two</bdi> seem to be one account" in html
        assert "Today their usage is counted twice." in html
        cells = '>11:30</time></td><td class="num">500</td><td class="num">10</td>'
        assert cells in html
        assert html.count('<td class="num">') == 12

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
        alice.post(act("keep_apart", twins))
        assert "counted twice" not in page(alice, path)

    def test_without_a_doubt_the_usage_page_leads_there(self, cast: Cast, alice: Client) -> None:
        assert f'href="{PAGE}"' in page(alice, "/t/acme/usage/")
        assert "No account yet" in page(alice)


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

    def test_it_leads_to_the_pages_beside_it(self, alice: Client) -> None:
        html = page(alice, PAGE + "?page=2")
        assert '<a class="btn" rel="prev" href="?">Previous</a>' in html
        assert '<a class="btn" rel="next" href="?page=3">Next</a>' in html

    @pytest.mark.parametrize(("number", "nearest"), [("x", 1), ("0", 1), ("99", 3)])
    def test_a_page_that_is_not_there_is_the_nearest(self, alice: Client, number: str, nearest: int) -> None:
        assert f"Page {nearest} of 3" in page(alice, f"{PAGE}?page={number}")

    def test_what_is_to_be_looked_at_comes_first(self, twins: SharingSuggestion, alice: Client) -> None:
        count_once(twins, None, NOON)
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

    @pytest.mark.parametrize("name", ["count_once", "keep_apart", "ask_again"])
    def test_their_doubts_are_not_there(self, theirs: SharingSuggestion, alice: Client, name: str) -> None:
        assert alice.post(act(name, theirs)).status_code == 404
        theirs.refresh_from_db()
        assert theirs.state == SharingSuggestion.Decision.OPEN

    def test_neither_are_their_keys(self, theirs: SharingSuggestion, alice: Client) -> None:
        path = reverse("usage:split", args=["acme", theirs.first.key_id])
        assert (alice.get(path).status_code, alice.post(path).status_code) == (404, 404)
        assert "Twin" not in page(alice)

    def test_nobody_counts_them_apart(self, theirs: SharingSuggestion, alice: Client) -> None:
        path = reverse("usage:count_apart", args=["acme", theirs.second_id])
        assert (alice.get(path).status_code, alice.post(path).status_code) == (404, 404)


@pytest.mark.parametrize("person", ["bob", "vera"])
@pytest.mark.parametrize("name", ["count_once", "keep_apart", "ask_again"])
def test_members_and_viewers_decide_nothing(
    cast: Cast, twins: SharingSuggestion, person: str, name: str
) -> None:
    assert cast.client(person).post(act(name, twins)).status_code == 403
    assert sharing.suggestions(cast.team).exists()


def test_outsiders_see_nothing(cast: Cast, twins: SharingSuggestion) -> None:
    charlie = cast.client("charlie")
    assert charlie.get(PAGE).status_code == 404
    assert charlie.post(act("count_once", twins)).status_code == 404


def test_links_change_nothing(twins: SharingSuggestion, alice: Client) -> None:
    assert alice.get(act("keep_apart", twins)).status_code == 405
    assert alice.get(act("ask_again", twins)).status_code == 405
    assert alice.post(PAGE).status_code == 405


def test_a_form_of_another_site_changes_nothing(cast: Cast, twins: SharingSuggestion) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert careful.post(act("count_once", twins)).status_code == 403
    assert sharing.suggestions(cast.team).exists()
