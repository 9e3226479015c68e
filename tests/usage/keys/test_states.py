"""Every key is in one state, found and counted by it; what needs a look comes first."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.utils import timezone

from teams.models import Key
from tests.cast import Cast, make_key
from tests.usage.polls.telling import running_provider
from usage.keys.listing import listed
from usage.keys.states import State
from usage.models import Meter
from usage.polls import polling

UNREADABLE = {"period_start": None}

type Asked = Callable[..., Key]


@pytest.fixture
def asked(cast: Cast, settings) -> Iterator[Asked]:
    """Add a key with a provider of its own that answers so, and poll."""
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with ExitStack() as providers:

        def add(name: str, status: int = 200, **told: object) -> Key:
            provider = providers.enter_context(running_provider())
            provider.status = status
            provider.tell(**told)
            key = make_key(cast.team, cast.alice, name)
            key.base_url = provider.base_url
            key.set_secret("rax_demo_pro")
            key.save()
            polling.poll_now()
            return key

        yield add


def states(cast: Cast, **query: str) -> list[tuple[str, State]]:
    found = listed(cast.team, query, timezone.now())
    return [(key.name, State(key.state)) for key in found.page]  # type: ignore[attr-defined]


@pytest.fixture
def each(cast: Cast, asked: Asked) -> Cast:
    """A key in each state, as it comes to be so."""
    cast.key.retire()
    asked("Works")
    asked("Silent", 404)
    asked("Forbidden", 401)
    asked("Broken", **UNREADABLE)
    moved = make_key(cast.team, cast.alice, "Moved")
    moved.move_to("https://elsewhere.example.com")
    moved.save()
    make_key(cast.team, cast.alice, "Fresh")
    return cast


def test_what_needs_a_look_comes_first(each: Cast) -> None:
    assert states(each) == [
        ("Forbidden", State.REFUSED),
        ("Moved", State.NO_SECRET),
        ("Broken", State.NOT_SEEN),
        ("Fresh", State.NEW),
        ("Silent", State.NO_USAGE),
        ("Works", State.POLLED),
        ("Main key", State.RETIRED),
    ]


@pytest.mark.parametrize("state", State)
def test_a_key_is_found_by_its_state(each: Cast, state: State) -> None:
    assert [found for _, found in states(each, state=state.word)] == [state]


def test_a_state_and_words_are_both_asked(each: Cast) -> None:
    assert states(each, state="polled", q="brok") == []
    assert states(each, state="not-seen", q="brok") == [("Broken", State.NOT_SEEN)]


def test_a_state_that_there_is_not_is_any(each: Cast) -> None:
    assert len(states(each, state="excellent")) == len(State)


def test_the_page_counts_what_needs_a_look_in_the_whole_team(each: Cast) -> None:
    html = " ".join(each.client("vera").get("/t/acme/keys/?state=polled").text.split())
    assert "Of 6 keys in use" in html
    assert '<a href="?state=refused">1 is refused</a>' in html
    assert '<a href="?state=no-secret">1 has no secret</a>' in html
    assert '<a href="?state=not-seen">1 is not seen</a>' in html
    assert '<option value="retired">Retired (1)</option>' in html


def test_a_key_counted_with_another_is_doing_as_that_one(cast: Cast, asked: Asked) -> None:
    root = asked("Root", **UNREADABLE)
    twin = make_key(cast.team, cast.alice, "Twin")
    Meter.objects.create(
        team=cast.team, key=twin, name="Twin", merged_into=root.meter, next_poll_at=timezone.now()
    )
    assert ("Twin", State.NOT_SEEN) in states(cast)
    assert "counted with <bdi>Root</bdi>" in cast.client("vera").get("/t/acme/keys/").text


def test_with_more_than_five_keys_they_can_be_looked_for(cast: Cast) -> None:
    for number in range(4):
        make_key(cast.team, cast.alice, f"Key {number}")
    page = "/t/acme/keys/"
    assert 'type="search"' not in cast.client("vera").get(page).text
    make_key(cast.team, cast.alice, "Sixth")
    html = cast.client("vera").get(page).text
    assert 'type="search"' in html
    assert '<option value="new">Not polled yet (6)</option>' in html
