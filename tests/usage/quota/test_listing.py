"""Which keys the quota page shows, and in which order: the nearest to a limit first, a page at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from teams.keys.attributes import change_attributes
from teams.models import Key, Label
from tests.cast import Cast, make_key
from usage.models import Meter
from usage.quota.listing import PER_PAGE, QuotaList, quota_list

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEYS = 2 * PER_PAGE + 5


@pytest.fixture
def keys(cast: Cast) -> list[Key]:
    """Keys that have used 1 %, 2 %, 3 % … of a limit, and the cast's, which has none."""
    keys = [make_key(cast.team, cast.alice, f"Key {number:02}") for number in range(1, KEYS)]
    for number, key in enumerate(keys, 1):
        add_meter(key, number / 100)
    return keys


def add_meter(key: Key, share: float | None, told: datetime = NOON - MINUTE) -> Meter:
    moments = {"next_poll_at": NOON, "watched_from": told, "watched_until": told}
    return Meter.objects.create(team=key.team, key=key, name=key.name, limit_share=share, **moments)


def listed(cast: Cast, **query: str) -> QuotaList:
    return quota_list(cast.team, query, NOON)


def names(found: QuotaList) -> list[str]:
    return [quota.key.name for quota in found.keys]


def test_keys_nearest_to_a_limit_come_first(cast: Cast, keys: list[Key]) -> None:
    assert names(listed(cast)) == [f"Key {number:02}" for number in range(KEYS - 1, KEYS - 1 - PER_PAGE, -1)]


def test_keys_without_a_limit_come_last(cast: Cast, keys: list[Key]) -> None:
    assert names(listed(cast, page="3"))[-1] == "Main key"


def test_by_name_capitals_count_as_small_letters(cast: Cast) -> None:
    make_key(cast.team, cast.alice, "alpha")
    make_key(cast.team, cast.alice, "Zulu")
    assert names(listed(cast, sort="name")) == ["alpha", "Main key", "Zulu"]


def test_by_owner_or_project_keys_stand_together_and_those_of_none_last(cast: Cast) -> None:
    Key.objects.filter(pk=cast.key.pk).update(project="", owner=None)
    for owner, project, name in ((cast.bob, "Shop", "A"), (cast.alice, "Chat", "B"), (cast.bob, "Chat", "C")):
        key = make_key(cast.team, owner, name)
        Key.objects.filter(pk=key.pk).update(project=project)
    assert names(listed(cast, sort="owner")) == ["B", "A", "C", "Main key"]
    assert names(listed(cast, sort="project")) == ["B", "C", "A", "Main key"]
    for order in ("owner", "project"):
        assert cast.client("vera").get(f"/t/acme/quota/?sort={order}").status_code == 200


def test_pages_hold_every_key_once(cast: Cast, keys: list[Key]) -> None:
    found = [name for page in "123" for name in names(listed(cast, page=page))]
    assert sorted(found) == sorted(Key.objects.values_list("name", flat=True))


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1e9", "２"])
def test_a_page_that_is_not_there_is_another_one(cast: Cast, keys: list[Key], page: str) -> None:
    assert names(listed(cast, page=page))


def test_keys_are_found_by_name_owner_project_and_label(cast: Cast, keys: list[Key]) -> None:
    Key.objects.filter(name="Key 03").update(project="Summaries")
    Key.objects.filter(name="Key 04").update(owner=cast.bob)
    labels = Label.objects.named(cast.team, ["Night shift"])
    change_attributes([keys[4]], cast.team.today(), {"labels": labels})
    assert names(listed(cast, q="key 02")) == ["Key 02"]
    assert names(listed(cast, q="summar")) == ["Key 03"]
    assert names(listed(cast, q="bob@")) == ["Key 04"]
    assert names(listed(cast, q="night")) == ["Key 05"]


def test_the_search_stays_in_the_addresses_of_other_pages(cast: Cast, keys: list[Key]) -> None:
    page = listed(cast, q="Key", sort="name", page="2").page
    assert (page.previous, page.next) == ("?q=Key&sort=name", "?q=Key&sort=name&page=3")


def test_keys_near_a_limit_are_counted(cast: Cast, keys: list[Key]) -> None:
    Meter.objects.filter(limit_share__gt=0.4).update(limit_share=0.8)
    assert listed(cast).near == KEYS - 41


def test_what_was_told_yesterday_is_not_near_todays_limit(cast: Cast) -> None:
    add_meter(cast.key, 0.9, NOON - timedelta(hours=13))
    assert listed(cast).near == 0


def test_a_key_of_a_merged_account_stands_where_its_account_does(cast: Cast, keys: list[Key]) -> None:
    account = Meter.objects.get(key=keys[-1])
    merged = add_meter(cast.key, None)
    Meter.objects.filter(pk=merged.pk).update(merged_into=account)
    assert names(listed(cast))[:2] == [keys[-1].name, "Main key"]


def test_retired_keys_are_not_listed(cast: Cast, keys: list[Key]) -> None:
    keys[0].retire()
    assert listed(cast).count == KEYS - 1


def test_another_teams_keys_are_not_listed(cast: Cast, keys: list[Key]) -> None:
    make_key(cast.other_team, cast.charlie, "Theirs")
    assert names(listed(cast, q="Theirs")) == []


class TestThePage:
    URL = "/t/acme/quota/"

    def page(self, client: Client, query: str = "") -> str:
        response = client.get(self.URL + query)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    def test_it_shows_a_page_and_links_to_the_next(self, cast: Cast, keys: list[Key]) -> None:
        html = self.page(cast.client("vera"))
        assert html.count("<article") == PER_PAGE
        assert 'rel="next" href="?page=2" hx-get="?page=2">Next</a>' in html
        assert "Page 1 of 3" in html

    def test_few_keys_need_no_search(self, cast: Cast) -> None:
        assert 'type="search"' not in self.page(cast.client("vera"))

    def test_a_search_without_a_hit_leads_back(self, cast: Cast, keys: list[Key]) -> None:
        html = self.page(cast.client("vera"), "?q=%3Cscript%3E")
        assert "No key found" in html
        assert '<a class="btn" href="?">Show all keys</a>' in html
        assert 'value="&lt;script&gt;"' in html

    def test_its_search_and_order_work_without_scripts_and_by_htmx(self, cast: Cast, keys: list[Key]) -> None:
        html = self.page(cast.client("vera"), "?sort=name")
        assert f'method="get" action="{self.URL}" role="search" hx-get="{self.URL}"' in html
        assert '<input type="hidden" name="sort" value="name">' in html
        assert '<label class="form-label" for="filter-q">Name, owner, project or label</label>' in html
        assert '<a href="?" hx-get="?">Nearest to a limit</a>' in html

    def test_it_takes_as_few_queries_with_many_keys(
        self, cast: Cast, keys: list[Key], django_assert_max_num_queries
    ) -> None:
        alice = cast.client("alice")
        self.page(alice)
        with django_assert_max_num_queries(13):
            self.page(alice, "?q=key")
