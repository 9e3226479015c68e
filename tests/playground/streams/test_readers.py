"""Who reads streams is known by what they read, and is told to come back, or not."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from playground.acts import PlaygroundAct
from playground.streams.framing import CLOSED
from playground.streams.readers import STREAMS_PER_USER, Reader, Readers, farewells, find_user
from playground.streams.tickets import Ticket
from teams.models import Membership, Role
from tests.cast import Cast


async def reading(readers: Readers) -> Reader:
    """Return somebody who reads one run until they are cut off."""
    reader = Reader(Ticket(1, 1, (uuid4(),)), "session")
    reader.task = asyncio.create_task(asyncio.sleep(60))
    readers.add(reader)
    return reader


async def is_cut_off(reader: Reader) -> bool:
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return reader.task.cancelled()


async def test_a_server_that_stops_keeps_the_readers_of_its_own_runs() -> None:
    readers = Readers()
    kept, other = await reading(readers), await reading(readers)
    readers.close(but=set(kept.ticket.runs))
    assert (await is_cut_off(kept), await is_cut_off(other)) == (False, True)
    assert kept.farewell == other.farewell == b""  # both pages will come back
    readers.close()
    assert await is_cut_off(kept)


async def test_who_comes_too_late_is_sent_away_to_come_back() -> None:
    readers = Readers()
    assert readers.refusal == CLOSED
    readers.close()
    late = await reading(readers)
    assert await is_cut_off(late)
    assert readers.refusal == late.farewell == b""


def signed_in(cast: Cast) -> Reader:
    """Bob, who reads a run in a session of his own."""
    session_key = cast.client("bob").session.session_key
    ticket = Ticket(cast.bob.pk, cast.team.pk, (uuid4(),))
    return Reader(ticket, session_key, find_user(ticket, session_key).password)


def change_password(cast: Cast) -> None:
    cast.bob.set_password("another long password")
    cast.bob.save()


def deactivate(cast: Cast) -> None:
    cast.bob.is_active = False
    cast.bob.save()


def sign_out_everywhere(cast: Cast) -> None:
    Session.objects.all().delete()


def let_the_session_expire(cast: Cast) -> None:
    Session.objects.update(expire_date=timezone.now())


def leave(cast: Cast) -> None:
    Membership.objects.filter(user=cast.bob).delete()


@pytest.mark.parametrize(
    ("change", "farewell"),
    [
        (change_password, b""),
        (deactivate, CLOSED),
        (sign_out_everywhere, CLOSED),
        (let_the_session_expire, CLOSED),
        (leave, CLOSED),
    ],
)
def test_who_may_no_longer_read_is_found_in_two_queries(
    cast: Cast, django_assert_num_queries, change: Callable[[Cast], None], farewell: bytes
) -> None:
    reader, second = signed_in(cast), signed_in(cast)
    assert farewells([reader, second]) == {}
    change(cast)
    with django_assert_num_queries(2):
        assert farewells([reader, second]) == {reader: farewell, second: farewell}
    assert find_user(reader.ticket, reader.session_key) is None


def join_others(cast: Cast) -> None:
    leave(cast)
    Membership.objects.create(team=cast.other_team, user=cast.bob)


def test_a_ticket_is_for_its_person_and_its_team(cast: Cast) -> None:
    reader = signed_in(cast)
    colleague = cast.client("alice").session.session_key
    assert find_user(reader.ticket, colleague) is None
    join_others(cast)
    assert find_user(reader.ticket, reader.session_key) is None
    assert farewells([reader]) == {reader: CLOSED}


def test_who_may_no_longer_see_runs_is_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = signed_in(cast)
    monkeypatch.setattr(PlaygroundAct.SEE_RUNS, "least", Role.ADMIN)
    assert find_user(reader.ticket, reader.session_key) is None
    assert farewells([reader]) == {reader: CLOSED}


async def test_one_person_opens_so_many_streams_and_no_more() -> None:
    readers = Readers()
    for _ in range(STREAMS_PER_USER):
        assert readers.has_room(1)
        last = await reading(readers)
    assert not readers.has_room(1)
    assert readers.has_room(2)
    readers.remove(last)
    assert readers.has_room(1)
    readers.close()
    assert not readers.has_room(2)


def test_a_reader_does_not_show_the_password_s_hash(cast: Cast) -> None:
    reader = signed_in(cast)
    assert reader.password_hash
    assert reader.password_hash not in repr(reader)
