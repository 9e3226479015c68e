"""The usage page tells what people wrote, and what changed of the models, as one list and as signs."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from common.database.together import read
from rax import Model
from teams.models import Membership
from tests.cast import Cast, make_key
from tests.directions import without_directions
from tests.usage.explore.reading import NOON, PERIOD, page, plain
from tests.usage.notes.writing import make_note, make_timed_note
from tests.usage.polled import make_meter, poll
from usage.catalogue.changes import take_models
from usage.explore.remarks.beside import Beside
from usage.models import Meter

pytestmark = pytest.mark.usefixtures("noon")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADDRESS = "http://127.0.0.1:9/api/v1"


@pytest.fixture
def meter(cast: Cast) -> Meter:
    meter = make_meter(cast.key, NOON)
    poll(meter, NOON - HOUR, {"rax-4.0": (1_000, 10)}, *PERIOD)
    poll(meter, NOON, {"rax-4.0": (2_000, 20)}, *PERIOD)
    return meter


def told(client: Client, query: str = "?period=30d") -> list[str]:
    """The list under the chart, without its tags."""
    items = re.findall(r"<li[^>]*>(.*?)</li>", page(client, query).partition('id="marks"')[2], re.DOTALL)
    return [plain(without_directions(item)) for item in items]


def test_everybody_reads_a_note_and_its_author_finds_where_to_edit_it(cast: Cast, meter: Meter) -> None:
    make_note(cast.team, cast.bob, first=NOON.date())
    note = "23 Nov, note by Bob: Black Friday mailing."
    assert [item for item in told(cast.client("vera")) if note in item] == [f"Sign 1 {note}"]
    assert f"Sign 1 {note} Edit" in told(cast.client("bob"))
    assert f"Sign 1 {note} Remove" in told(cast.client("adam"))
    assert f"Sign 1 {note}" in told(cast.client("vera"))


def test_the_way_back_from_a_note_is_the_chart_it_was_on(cast: Cast, meter: Meter) -> None:
    note = make_note(cast.team, cast.bob, first=NOON.date())
    bob = cast.client("bob")
    html = page(bob, "?period=30d&metric=requests")
    (edit,) = re.findall(rf'href="(/t/acme/usage/notes/{note.pk}/[^"]*)"', html)
    answer = bob.post(edit, {"text": "Another", "first_day": "2026-11-23"})
    assert "30d" in answer["Location"]
    assert "requests" in answer["Location"]


def test_only_who_may_write_is_offered_to(cast: Cast, meter: Meter) -> None:
    assert "Write a note" in page(cast.client("bob"))
    assert "Write a note" not in page(cast.client("vera"))


OCTOBER = PERIOD[0] - 31 * DAY, PERIOD[0]


def test_an_outage_leads_to_the_raw_polls_around_it(cast: Cast) -> None:
    """The last five hours and forty minutes of October were not seen."""
    meter = make_meter(cast.key, NOON)
    last = PERIOD[0] - 5 * HOUR - timedelta(minutes=40)
    for hours in range(4):
        poll(meter, last - hours * HOUR, {"rax-4.0": (900 - hours, 9)}, *OCTOBER)
    poll(meter, PERIOD[0] + HOUR, {"rax-4.0": (5, 1)}, *PERIOD)
    alice = cast.client("alice")
    html = page(alice, "?start=2026-10-30&end=2026-11-02")
    (item,) = [item for item in told(alice, "?start=2026-10-30&end=2026-11-02") if "18:20" in item]
    assert item.endswith("31 Oct, 18:20 – 24:00 not seen. What is shown is at least what was used. Raw polls")
    (address,) = re.findall(r'<a href="(/t/acme/usage/proof/\d+/\d+/)"[^>]*>Raw polls</a>', html)
    answers = alice.get(address).content.decode()
    assert "31 Oct, 18:20" in answers


def test_an_outage_of_several_keys_leads_to_the_proof_of_that_time(cast: Cast) -> None:
    last = PERIOD[0] - 5 * HOUR
    for key in (cast.key, make_key(cast.team, cast.alice, "Second")):
        meter = make_meter(key, NOON)
        poll(meter, last - HOUR, {"rax-4.0": (800, 8)}, *OCTOBER)
        poll(meter, last, {"rax-4.0": (900, 9)}, *OCTOBER)
        poll(meter, PERIOD[0] + HOUR, {"rax-4.0": (5, 1)}, *PERIOD)
    alice = cast.client("alice")
    html = page(alice, "?start=2026-10-30&end=2026-11-02&filter.key=!none")
    (address,) = re.findall(r'<a href="([^"]*)"[^>]*>Raw polls</a>', html)
    assert "filter.key=" in address
    proof = alice.get(unescape(address)).content.decode()
    assert "Second" in proof
    assert "Main key" in proof


def test_a_night_without_polls_is_told_with_its_keys(cast: Cast, django_assert_max_num_queries) -> None:
    meter = make_meter(cast.key, NOON)
    for hours, tokens in ((20, 100), (19, 200), (8, 900), (7, 950)):
        poll(meter, NOON - hours * HOUR, {"rax-4.0": (tokens, 9)}, *PERIOD)
    poll(make_meter(make_key(cast.team, cast.alice, "Second"), NOON), NOON, {"rax-4.0": (5, 1)}, *PERIOD)
    alice = cast.client("alice")
    page(alice, "?period=7d")
    with django_assert_max_num_queries(12):
        found = told(alice, "?period=7d&by=key,model&compare=previous")
    (item,) = [item for item in found if "not polled" in item]
    assert "22 Nov, 17:00 – 23 Nov, 04:00, Main key: not polled." in item


def test_a_note_of_another_time_is_not_on_the_chart(cast: Cast, meter: Meter) -> None:
    make_note(cast.team, cast.bob, first=(NOON - 40 * DAY).date())
    assert "note by" not in page(cast.client("vera"), "?period=30d")


def test_hostile_words_are_words_in_the_list_and_in_the_figure(cast: Cast, meter: Meter) -> None:
    make_note(cast.team, cast.bob, "</script><script>alert(1)</script>", first=NOON.date())
    html = cast.client("vera").get("/t/acme/usage/?period=30d").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_it_reads_notes_and_changes_in_one_query(cast: Cast, django_assert_num_queries) -> None:
    bob = Membership.objects.select_related("team", "user").get(user=cast.bob)
    first, second = (Model(id=name, context_window=8192) for name in ("rax-4.0", "rax-4.5"))
    take_models(cast.team, ADDRESS, [first, second], NOON - DAY)
    changed = Model(id="rax-4.5", context_window=16384)
    take_models(cast.team, ADDRESS, [first, changed, Model(id="rax-5")], NOON)
    make_note(cast.team, cast.bob, first=NOON.date())
    make_timed_note(cast.team, cast.alice, NOON)
    make_note(cast.other_team, cast.charlie, first=NOON.date())
    with django_assert_num_queries(1):
        beside = read(Beside.read(cast.team, bob, NOON - DAY, NOON + DAY))
        assert {(note.who, note.is_by(bob)) for note in beside.notes} == {("Bob", True), ("Alice", False)}
        changes = {(change.model.name, change.kind, change.after) for change in beside.changes}
    # The first look at an address is no change.
    assert changes == {("rax-4.5", "changed", "16384"), ("rax-5", "appeared", "")}


def test_it_tells_the_newest_notes_before_any_change(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usage.explore.remarks.beside.MOST_AT_ONCE", 2)
    take_models(cast.team, ADDRESS, [Model(id="rax-4.0")], NOON - 2 * DAY)
    take_models(cast.team, ADDRESS, [Model(id="rax-5")], NOON)
    for days in range(3):
        make_note(cast.team, cast.bob, f"{days} days ago", first=(NOON - days * DAY).date())
    beside = read(Beside.read(cast.team, None, NOON - 9 * DAY, NOON + DAY))
    assert [note.text for note in beside.notes] == ["1 days ago", "0 days ago"]
    assert beside.changes == ()
