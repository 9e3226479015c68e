"""The menu beside the title: which view is shown, and what to do where the question was changed."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.cast import Cast
from tests.directions import without_directions
from tests.usage.explore.reading import NOON, PART, PERIOD, USAGE, plain
from tests.usage.explore.saved.saving import VIEWS, make_view
from tests.usage.polled import make_meter, poll
from usage.models import SavedView


def menu(client: Client, query: str, **headers: str) -> str:
    """The menu of the page without tags, its current entry in brackets."""
    answer = client.get(f"{USAGE}?{query}", headers=headers)
    assert answer.status_code == 200
    html = answer.content.decode()
    found = re.search(r'<details class="menu">(?:(?!</details>).)*usage/views.*?</details>', html, re.DOTALL)
    assert found
    text = re.sub(r'<a [^>]*aria-current="true">(.*?)</a>', r"[\1]", without_directions(found[0]))
    text = re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)
    return unescape(plain(text))


def test_without_views_it_offers_to_save_this_one(bob: Client) -> None:
    assert menu(bob, "by=key").endswith("Save this view")
    page = bob.get(f"{USAGE}?by=key&saved=12&polled=3").content.decode()
    assert f'href="{VIEWS}new/?by=key"' in page


def test_it_marks_the_view_that_is_shown(cast: Cast, bob: Client) -> None:
    ours = make_view(cast.team, None, "Monday report", "by=key")
    mine = make_view(cast.team, cast.bob, "Nightly batch", "step=hour")
    told = menu(bob, ours.address)
    assert told.startswith("Monday report [Monday report team ] Nightly batch only you")
    assert "changed" not in told
    assert "[Nightly batch only you ]" in menu(bob, mine.address)
    # Whoever comes by a link that asks the same sees which view it is.
    assert "[Monday report team ]" in menu(bob, "group=key")


def test_it_says_that_the_question_was_changed_and_saves_it(cast: Cast, bob: Client) -> None:
    view = make_view(cast.team, cast.bob)
    told = menu(bob, f"by=owner&saved={view.pk}")
    assert told.startswith("Monday report changed")
    assert "Monday report was changed. Save Save as new" in told
    page = bob.get(f"{USAGE}?by=owner&saved={view.pk}").content.decode()
    (action,) = re.findall(rf'action="({VIEWS}{view.pk}/update/[^"]*)"', page)
    answer = bob.post(unescape(action))
    assert answer["Location"] == f"{USAGE}?by=owner&saved={view.pk}"
    assert SavedView.objects.get().query == "by=owner"


def test_what_is_not_one_s_to_change_is_saved_as_new_alone(cast: Cast) -> None:
    view = make_view(cast.team, None)
    told = menu(cast.client("vera"), f"by=owner&saved={view.pk}")
    assert "Monday report was changed. Save as new" in told


def test_a_view_that_is_not_there_is_passed_over(cast: Cast, bob: Client) -> None:
    for saved in (
        make_view(cast.team, cast.alice).pk,
        make_view(cast.other_team, None).pk,
        "99",
        "x",
        "9" * 30,
    ):
        assert menu(bob, f"by=key&saved={saved}").startswith("Saved views")


def test_where_none_is_wanted_none_is_marked(cast: Cast, bob: Client) -> None:
    make_view(cast.team, None, query="")
    assert menu(bob, "saved=none").startswith("Saved views")


def test_it_comes_with_the_part_that_htmx_swaps(cast: Cast, bob: Client) -> None:
    view = make_view(cast.team, cast.bob)
    part = bob.get(f"{USAGE}?by=owner&saved={view.pk}", headers=PART).content.decode()
    assert '<hx-partial hx-target="#saved-views"' in part
    assert "was changed" in part
    assert "<hx-partial" not in bob.get(f"{USAGE}?by=owner").content.decode()


@pytest.fixture
def polled(cast: Cast, noon: None) -> None:
    """A key whose usage is known at noon."""
    poll(make_meter(cast.key, NOON), NOON, {"rax-4.0": (1_000, 10)}, *PERIOD)


def test_every_control_goes_on_from_the_view(polled: None, cast: Cast, bob: Client) -> None:
    view = make_view(cast.team, cast.bob, query="period=30d&by=key")
    page = bob.get(f"{USAGE}?{view.address}").content.decode()
    links = [unescape(link) for link in re.findall(r'(?:href|hx-get)="\?([^"]*)"', page)]
    assert len(links) > 20
    assert [link for link in links if f"saved={view.pk}" not in link] == []


@pytest.mark.parametrize("dimension", ["key", "account", "model"])
def test_a_view_of_what_is_gone_says_so(polled: None, cast: Cast, bob: Client, dimension: str) -> None:
    gone = "00000000-0000-4000-8000-000000000000" if dimension == "key" else "987654"
    there = make_view(cast.team, cast.bob, "Known", query=f"filter.key={cast.key.pk}")
    view = make_view(cast.team, cast.bob, query=f"filter.{dimension}={gone}")
    words = f"Nothing is known of the {dimension} “{gone}”, which a filter names."
    assert words in bob.get(f"{USAGE}?{view.address}").content.decode()
    assert "Nothing is known of the" not in bob.get(f"{USAGE}?{there.address}").content.decode()
