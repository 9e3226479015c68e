"""What the team says about keys is kept by day, beside the columns of now, for one key or for hundreds."""

from datetime import UTC, date, datetime, timedelta

import pytest

from teams.keys.attributes import change_attributes
from teams.keys.deeds import KeyDetails, save_key
from teams.keys.timelines import Changes, Timeline, timeline, timelines
from teams.models import ALWAYS, Key, KeyAttributes, KeyLimits, Label, Owner, Plan, Team, Terms
from tests.cast import Cast, make_key

MONDAY = date(2026, 11, 2)


def on(number: int) -> date:
    return MONDAY + timedelta(days=number)


def fresh(key: Key) -> Key:
    return Key.objects.get(pk=key.pk)


def labelled(cast: Cast, *names: str) -> tuple[Label, ...]:
    return Label.objects.named(cast.team, names)


def told(timeline: Timeline) -> list[str]:
    return [str(entry) for entry in timeline.entries]


def test_a_key_that_nobody_described_is_as_its_columns_say(cast: Cast) -> None:
    assert told(timeline(cast.key)) == ["since always: plan Pro, owner Alice"]


def test_a_change_writes_the_day_and_the_columns_of_now(cast: Cast) -> None:
    own = Terms.of("own", KeyLimits(tokens_per_day=5_000))
    changes: Changes = {"project": "Support", "labels": labelled(cast, "night", "Batch"), "terms": own}
    change_attributes([cast.key], on(0), changes)
    assert told(timeline(cast.key)) == [
        "since always: plan Pro, owner Alice",
        "since 2 Nov 2026: plan Own numbers, owner Alice, project Support, labels Batch, night",
    ]
    for key in (cast.key, fresh(cast.key)):
        assert (key.project, key.plan, key.limits().tokens_per_day) == ("Support", Plan.OWN, 5_000)
        assert [label.name for label in key.labels] == ["Batch", "night"]


def test_two_changes_of_a_day_are_one_row(cast: Cast) -> None:
    change_attributes([cast.key], on(0), {"project": "Support", "labels": labelled(cast, "a", "b")})
    change_attributes([cast.key], on(0), {"project": "Sales", "labels": labelled(cast, "b")})
    assert KeyAttributes.objects.count() == 2
    assert told(timeline(cast.key))[1:] == [
        "since 2 Nov 2026: plan Pro, owner Alice, project Sales, labels b"
    ]


def test_what_is_taken_back_leaves_no_row(cast: Cast) -> None:
    change_attributes([cast.key], on(0), {"project": "Support"})
    change_attributes([cast.key], on(0), {"project": ""})
    assert KeyAttributes.objects.get().valid_from == ALWAYS


def test_a_correction_since_always_spares_what_it_does_not_change(cast: Cast) -> None:
    change_attributes([cast.key], on(0), {"project": "Support"})
    change_attributes([cast.key], on(1), {"owner": Owner.of(cast.bob)})
    change_attributes([cast.key], ALWAYS, {"project": "Support", "labels": labelled(cast, "chat")})
    assert told(timeline(cast.key)) == [
        "since always: plan Pro, owner Alice, labels chat",
        "since 2 Nov 2026: plan Pro, owner Alice, project Support, labels chat",
        "since 3 Nov 2026: plan Pro, owner Bob, project Support, labels chat",
    ]


def test_the_plan_and_its_numbers_are_one_attribute(cast: Cast) -> None:
    change_attributes([cast.key], ALWAYS, {"terms": Terms.of("own", KeyLimits(tokens_per_day=5_000))})
    change_attributes([cast.key], on(0), {"terms": Terms.of("own")})
    change_attributes([cast.key], ALWAYS, {"terms": Terms.of("free")})
    row = KeyAttributes.objects.get()
    assert (row.plan, row.tokens_per_day) == (Plan.FREE, None)


def test_it_raises_the_generation_only_where_something_changes(cast: Cast) -> None:
    for _ in range(2):
        change_attributes([cast.key], on(0), {"project": "Support"})
    assert Team.objects.get(pk=cast.team.pk).generation == cast.team.generation + 1


