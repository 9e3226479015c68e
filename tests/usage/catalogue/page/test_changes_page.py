"""Everything that happened to models can be read, a page at a time, the newest first."""

import re
from dataclasses import replace

import pytest

from teams.models import Key
from tests.cast import Cast, make_key
from tests.usage.catalogue.page.stage import DAY, HOUR, MODELS, NEW, NOON, OLD, tell, words
from usage.catalogue.page.changes import PER_PAGE, changes_of
from usage.catalogue.page.overview import NEWEST
from usage.models import catalogue

CHANGES = "changes/"


def widen(key: Key, times: int) -> None:
    """A model has another window each hour."""
    for hour in range(times):
        tell(key, [replace(OLD, context_window=1_000 + hour)], NOON - (times - hour) * HOUR)


def test_every_change_is_on_one_of_the_pages(cast: Cast) -> None:
    widen(cast.key, 2 * PER_PAGE + 3)
    pages = [changes_of(cast.team, {"page": str(number)}, NOON) for number in (1, 2, 3)]
    told = [event.change.after for page in pages for event in page.events if event.change]
    assert told == [str(1_000 + hour) for hour in reversed(range(1, 2 * PER_PAGE + 3))] + [""]
    assert [len(page.events) for page in pages] == [PER_PAGE, PER_PAGE, 3]


def test_the_models_page_shows_the_newest_and_leads_to_all(cast: Cast) -> None:
    widen(cast.key, NEWEST)
    assert "All changes" not in words(cast)
    tell(cast.key, [replace(OLD, context_window=7)], NOON)
    assert "All changes" in words(cast)
    text = words(cast, CHANGES)
    assert len(re.findall("Context window|Appeared", text)) == NEWEST + 1


def test_it_says_where_older_changes_are_kept_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    second = make_key(cast.team, cast.bob, "Second")
    for key, models in ((cast.key, [OLD, NEW]), (second, [NEW, OLD])):
        tell(key, models, NOON - 40 * DAY)
    # Gone for all, and back; then gone for one key alone: the first is no event of single keys.
    for days, models in ((39, [OLD]), (38, [OLD]), (37, [OLD, NEW])):
        for key in (cast.key, second):
            tell(key, models, NOON - days * DAY)
    assert "changes are kept" not in words(cast) + words(cast, CHANGES)
    grown = len(changes_of(cast.team, {}, NOON).events)
    monkeypatch.setattr(catalogue, "MOST_CHANGES", 3)
    widen(cast.key, 4)
    told = f"Of the models of {cast.key.base_url} the newest 3 changes are kept. Of the time before 23 Nov"
    assert told in words(cast)
    assert told in words(cast, CHANGES)
    events = changes_of(cast.team, {}, NOON).events
    newest = [f"Context window 1,00{hour} → 1,00{hour + 1}" for hour in (2, 1, 0)]
    assert [event.words for event in events] == [*newest, "Appeared", "Appeared"]
    assert grown == 4


def test_keys_that_see_a_model_no_more_are_told_by_day(cast: Cast) -> None:
    keys = [cast.key, *(make_key(cast.team, cast.bob, f"Key {number}") for number in range(6))]
    for key in keys:
        tell(key, [OLD, NEW], NOON - 2 * DAY)
    for key in keys[:3]:
        tell(key, [OLD, NEW], NOON - DAY)
    for key in keys[3:]:
        tell(key, [NEW], NOON - DAY)
    events = changes_of(cast.team, {}, NOON).events
    lost = [(event.at, list(event.keys)) for event in events if not event.change]
    assert lost == [(NOON - 2 * DAY, ["Key 2", "Key 3", "Key 4", "Key 5"])]


def test_they_are_found_by_a_models_name(cast: Cast) -> None:
    tell(cast.key, [OLD, NEW], NOON)
    assert [event.model.name for event in changes_of(cast.team, {"q": "4.5"}, NOON).events] == ["rax-4.5"]
    assert "Show all changes" in words(cast, f"{CHANGES}?q=nothing")


def test_other_teams_changes_are_in_no_list(cast: Cast, django_assert_max_num_queries) -> None:
    tell(make_key(cast.other_team, cast.charlie, "Theirs"), [NEW], NOON)
    tell(cast.key, [OLD], NOON)
    alice = cast.client("alice")
    alice.get(f"{MODELS}{CHANGES}")
    with django_assert_max_num_queries(12):
        page = alice.get(f"{MODELS}{CHANGES}")
    assert "rax-4.0" in page.text
    assert "rax-4.5" not in page.text
