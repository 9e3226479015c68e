"""Groups and filters by ids: labels that overlap, accounts that merged, keys that are gone, odd names."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from teams.keys.attributes import change_attributes
from teams.models import ALWAYS, Key, KeyAttributes, Label, Owner
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD, id_of
from tests.usage.polled import at_once, make_meter, poll, run
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.query.spans import Span, Step
from usage.explore.reading import numbers
from usage.explore.reading.numbers import Numbers
from usage.explore.reading.scope.series import is_own
from usage.explore.sheet.layout import make_sheet
from usage.explore.sheet.marks import Seen
from usage.explore.sheet.tables import Sheet
from usage.ledger import Quality
from usage.models import Meter

pytestmark = pytest.mark.django_db

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


def used(key: Key, tokens: int = 1_000, hours: int = 48, models: tuple[str, ...] = ("rax",)) -> Meter:
    """Poll a key each hour until noon; each of some models uses so many tokens an hour."""
    meter = make_meter(key, NOON)
    with at_once():
        for hour in range(hours + 1):
            counters = dict.fromkeys(models, (tokens * hour, hour))
            poll(meter, NOON - (hours - hour) * HOUR, counters, *PERIOD)
    return meter


def read(cast: Cast, *by: Dimension, filters: tuple[Filter, ...] = (), days: int = 1, **options) -> Numbers:
    """The numbers of the last days until noon, by hours."""
    edges = [NOON - days * DAY + hour * HOUR for hour in range(24 * days + 1)]
    return numbers.read(cast.team, edges, "tokens", by, NOON, filters=filters, **options)


def named(found: Numbers) -> dict[str, int]:
    return {
        found.names.of_series(found.by, series): amount for series, amount in found.sums.items() if amount
    }


def say(cast: Cast, key: Key, *labels: str, project: str = "") -> None:
    named = Label.objects.named(cast.team, labels)
    change_attributes([key], ALWAYS, {"labels": named, "project": project})


def sheet_of(found: Numbers) -> Sheet:
    span = Span(found.edges[0], found.edges[-1], Step.HOUR, ZoneInfo("UTC"))
    seen = [Seen(qualities) for qualities in found.qualities]
    return make_sheet(span, found.by, found.amounts, seen, found.names, NOON, found.blocks, found.used)


def test_a_key_with_two_labels_counts_in_both_and_once_in_the_total(cast: Cast) -> None:
    other = make_key(cast.team, cast.alice, "Other")
    say(cast, cast.key, "Batch", "Night")
    say(cast, other, "Night")
    used(cast.key)
    used(other, 10)
    found = read(cast, Dimension.LABEL)
    assert named(found) == {"Batch": 24_000, "Night": 24_240}
    assert (found.overlaps, found.total, found.used) == (True, 24_240, (1_010,) * 24)
    made = sheet_of(found)
    assert (str(made.total), str(made.rows[0].total)) == ("24,240", "1,010")
    assert made.without({made.columns[0].name}).total == made.total


def test_filters_combine_and_each_names_several(cast: Cast) -> None:
    keys = [cast.key, *(make_key(cast.team, cast.bob, f"Key {number}") for number in range(3))]
    for number, key in enumerate(keys):
        say(cast, key, *(("Batch",) if number % 2 else ()), project=("Chat", "Mail")[number // 2])
        used(key, 10**number)
    batch = str(Label.objects.get().pk)
    mail, chat = Filter.of(Dimension.PROJECT, ["=Mail"]), Filter.of(Dimension.PROJECT, ["=Chat"])
    with_label, without = (
        Filter.of(Dimension.LABEL, [batch]),
        Filter.of(Dimension.LABEL, [batch], is_not=True),
    )
    assert read(cast, Dimension.KEY, filters=(mail, with_label)).total == 24_000
    assert read(cast, Dimension.KEY, filters=(mail, without)).total == 2_400
    assert (
        read(cast, Dimension.OWNER, filters=(Filter.of(Dimension.PROJECT, ["=Mail", "=Chat"]),)).total
        == 26_664
    )
    assert read(cast, Dimension.MODEL, filters=(chat, with_label)).total == 240
    bob = Filter.of(Dimension.OWNER, [str(cast.bob.pk)], is_not=True)
    assert named(read(cast, Dimension.PROJECT, filters=(bob,))) == {"Chat": 24}


def test_an_attribute_is_that_of_the_day_or_of_today(cast: Cast) -> None:
    used(cast.key)
    change_attributes([cast.key], NOON.date(), {"owner": Owner.of(cast.bob)})
    assert named(read(cast, Dimension.OWNER)) == {"Alice": 12_000, "Bob": 12_000}
    assert named(read(cast, Dimension.OWNER, attributes_of_today=True)) == {"Bob": 24_000}
    mine = Filter.of(Dimension.OWNER, [str(cast.bob.pk)])
    found = read(cast, Dimension.KEY, filters=(mine,))
    assert (found.total, found.is_whole, found.meters) == (12_000, False, {cast.key.meter.pk})
    assert found.empty == (True,) * 12 + (False,) * 12
    assert found.measured_share == 1


def test_coverage_is_of_the_keys_that_the_filters_leave(cast: Cast) -> None:
    used(cast.key)
    other = make_key(cast.team, cast.bob, "Rarely polled")
    meter = make_meter(other, NOON)
    for hour in (0, 36, 48):
        poll(meter, NOON - (48 - hour) * HOUR, {"rax": (hour, hour)}, *PERIOD)
    shares = [
        read(cast, Dimension.MODEL, filters=(Filter.of(Dimension.KEY, [str(key.pk)]),)).measured_share
        for key in (cast.key, other)
    ]
    assert shares == [1, 0]
    assert read(cast, Dimension.MODEL).measured_share == 0.5


def test_keys_and_owners_that_are_gone_keep_their_numbers(cast: Cast) -> None:
    meter = used(cast.key)
    other = make_key(cast.team, cast.bob, "Other")
    used(other, 10)
    say(cast, other)
    cast.key.delete()
    KeyAttributes.objects.filter(key=other).update(owner_id=999, owner_name="Carl, who left")
    assert read(cast, Dimension.KEY).sums == {(f"meter-{meter.pk}",): 24_000, (str(other.pk),): 240}
    assert named(read(cast, Dimension.KEY)) == {"Main key": 24_000, "Other": 240}
    assert named(read(cast, Dimension.OWNER)) == {"No owner": 24_000, "Carl, who left": 240}
    gone = Filter.of(Dimension.KEY, [f"meter-{meter.pk}"])
    assert read(cast, Dimension.OWNER, filters=(gone,)).total == 24_000


def test_an_account_of_several_keys_is_one_and_is_found_by_each(cast: Cast) -> None:
    meter = used(cast.key)
    others = [make_key(cast.team, cast.alice, name) for name in ("Second", "Third")]
    for key in others:
        make_meter(key, NOON, merged_into=meter)
    assert read(cast, Dimension.ACCOUNT).sums == {(str(meter.pk),): 24_000}
    assert named(read(cast, Dimension.KEY)) == {"Main key with Second and 1 more": 24_000}
    second = Filter.of(Dimension.KEY, [str(others[0].pk)])
    assert read(cast, Dimension.KEY, filters=(second,)).total == 24_000


def test_no_name_of_a_model_is_taken_for_another(cast: Cast) -> None:
    models = ("Other", "other", "none", "rest", "a,b", "7")
    used(cast.key, models=models)
    found = read(cast, Dimension.MODEL)
    assert named(found) == dict.fromkeys(models, 24_000)
    one = Filter.of(Dimension.MODEL, [str(id_of("none"))])
    assert named(read(cast, Dimension.MODEL, filters=(one,))) == {"none": 24_000}
    none = Filter.of(Dimension.MODEL, ["none"])
    assert read(cast, Dimension.MODEL, filters=(none,)).total == 0


def test_our_own_ledger_answers_by_member_and_never_with_the_provider(cast: Cast) -> None:
    used(cast.key)
    run(cast.key, NOON - HOUR, 70)
    found = read(cast, Dimension.MEMBER, Dimension.MODEL)
    assert (found.is_own, named(found), found.total) == (True, {"Nobody · llama": 70}, 70)
    playground = Filter.of(Dimension.SOURCE, ["playground"])
    assert read(cast, Dimension.KEY, filters=(playground,)).total == 70
    assert read(cast, Dimension.KEY).total == 24_000


def test_what_raxdash_ran_with_an_untold_key_stands_apart_in_every_group(cast: Cast) -> None:
    other = make_key(cast.team, cast.bob, "Untold")
    make_meter(other, NOON, status=Meter.Status.NO_USAGE)
    used(cast.key)
    run(other, NOON - HOUR, 70)
    for by in (Dimension.MODEL, Dimension.KEY, Dimension.OWNER):
        own = [amount for series, amount in read(cast, by).sums.items() if is_own(series)]
        assert own == [70]
    mine = Filter.of(Dimension.KEY, [str(other.pk)])
    assert (read(cast, Dimension.MODEL, filters=(mine,)).total, read(cast, Dimension.KEY).total) == (
        70,
        24_070,
    )


def test_the_largest_series_stand_by_themselves_and_the_others_together(cast: Cast) -> None:
    for number in range(12):
        used(make_key(cast.team, cast.alice, f"Key {number:02}"), 10 + number)
    found = read(cast, Dimension.KEY, Dimension.MODEL)
    assert len(found.sums) == 12
    assert found.amounts.pop(("rest",)) == (10 + 11 + 12 + 13,) * 24
    assert sorted(sum(amounts) for amounts in found.amounts.values()) == [24 * n for n in range(14, 22)]


@pytest.mark.parametrize("by", [(one,) for one in Dimension] + [(Dimension.LABEL, Dimension.MODEL)])
def test_no_question_takes_more_than_nine_queries(
    cast: Cast, by: tuple[Dimension, ...], django_assert_max_num_queries
) -> None:
    used(cast.key, hours=3)
    say(cast, cast.key, "Batch")
    other = make_key(cast.team, cast.bob, "Untold")
    make_meter(other, NOON, status=Meter.Status.NO_USAGE)
    facts = Meter.objects.for_team(cast.team).facts(NOON)
    owner = Filter.of(Dimension.OWNER, [str(cast.alice.pk)])
    with django_assert_max_num_queries(9):
        read(cast, *by, filters=(owner,), facts=facts)


def test_seconds_that_a_filter_does_not_ask_about_are_known_to_be_nothing() -> None:
    assert str(Seen({}, is_empty=True).sureness) == "known"
    assert str(Seen({Quality.UNKNOWN: 1}).sureness) == "unknown"


def test_what_is_written_of_a_key_that_was_never_polled_has_its_name(cast: Cast) -> None:
    used(cast.key)
    say(cast, make_key(cast.team, cast.bob, "New"), project="Next")
    found = read(cast, Dimension.PROJECT, filters=(Filter.of(Dimension.PROJECT, ["=Next"]),))
    assert found.names.knows(Dimension.PROJECT, "=Next")
    assert named(found) == {}


def test_a_name_from_right_to_left_stays_within_its_part_of_a_series(cast: Cast) -> None:
    name = "\u05d0\u05d1 (1)"
    used(make_key(cast.team, cast.alice, name), hours=2, models=("rax-4.0",))
    assert list(named(read(cast, Dimension.KEY))) == [name]
    assert list(named(read(cast, Dimension.KEY, Dimension.MODEL))) == [f"\u2068{name}\u2069 · rax-4.0"]
