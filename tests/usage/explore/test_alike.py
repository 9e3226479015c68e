"""Where keys are not told apart, those that are alike are read as one, and count as each of them would."""

from datetime import timedelta

import pytest

from teams.keys.attributes import change_attributes
from teams.models import ALWAYS, Label
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import answer, make_meter
from usage.books.ingest import store
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.reading import numbers
from usage.explore.reading.known import Known
from usage.explore.reading.scope.attributes import Attributes

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def meters(cast: Cast) -> list:
    """Six keys, every second of the project Chat; the last is one of which nothing was written down."""
    keys = [cast.key, *(make_key(cast.team, cast.alice, f"Key {number}") for number in range(1, 6))]
    change_attributes(keys[::2], ALWAYS, {"project": "Chat"})
    change_attributes(keys[1:5:2], ALWAYS, {"project": ""})
    found = [make_meter(key, NOON) for key in keys]
    store(
        answer(meter, NOON - hours * HOUR, {"rax": (60 - 10 * hours, 1)}, *PERIOD)
        for hours in (3, 2, 1)
        for meter in found
    )
    return found


def test_meters_that_are_alike_are_one_row(cast: Cast, meters: list) -> None:
    rows = Known(cast.team).alike
    assert len(rows) < len(meters)
    assert sorted(pk for row in rows for pk in row.pks) == [meter.pk for meter in meters]
    known = Known(cast.team)
    assert {row.pks for row in known.meters} == {(meter.pk,) for meter in meters}
    assert known.alike is known.meters


def test_what_is_written_of_keys_that_are_alike_is_told_once(cast: Cast, meters: list) -> None:
    told = list(Attributes(cast.team).during(NOON.date(), NOON.date()))
    assert len(told) < len(meters)
    projects = {pk: {row.project for row in rows} for some, rows in told for pk in some}
    assert {pk for pk, found in projects.items() if found == {"Chat"}} == {one.pk for one in meters[::2]}


def test_each_key_has_all_that_is_written_of_it(cast: Cast, meters: list) -> None:
    labels = Label.objects.named(cast.team, ["Batch", "Night"])
    change_attributes([cast.key], NOON.date(), {"project": "Chat", "labels": labels})
    newcomer = make_key(cast.team, cast.alice, "Without a meter")
    change_attributes([newcomer], NOON.date(), {"project": "Chat", "labels": labels})
    told = {
        pk: sorted((row.since, row.project, row.label) for row in rows)
        for some, rows in Attributes(cast.team).during(NOON.date() - DAY, NOON.date())
        for pk in some
    }
    begun = [(NOON.date(), "Chat", "Batch"), (NOON.date(), "Chat", "Night")]
    assert told[cast.key.meter.pk] == [(ALWAYS, "Chat", None), *begun]
    assert told[meters[2].pk] == [(ALWAYS, "Chat", None)]
    assert set(begun) <= set(told[None])


def test_they_count_as_each_of_them_would(cast: Cast, meters: list) -> None:
    edges = [NOON - 4 * HOUR, NOON - HOUR]
    chat = Filter.of(Dimension.PROJECT, ["=Chat"])
    each = numbers.read(cast.team, edges, "tokens", (Dimension.KEY,), NOON, filters=(chat,))
    alike = numbers.read(cast.team, edges, "tokens", (Dimension.PROJECT,), NOON, filters=(chat,))
    assert alike.sums == {("=Chat",): sum(each.sums.values())}
    assert (alike.total, alike.qualities, alike.meters) == (each.total, each.qualities, each.meters)