def test_labels_are_the_same_whatever_their_case(cast: Cast) -> None:
    labelled(cast, "Straße", "batch")
    again = labelled(cast, "BATCH", "STRASSE", "batch")
    assert [label.name for label in again] == ["batch", "Straße"]
    assert Label.objects.count() == 2
    assert Label.objects.named(cast.other_team, ["batch"])[0].team == cast.other_team


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        # Ten to midnight and ten past it in Nepal, which is 5 h 45 min ahead.
        ("Asia/Kathmandu", datetime(2026, 11, 2, 18, 5, tzinfo=UTC), MONDAY),
        ("Asia/Kathmandu", datetime(2026, 11, 2, 18, 25, tzinfo=UTC), on(1)),
        # The day on which Berlin's clocks go back has 25 hours; an hour before its end.
        ("Europe/Berlin", datetime(2026, 10, 25, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
        ("Europe/Berlin", datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
        # The day on which Santiago's clocks go forward begins at one o'clock.
        ("America/Santiago", datetime(2026, 9, 6, 3, 59, tzinfo=UTC), date(2026, 9, 5)),
        ("America/Santiago", datetime(2026, 9, 6, 4, 0, tzinfo=UTC), date(2026, 9, 6)),
    ],
)
def test_a_change_is_valid_from_the_local_day_on(cast: Cast, zone: str, moment: datetime, day: date) -> None:
    cast.team.time_zone = zone
    change_attributes([cast.key], cast.team.day_of(moment), {"project": "Support"})
    known = timeline(cast.key)
    assert [known.on(day - timedelta(days=1)).project, known.on(day).project] == ["", "Support"]


def test_a_new_key_is_described_for_all_of_its_history(cast: Cast) -> None:
    details = KeyDetails("New", "rax_demo_free", "http://127.0.0.1:9/api/v1")
    key = save_key(cast.team, cast.bob, details)
    assert told(timeline(key)) == ["since always: plan Free, owner Bob"]
    assert KeyAttributes.objects.filter(key=key).exists()


def test_a_key_that_is_saved_again_has_its_new_plan_from_today(cast: Cast) -> None:
    key = save_key(cast.team, cast.bob, KeyDetails("New", "rax_demo_free", "http://127.0.0.1:9/api/v1"))
    again = KeyDetails("New", "rax_demo_free", "http://127.0.0.1:9/api/v1", Plan.PRO)
    for _ in range(2):
        save_key(cast.team, cast.bob, again)
    first, second = timeline(key).entries
    assert (first.attributes.plan, second.attributes.plan) == (Plan.FREE, Plan.PRO)
    assert second.valid_from == cast.team.today()


def test_many_keys_are_read_and_changed_in_a_few_queries(cast: Cast, django_assert_max_num_queries) -> None:
    keys = [make_key(cast.team, cast.bob, f"Key {number}") for number in range(30)]
    change_attributes(keys, on(0), {"project": "Support", "labels": labelled(cast, "a", "b")})
    with django_assert_max_num_queries(12):
        change_attributes(keys, on(1), {"owner": None})
    with django_assert_max_num_queries(3):
        known = timelines(keys)
    assert {len(known[key.pk].entries) for key in keys} == {3}
    with django_assert_max_num_queries(3):
        listed = list(Key.objects.filter(pk__in=known).with_labels())
        assert {len(key.labels) for key in listed} == {2}


def test_it_reads_only_what_a_span_of_days_needs(cast: Cast) -> None:
    for number, project in enumerate("abcd"):
        change_attributes([cast.key], on(number), {"project": project})

    def projects(first: date, last: date) -> list[str]:
        known = timelines([cast.key], first, last)[cast.key.pk]
        return [entry.attributes.project for entry in known.entries]

    assert projects(on(1), on(2)) == ["b", "c"]
    assert projects(on(-5), on(0)) == ["", "a"]
    assert projects(on(9), on(9)) == ["d"]
    assert [row.project for row in KeyAttributes.objects.on(on(2))] == ["c"]
    assert [row.project for row in KeyAttributes.objects.newest()] == ["d"]


def test_one_day_s_attributes_can_be_taken_for_all_days(cast: Cast) -> None:
    change_attributes([cast.key], on(0), {"project": "Support"})
    of_today = timelines([cast.key], on(5), on(5))[cast.key.pk]
    assert {of_today.on(day).project for day in (on(-9), on(0), on(9))} == {"Support"}


def test_people_are_called_as_they_are_now(cast: Cast) -> None:
    change_attributes([cast.key], ALWAYS, {"owner": Owner.of(cast.bob)})
    cast.bob.name = "Robert"
    cast.bob.save()
    assert timeline(cast.key).newest.owner.name == "Robert"


def test_who_has_no_account_any_more_keeps_the_days_the_number_and_the_name(cast: Cast) -> None:
    change_attributes([cast.key], ALWAYS, {"owner": Owner.of(cast.bob)})
    bob, today = cast.bob.pk, cast.team.today()
    cast.bob.delete()
    known = timeline(fresh(cast.key))
    assert (known.on(today - timedelta(days=1)).owner, known.on(today).owner) == (Owner(bob, ""), None)
    assert known.entries[0].attributes.owner.name == "Bob"
    assert fresh(cast.key).owner is None
