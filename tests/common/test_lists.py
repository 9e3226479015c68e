"""The state of a list is read from its address, and written into the addresses of its links."""

import re

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from common.filters import Choice, Filter, Search, order
from common.lists import ListAddress, ListPage, nearest
from teams.models import User
from tests.installation import ROOT

SHAPES = Choice("shape", "Shape", [("", "All shapes"), ("round", "Round"), ("flat", "Flat")])
DAYS = Choice("days", "Period", [("1", "A day"), ("7", "A week"), ("", "All")], default="7")
FILTERS = (Search("q", "Name or owner", longest=10), SHAPES, DAYS)
ORDER = order(("name", "By name"), ("new", "Newest"))


def address(query: str = "", *filters: Filter) -> ListAddress:
    return ListAddress(QueryDict(query), *(filters or FILTERS), order=ORDER)


def values(query: str) -> list[str]:
    found = address(query)
    return [found[name] for name in ("q", "shape", "days", "sort")]


def test_nothing_said_is_all_defaults() -> None:
    assert values("") == ["", "", "7", "name"]


def test_what_is_said_is_read() -> None:
    assert values("q=alpha&shape=flat&days=1&sort=new") == ["alpha", "flat", "1", "new"]


def test_an_empty_value_on_offer_is_no_missing_one() -> None:
    assert values("days=")[2] == ""
    assert address("days=").query() == "?days="


@pytest.mark.parametrize(
    "query", ["shape=square", "days=-1", "sort=id", "shape=%00", "unknown=1", "q=%00%20"]
)
def test_what_is_not_on_offer_is_the_default(query: str) -> None:
    assert address(query).is_default


@pytest.mark.parametrize(
    ("typed", "read"),
    [("  two words ", "two words"), ("x" * 11, "x" * 10), ("nine char and", "nine char"), ("a\0b", "ab")],
)
def test_a_search_is_trimmed_and_bounded(typed: str, read: str) -> None:
    assert address("", Search("q", "Name", longest=10)).filters[0].read(typed) == read


class TestQueries:
    def test_only_what_differs_from_the_defaults_is_said(self) -> None:
        assert address("q=a&shape=&days=7&sort=name&page=1").query() == "?q=a"

    def test_nothing_to_say_clears_the_address(self) -> None:
        assert address().query() == "?"

    def test_a_change_goes_back_to_the_first_page(self) -> None:
        assert address("q=a&page=3").query(sort="new") == "?q=a&sort=new"

    def test_a_change_to_the_default_takes_it_out(self) -> None:
        assert address("q=a&sort=new").query(sort="name") == "?q=a"

    def test_words_are_written_as_an_address_takes_them(self) -> None:
        assert address().query(q="a&b c") == "?q=a%26b+c"

    def test_the_cleared_list_keeps_its_order(self) -> None:
        found = address("q=a&shape=flat&days=1&sort=new&page=2")
        assert found.is_filtered
        assert found.cleared == "?sort=new"
        assert not address("sort=new").is_filtered

    def test_what_nobody_declared_is_a_mistake(self) -> None:
        with pytest.raises(KeyError):
            address().query(colour="red")


@pytest.mark.parametrize(
    ("number", "page"),
    [("2", 2), ("0", 1), ("-1", 1), ("9", 3), ("x", 1), ("", 1), ("1e9", 1), ("２", 2), ("9" * 5_000, 1)],
)
def test_a_page_that_is_not_there_is_the_nearest(number: str, page: int) -> None:
    assert nearest(number, 3) == page


