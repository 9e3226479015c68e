"""What the ledger noted is told once for all keys to which it happened together."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from common.database.together import read
from tests.usage.conftest import make_key
from usage.explore.query.spans import Span, Step
from usage.explore.remarks.noted import noted
from usage.explore.remarks.remark import Remark
from usage.explore.remarks.times import Times
from usage.ledger import Event
from usage.ledger.words import microseconds
from usage.models import Annotation, Meter

MAY = datetime(2026, 5, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def note(team, name: str, at: datetime, event: Event = Event.ROLLOVER, **amounts: dict[str, int]) -> None:
    meter = Meter.objects.filter(name=name).first()
    if meter is None:
        meter = Meter.objects.create(team=team, key=make_key(team, name), name=name, next_poll_at=MAY)
    Annotation.objects.create(
        meter=meter, event=event, since=microseconds(at - MINUTE), at=microseconds(at), amounts=amounts
    )


def remarks(team, start: datetime = MAY - DAY, end: datetime = MAY + DAY) -> list[Remark]:
    times = Times(Span(start, end, Step.HOUR, ZoneInfo("UTC")), MAY)
    return noted(read(Annotation.objects.grouped(team, start, end)), times)


def told(team) -> list[str]:
    return [remark.text for remark in remarks(team)]


@pytest.mark.django_db
def test_one_key_is_named(team) -> None:
    note(team, "Search", MAY)
    assert told(team) == ["1 May, 00:00, Search: a new billing period began."]


@pytest.mark.django_db
def test_two_keys_are_named(team) -> None:
    note(team, "Search", MAY)
    note(team, "Chat", MAY + MINUTE)
    assert told(team) == ["1 May, 00:00, Chat and Search: a new billing period began."]


@pytest.mark.django_db
def test_many_keys_are_counted(team) -> None:
    for number in range(5):
        note(team, f"Key {number}", MAY + number * MINUTE)
    assert told(team) == ["1 May, 00:00, Key 0, Key 4 and 3 more: a new billing period began."]


@pytest.mark.django_db
def test_what_happens_later_or_otherwise_is_told_apart(team) -> None:
    note(team, "Chat", MAY)
    note(team, "Chat", MAY + MINUTE, Event.CORRECTION)
    note(team, "Search", MAY + 30 * MINUTE)
    assert len(told(team)) == 3


@pytest.mark.django_db
def test_a_key_is_called_as_it_is_called_now(team) -> None:
    note(team, "Chat", MAY)
    Meter.objects.get().key.__class__.objects.update(name="Assistant")
    assert told(team) == ["1 May, 00:00, Assistant: a new billing period began."]


@pytest.mark.django_db
def test_only_what_touches_the_span_is_told(team) -> None:
    note(team, "Chat", MAY - 2 * DAY)
    note(team, "Chat", MAY + 2 * DAY)
    assert told(team) == []


@pytest.mark.django_db
def test_a_correction_says_how_much_was_taken_back(team) -> None:
    note(
        team,
        "Chat",
        MAY,
        Event.CORRECTION,
        tokens={"rax-4.0": -1200, "rax-4.5": -34},
        requests={"rax-4.0": -1},
    )
    note(team, "Search", MAY + MINUTE, Event.CORRECTION, tokens={"rax-4.0": -66})
    (words,) = told(team)
    taken = "the provider took back 1,300 tokens and 1 request;"
    assert words.startswith(f"1 May, 00:00, Chat and Search: {taken}")


@pytest.mark.django_db
def test_what_happens_again_and_again_is_told_once(team) -> None:
    for hour in range(5):
        note(team, "Search", MAY + hour * 60 * MINUTE, Event.GLITCH)
    (remark,) = remarks(team)
    assert (remark.start, remark.end) == (MAY, MAY + 4 * 60 * MINUTE)
    lead = "1 May, 00:00 – 04:00, Search, again and again:"
    assert remark.text.startswith(f"{lead} the provider's counter fell once")


@pytest.mark.django_db
def test_each_correction_is_told(team) -> None:
    for hour in range(3):
        note(team, "Search", MAY + hour * 60 * MINUTE, Event.CORRECTION, tokens={"rax": -5 - hour})
    assert len(told(team)) == 3
