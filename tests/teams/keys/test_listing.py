"""The keys page finds keys by words, in an order, a page at a time, at one cost for any number of keys."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from common.lists import ListPage
from teams.keys import notes
from teams.keys.attributes import change_attributes
from teams.keys.listing import PER_PAGE, key_list
from teams.models import Key, Label, Team
from tests.cast import Cast, make_key

KEYS = "/t/acme/keys/"


def page(team: Team, query: str = "") -> ListPage[Key]:
    return key_list(team, QueryDict(query))


def names(cast: Cast, query: str = "") -> list[str]:
    return [key.name for key in page(cast.team, query)]


def label(key: Key, *labels: str, days_ago: int = 0) -> None:
    day = key.team.today() - timedelta(days=days_ago)
    change_attributes([key], day, {"labels": Label.objects.named(key.team, labels)})


@pytest.fixture
def many(cast: Cast) -> Team:
    """A team of as many keys as fill two pages and a half."""
    team = cast.other_team
    Key.objects.bulk_create(
        Key(team=team, owner=cast.charlie, name=f"Key {number:03}", base_url="https://api.example.com")
        for number in range(2 * PER_PAGE + 12)
    )
    return team


class TestSearch:
    @pytest.fixture(autouse=True)
    def keys(self, cast: Cast) -> None:
        make_key(cast.team, cast.bob, "Night batch")
        make_key(cast.team, cast.alice, "100 % Support", project="Helpdesk")

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("night", ["Night batch"]),
            ("  BATCH ", ["Night batch"]),
            ("Bob", ["Night batch"]),
            ("bob@example", ["Night batch"]),
            ("helpd", ["100 % Support"]),
            ("%", ["100 % Support"]),
            ("_", []),
            ("", ["100 % Support", "Main key", "Night batch"]),
        ],
    )
    def test_a_key_is_found_by_name_owner_and_project(self, cast: Cast, words: str, found: list[str]) -> None:
        assert [
            key.name for key in Key.objects.for_team(cast.team).matching(words.strip()).by_name()
        ] == found
        assert [key.name for key in key_list(cast.team, {"q": words})] == found

    def test_a_key_is_found_by_a_label_of_now(self, cast: Cast) -> None:
        label(cast.key, "Étude", "Billing", days_ago=3)
        assert names(cast, "q=BILL") == ["Main key"]
        assert names(cast, "q=étu") == ["Main key"]
        label(cast.key, "Étude")
        assert names(cast, "q=bill") == []

    def test_a_key_with_two_labels_that_match_is_listed_once(self, cast: Cast) -> None:
        label(cast.key, "shift one", "shift two")
        assert names(cast, "q=shift") == ["Main key"]

    def test_keys_of_other_teams_are_not_found(self, cast: Cast) -> None:
        label(make_key(cast.other_team, cast.charlie, "Theirs"), "secret project")
        assert names(cast, "q=theirs") == names(cast, "q=secret") == []


class TestOrder:
    @pytest.fixture(autouse=True)
    def keys(self, cast: Cast) -> None:
        make_key(cast.team, cast.alice, "a retired one").retire()
        make_key(cast.team, cast.alice, "Zulu")
        make_key(cast.team, cast.alice, "yankee").mark_refused("The provider does not know this key.")

    def test_refused_keys_come_first_and_retired_ones_last(self, cast: Cast) -> None:
        assert names(cast) == ["yankee", "Main key", "Zulu", "a retired one"]

    def test_a_key_without_a_secret_comes_before_those_that_work(self, cast: Cast) -> None:
        moved = Key.objects.get(name="Zulu")
        moved.move_to("https://elsewhere.example.com")
        moved.save()
        assert names(cast)[:2] == ["yankee", "Zulu"]

    def test_by_name_capitals_count_as_small_letters(self, cast: Cast) -> None:
        assert names(cast, "sort=name") == ["a retired one", "Main key", "yankee", "Zulu"]

    def test_the_newest_is_the_one_added_last(self, cast: Cast) -> None:
        assert names(cast, "sort=newest") == ["yankee", "Zulu", "a retired one", "Main key"]

    def test_an_order_that_nobody_offers_is_the_usual_one(self, cast: Cast) -> None:
        assert names(cast, "sort=secret") == names(cast)


class TestThePage:
    def html(self, cast: Cast, query: str = "", person: str = "charlie", team: str = "others") -> str:
        answer = cast.client(person).get(f"/t/{team}/keys/{query}")
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    def test_pages_hold_every_key_once(self, many: Team) -> None:
        found = [key.name for number in "123" for key in page(many, f"page={number}")]
        assert sorted(found) == [f"Key {number:03}" for number in range(2 * PER_PAGE + 12)]

    def test_other_pages_keep_search_and_order(self, cast: Cast, many: Team) -> None:
        html = self.html(cast, "?q=key&sort=newest&page=2")
        assert 'rel="prev" href="?q=key&amp;sort=newest">Previous</a> <span' in html
        assert "Page 2 of 3" in html
        assert 'rel="next" href="?q=key&amp;sort=newest&amp;page=3">Next</a>' in html

    def test_the_search_keeps_the_order_and_the_order_the_search(self, cast: Cast, many: Team) -> None:
        html = self.html(cast, "?q=key&sort=name&page=2")
        assert '<input type="hidden" name="sort" value="name">' in html
        assert '<a href="?q=key">By state</a>' in html
        assert '<a href="?q=key&amp;sort=name" aria-current="true">By name</a>' in html

    def test_the_search_has_a_label(self, cast: Cast, many: Team) -> None:
        html = self.html(cast)
        assert '<label class="form-label" for="filter-q">Name, owner, project or label</label>' in html

    @pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=-3", "?sort=%00", "?q=%00"])
    def test_bad_values_are_no_values(self, cast: Cast, many: Team, query: str) -> None:
        assert "Page 1 of 3" in self.html(cast, query)

    def test_few_keys_need_no_search(self, cast: Cast) -> None:
        assert 'type="search"' not in self.html(cast, "", "vera", "acme")

    def test_a_search_without_a_hit_leads_back(self, cast: Cast) -> None:
        html = self.html(cast, "?q=%3Cb%3E&sort=name", "vera", "acme")
        assert "No key found" in html
        assert '<a class="btn" href="?sort=name">Show all keys</a>' in html
        assert 'value="&lt;b&gt;"' in html

    def test_a_team_without_keys_is_told_what_to_do(self, cast: Cast) -> None:
        html = self.html(cast)
        assert "No key yet" in html
        assert 'type="search"' not in html

    def test_it_costs_the_same_for_many_keys(self, cast: Cast, many: Team, django_assert_num_queries) -> None:
        for key in many.keys.all()[:5]:
            label(key, "night", f"label of {key}")
        client = cast.client("charlie")
        with django_assert_num_queries(13):  # most of them are what `usage` says of the keys
            assert client.get("/t/others/keys/?q=key").text.count("<tr>") == 1 + PER_PAGE


def test_other_apps_say_what_they_know_of_a_key(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_key(cast.team, cast.bob, name="Other")
    monkeypatch.setattr(notes, "_tellers", [])
    notes.register(lambda keys: {cast.key.pk: f"One of {len(keys)} <keys>."})
    html = cast.client("vera").get(KEYS).content.decode()
    assert html.count("One of 2 &lt;keys&gt;.") == 1
    assert [key.notes for key in page(cast.team)] == [["One of 2 <keys>."], []]
    assert other.notes == ()
