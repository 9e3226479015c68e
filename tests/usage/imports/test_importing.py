"""A file of history is shown, taken in and taken back; what polls measured stays to the token."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from common.jobs import worker
from common.models import Job
from teams import jobs as steering
from teams.changes import Refused
from teams.models import AuditEntry, Membership
from teams.permissions import Access
from tests.cast import Cast, make_key
from tests.common.jobs import run_jobs
from tests.usage.accounts.counting import count_apart, count_once
from tests.usage.imports.importing import (
    DAY,
    HEADS,
    NOVEMBER,
    access_of,
    assert_proven,
    content,
    everything,
    give,
    measured,
    rows,
    take_in,
    told,
    undo,
)
from tests.usage.polled import make_meter, poll, run
from usage.explore.reading import numbers
from usage.imports import deeds
from usage.imports.jobs.effect import Effect
from usage.models import Import, ImportFile, Meter, SharingSuggestion, Stretch, TeamModel, ToldDay

pytestmark = pytest.mark.django_db

FOUR = NOVEMBER + 3 * DAY
HOUR = timedelta(hours=1)


@pytest.fixture
def access(cast: Cast) -> Access:
    return access_of(cast.team, cast.adam)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    """The main key, polled since its period began on 4 November 2025; from the 8th to the 12th is a hole."""
    meter = make_meter(cast.key, FOUR)
    end = FOUR + 4 * DAY
    poll(meter, FOUR + HOUR, {"rax-9": (500, 5)}, FOUR, end)
    poll(meter, end - HOUR, {"rax-9": (900, 9)}, FOUR, end)
    begun = NOVEMBER + 12 * DAY
    poll(meter, begun + HOUR, {"rax-9": (40, 1)}, begun, begun + 30 * DAY)
    return meter


def total(origin: Import) -> Effect:
    return Effect.load(origin.effect["total"])


def test_it_says_what_would_change_and_changes_nothing(access: Access, meter: Meter) -> None:
    before = everything()[:4]
    origin = give(access, rows(range(1, 8)))
    assert origin.state == Import.State.READY
    found = total(origin)
    assert (found.tokens, found.requests, found.days, found.measured) == (210, 9, 3, 4)
    assert everything()[:4] == before
    assert not ImportFile.objects.exists()
    assert_proven(access.team)


def test_it_fills_what_nobody_measured_and_nothing_else(access: Access, meter: Meter) -> None:
    before = measured()
    origin = take_in(access, give(access, rows(range(-2, 20))))
    assert origin.state == Import.State.TAKEN
    assert told(meter) == dict.fromkeys([*range(-2, 4), *range(8, 13)], 70)
    assert total(origin).tokens == 11 * 70
    assert measured() == before
    assert_proven(access.team)


def test_pages_tell_what_was_measured_and_what_was_told_together(access: Access, meter: Meter) -> None:
    edges = [NOVEMBER + number * DAY for number in range(-3, 16)]
    before = numbers.read(access.team, edges, "tokens", now=edges[-1])
    take_in(access, give(access, rows(range(-2, 20))))
    found = numbers.read(access.team, edges, "tokens", now=edges[-1])
    added = [sum(after) - sum(earlier) for after, earlier in zip(by_day(found), by_day(before), strict=True)]
    # 29 October is day -2; from the 4th to the 7th and from the 13th on polls measured.
    assert added == [70] * 6 + [0] * 4 + [70] * 5 + [0] * 3


def by_day(found) -> list[tuple[int, ...]]:
    return list(zip(*found.amounts.values(), strict=True))


def test_the_same_file_twice_counts_once(access: Access, meter: Meter) -> None:
    take_in(access, give(access, rows(range(1, 4))))
    once = everything()[:4]
    again = give(access, rows(range(1, 4)))
    assert (total(again).is_nothing, total(again).same) == (True, 3)
    again = take_in(access, again)
    assert everything()[:4] == once
    undo(access, again)
    assert everything()[:4] == once


def test_an_undo_leaves_everything_as_it_was(access: Access, meter: Meter) -> None:
    take_in(access, give(access, rows([1, 2, 9], tokens=50)))
    before = everything()
    origin = take_in(access, give(access, rows(range(-5, 12))))
    assert everything()[0] != before[0]
    origin = undo(access, origin)
    assert origin.state == Import.State.UNDONE
    assert everything() == before
    assert told(meter) == {1: 50, 2: 50, 9: 50}
    assert_proven(access.team)


def test_an_undo_of_the_only_import_leaves_nothing_told(access: Access, meter: Meter) -> None:
    before = everything()
    undo(access, take_in(access, give(access, rows(range(-5, 12)))))
    assert everything() == before
    assert_proven(access.team)


def test_models_that_only_an_import_told_go_with_it(access: Access, cast: Cast, meter: Meter) -> None:
    run(cast.key, FOUR, 30, model="run-here")
    before = names()
    lines = [*rows([1], model="rax-9"), *rows([1], model="run-here"), *rows([1], model="only")]
    origin = take_in(access, give(access, [*lines, *rows([1], model="elsewhere")]))
    kept = take_in(access, give(access, rows([2], model="elsewhere")))
    undo(access, origin)
    assert names() == before | {"elsewhere"}
    undo(access, kept)
    assert names() == before
    take_in(access, give(access, lines))
    assert names() == before | {"only"}
    assert_proven(access.team)


def names() -> set[str]:
    return set(TeamModel.objects.values_list("model", flat=True))


def test_the_older_of_two_imports_can_be_taken_back_first(access: Access, meter: Meter) -> None:
    older = take_in(access, give(access, rows([1, 2], tokens=50)))
    take_in(access, give(access, rows([2, 3], tokens=60)))
    assert told(meter) == {1: 50, 2: 60, 3: 60}
    undo(access, older)
    assert told(meter) == {2: 60, 3: 60}
    assert_proven(access.team)


def test_tokens_and_requests_may_come_in_two_files(access: Access, meter: Meter) -> None:
    first = "start,key,tokens"
    take_in(access, give(access, [row.rsplit(",", 1)[0].replace(",rax-9", "") for row in rows([1])], first))
    take_in(access, give(access, ["2025-11-01T00:00:00Z,Main key,9"], "start,key,requests"))
    assert Stretch.objects.get(quality="told").amounts == {
        "tokens": {"(unattributed)": 70},
        "requests": {"(unattributed)": 9},
    }
    assert_proven(access.team)


def test_an_import_that_was_never_taken_in_leaves_no_trace(access: Access, meter: Meter) -> None:
    before = everything()
    origin = give(access, rows(range(1, 8)))
    deeds.discard(access, origin.pk)
    run_jobs()
    assert not Import.objects.exists()
    assert everything() == before


def test_a_file_with_a_fault_is_told_by_its_line(access: Access, meter: Meter) -> None:
    origin = give(access, [*rows([1]), *rows([2], key="Nobody")])
    assert origin.state == Import.State.FAULTY
    assert origin.faults == {"shown": [[3, "“Nobody” is no key of this team."]], "count": 1}
    assert not ToldDay.objects.exists()


def test_another_team_s_key_is_nobody_s(access: Access, cast: Cast, meter: Meter) -> None:
    theirs = make_key(cast.other_team, cast.charlie, "Theirs")
    make_meter(theirs, FOUR)
    for name in (theirs.name, str(theirs.pk)):
        origin = give(access, rows([1], key=name), HEADS.replace("key", "key_id" if "-" in name else "key"))
        assert origin.faults["shown"][0][1].endswith("is no key of this team.")
    assert not ToldDay.objects.exists()


def test_a_key_that_was_never_polled_has_a_history(access: Access, cast: Cast) -> None:
    origin = take_in(access, give(access, rows([1, 2])))
    meter = Meter.objects.get(key=cast.key)
    assert told(meter) == {1: 70, 2: 70}
    assert total(origin).before is None
    poll(meter, NOVEMBER + DAY + HOUR, {"rax-9": (5, 1)}, NOVEMBER + DAY, NOVEMBER + 30 * DAY)
    assert told(meter) == {1: 70}
    assert_proven(access.team)


def test_a_long_file_is_kept_in_slices(access: Access, meter: Meter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usage.imports.jobs.file.DAYS", 3)
    take_in(access, give(access, rows(range(-10, 4))))
    assert told(meter) == dict.fromkeys(range(-10, 4), 70)


def test_one_import_of_a_team_is_under_way_at_a_time(access: Access, meter: Meter) -> None:
    ready = give(access, rows([1]))
    deeds.give_file(access, "other.csv", b"start", None)
    deed_list = [lambda: deeds.give_file(access, "3.csv", b"", None), lambda: deeds.take_in(access, ready.pk)]
    for deed in deed_list:
        with pytest.raises(Refused, match="Another import of this team is under way"):
            deed()


def test_one_whose_reading_failed_can_be_given_up(access: Access, meter: Meter) -> None:
    origin = deeds.give_file(
        access, "history.csv", content(rows([1]), HEADS.replace("start", "start,end")), None
    )
    ImportFile.objects.update(content=b"damaged on its way")
    fail_jobs()
    with pytest.raises(Refused, match="Another import"):
        give(access, rows([2]))
    assert steering.cancel(access, Job.objects.get())
    origin.refresh_from_db()
    assert (origin.state, origin.faults["shown"]) == ("faulty", [[0, "It was cancelled."]])
    take_in(access, give(access, rows([2])))
    assert told(meter) == {2: 70}


def fail_jobs() -> None:
    """Try what is due until it is given up."""
    while Job.objects.active().exists():
        worker.work(seconds=0)
        Job.objects.active().update(due_at=NOVEMBER)


def test_it_is_taken_in_once(access: Access, meter: Meter) -> None:
    origin = take_in(access, give(access, rows([1])))
    with pytest.raises(Refused, match="not in that state"):
        deeds.take_in(access, origin.pk)


def test_accounts_that_are_counted_together_count_what_was_told_once(
    access: Access, cast: Cast, meter: Meter
) -> None:
    other = make_meter(make_key(cast.team, cast.alice, "Other"), FOUR)
    take_in(access, give(access, [*rows([1, 2]), *rows([1, 2], key="Other")]))
    suggestion = SharingSuggestion.objects.create(
        team=cast.team, first=meter, second=other, changes=4, noticed_at=FOUR
    )
    kept = count_once(suggestion, None, FOUR)
    assert told(kept) == {1: 70, 2: 70}
    origin = give(access, rows([3], key="Other"))
    assert list(origin.effect["accounts"]) == [str(kept.pk)]
    origin = take_in(access, origin)
    assert told(kept) == {1: 70, 2: 70, 3: 70}
    undo(access, origin)
    assert told(kept) == {1: 70, 2: 70}
    count_apart(Meter.objects.get(merged_into=kept), None, FOUR)
    assert_proven(access.team)


def test_who_did_it_stands_in_the_audit_trail(access: Access, cast: Cast, meter: Meter) -> None:
    undo(access, take_in(access, give(access, rows([1]))))
    trail = AuditEntry.objects.filter(team=cast.team).order_by("pk")
    found = [(entry.deed, entry.actor, entry.object_label, entry.ip) for entry in trail]
    assert found == [
        (f"import.{deed}", cast.adam, "history.csv", access.ip) for deed in ("given", "taken", "undone")
    ]
    assert AuditEntry.objects.get(deed="import.undone").details == {"tokens": 70, "requests": 3, "days": 1}


def test_who_is_no_admin_any_more_imports_nothing(access: Access, cast: Cast, meter: Meter) -> None:
    Membership.objects.filter(user=cast.adam).update(role="member")
    with pytest.raises(PermissionDenied):
        give(access, rows([1]))