class TestPages:
    @pytest.fixture(autouse=True)
    def people(self, db: None) -> None:
        User.objects.bulk_create(User(email=f"{number:02}@example.com") for number in range(7))

    def page(self, query: str = "") -> ListPage[User]:
        return address(query).page_of(User.objects.order_by("email"), 3)

    def test_it_is_the_one_that_the_address_names(self) -> None:
        assert [str(person)[:2] for person in self.page("page=2")] == ["03", "04", "05"]

    def test_its_neighbours_keep_filters_and_order(self) -> None:
        page = self.page("q=e&sort=new&page=2")
        assert (page.previous, page.next) == ("?q=e&sort=new", "?q=e&sort=new&page=3")

    def test_the_first_and_the_last_have_one_neighbour(self) -> None:
        assert (self.page().previous, self.page("page=3").next) == ("", "")

    def test_a_known_count_saves_the_query(self, django_assert_num_queries) -> None:
        with django_assert_num_queries(1):
            assert len(address("page=3").page_of(User.objects.order_by("email"), 3, count=7)) == 1

    def test_one_page_leaves_no_choice(self) -> None:
        everybody = User.objects.order_by("email")
        assert not address().page_of(everybody, 7).has_choice
        assert address("q=x").page_of(everybody, 7).has_choice
        assert address().page_of(everybody, 6).has_choice

    def test_an_empty_list_is_one_page(self) -> None:
        page = address("page=4").page_of(User.objects.none(), 3)
        assert (list(page), page.number, page.next) == ([], 1, "")

    def test_the_pager_links_to_its_neighbours(self) -> None:
        html = render_to_string("common/_pager.html", {"page": self.page("q=e&page=2"), "after": "Older"})
        assert '<a class="btn" rel="prev" href="?q=e">Previous</a>' in html
        assert "Page 2 of 3" in html
        assert '<a class="btn" rel="next" href="?q=e&amp;page=3">Older</a>' in html
        assert "hx-" not in html

    def test_one_page_has_no_pager(self) -> None:
        page = address().page_of(User.objects.order_by("email"), 7)
        assert render_to_string("common/_pager.html", {"page": page}).strip() == ""


class TestFilterRow:
    def html(self, query: str = "", **context: object) -> str:
        request = RequestFactory().get("/things/")
        shown = {"address": address(query), "request": request} | context
        return " ".join(render_to_string("common/_filters.html", shown).split())

    def test_every_field_has_a_label_of_its_own(self) -> None:
        html = self.html()
        labels = set(re.findall(r'<label class="form-label" for="([^"]+)">', html))
        assert labels == set(re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', html))

    def test_it_shows_what_the_address_says(self) -> None:
        html = self.html("q=%3Cb%3E&shape=flat")
        assert 'name="q" value="&lt;b&gt;" maxlength="10"' in html
        assert '<option value="flat" selected>Flat</option>' in html
        assert '<option value="7" selected>A week</option>' in html

    def test_the_form_keeps_the_order(self) -> None:
        assert 'type="hidden"' not in self.html()
        assert '<input type="hidden" name="sort" value="new">' in self.html("sort=new")

    def test_the_order_is_links_that_keep_the_filters(self) -> None:
        html = self.html("q=a&page=2")
        assert '<a href="?q=a" aria-current="true">By name</a>' in html
        assert '<a href="?q=a&amp;sort=new">Newest</a>' in html

    def test_filters_can_be_cleared(self) -> None:
        assert 'href="?sort=new">Clear</a>' in self.html("q=a&sort=new")
        assert "Clear" not in self.html("sort=new")

    def test_it_is_asked_for_by_htmx_only_where_the_page_is(self) -> None:
        assert "hx-" not in self.html("q=a")
        assert self.html("q=a", live=True).count("hx-get") == 4  # form, clear, two orders


def test_nobody_else_turns_pages() -> None:
    apps = ("rax", "teams", "usage", "playground", "raxdash")
    modules = (path for app in apps for path in (ROOT / app).rglob("*.py"))
    assert [path for path in modules if "Paginator" in path.read_text()] == []
    templates = (ROOT / "templates").rglob("*.html")
    assert [path.name for path in templates if "has_other_pages" in path.read_text()] == ["_pager.html"]
