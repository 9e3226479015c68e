"""A question that is composed once tells what it would tell if it were composed each time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import BigIntegerField, Case, DateTimeField, Exists, OuterRef, Subquery, When
from django.test.utils import CaptureQueriesContext

from common.database.prepared import NOW, Given, Prepared, PreparedModels
from common.database.together import ask, read, side_by_side
from teams.models import Key, Team
from tests.cast import Cast
from tests.usage.explore.reading import NOON
from tests.usage.polled import make_meter
from usage.models import Meter

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
OWNER, SINCE = Given("owner", BigIntegerField()), Given("since", DateTimeField())


def late():
    """Meters of somebody that were due more than a minute ago."""
    return Meter.objects.filter(key__owner=OWNER, next_poll_at__lt=NOW - MINUTE).values("pk", "next_poll_at")


def test_it_is_asked_with_other_values_each_time(cast: Cast) -> None:
    meter = make_meter(cast.key, NOON)
    question, found = Prepared(late), {"pk": meter.pk, "next_poll_at": meter.next_poll_at}
    due, owner = meter.next_poll_at, cast.key.owner_id
    assert question.rows({"owner": owner, "now": due + 2 * MINUTE}) == [found]
    assert question.rows({"owner": owner, "now": due + MINUTE}) == []
    assert question.rows({"owner": owner + 1, "now": due + 2 * MINUTE}) == []


def test_it_is_composed_once_and_takes_one_query(cast: Cast) -> None:
    composed = []

    def counted():
        composed.append(1)
        return late()

    question = Prepared(counted)
    for minutes in (1, 2, 3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            question.rows({"owner": cast.alice.pk, "now": NOON + minutes * MINUTE})
        assert len(queries) == 1
    assert composed == [1]


def test_it_is_asked_beside_others(cast: Cast) -> None:
    meter = make_meter(cast.key, NOON)
    due, question, teams = (
        meter.next_poll_at,
        Prepared(late),
        Team.objects.order_by("pk").values_list("name", flat=True),
    )
    given = {"owner": cast.key.owner_id, "now": due + 2 * MINUTE}
    with CaptureQueriesContext(connection) as queries:
        found = read(side_by_side(ask(question.filled(given)), ask(teams), ask(Key.objects.none())))
    assert found == ([{"pk": meter.pk, "next_poll_at": due}], ["Acme", "Others"], [])
    assert len(queries) == 1
    assert read(ask(question.filled(given | {"now": due}))) == []


def test_what_is_given_counts_within_subqueries_and_conditions(cast: Cast) -> None:
    meter = make_meter(cast.key, NOON)
    polled = Meter.objects.filter(team=OuterRef("pk"), next_poll_at__gte=SINCE)
    columns = {"is_polled": Exists(polled), "first": Subquery(polled.values("next_poll_at")[:1])}
    mine = Case(When(pk=Given("team", BigIntegerField()), then=columns["first"]), default=None)
    question = Prepared(lambda: Team.objects.annotate(**columns, mine=mine).values("name", *columns, "mine"))
    given = {"since": meter.next_poll_at, "team": cast.team.pk}
    rows = {row.pop("name"): row for row in question.rows(given)}
    assert rows["Acme"] == {"is_polled": True, "first": meter.next_poll_at, "mine": meter.next_poll_at}
    later = question.rows(given | {"since": meter.next_poll_at + MINUTE})
    assert [row["is_polled"] for row in later if row["name"] == "Acme"] == [False]
    of_nobody = question.rows(given | {"team": -1})
    assert {row["mine"] for row in of_nobody} == {None}


def test_a_value_that_is_not_given_is_an_error(cast: Cast) -> None:
    with pytest.raises(KeyError, match="now"):
        Prepared(late).rows({"owner": 1})


def test_percent_signs_of_what_is_typed_are_no_places(cast: Cast) -> None:
    Key.objects.filter(pk=cast.key.pk).update(name="100 %s")
    question = Prepared(lambda: Key.objects.filter(name="100 %s", owner=OWNER).values("name"))
    assert question.rows({"owner": cast.key.owner_id}) == [{"name": "100 %s"}]


def keys_of():
    return Key.objects.filter(owner=OWNER).select_related("team").order_by("name")


def test_models_are_told_with_what_is_selected_beside_them(cast: Cast) -> None:
    composed = []

    def counted():
        composed.append(1)
        return keys_of()

    question = PreparedModels(counted)
    for owner in (cast.key.owner_id, cast.key.owner_id, 0):
        with CaptureQueriesContext(connection) as queries:
            found = question.all({"owner": owner})
            assert [key.team.name for key in found] == [key.team.name for key in keys_of_now(owner)]
            assert found == keys_of_now(owner)
        assert len(queries) == 1 + 2
    assert composed == [1]
    assert question.first({"owner": cast.key.owner_id}) == cast.key
    assert question.first({"owner": 0}) is None


def keys_of_now(owner: int | None) -> list[Key]:
    return list(Key.objects.filter(owner=owner).select_related("team").order_by("name"))


def test_a_model_that_was_told_is_nobody_elses(cast: Cast) -> None:
    question, given = PreparedModels(keys_of), {"owner": cast.key.owner_id}
    one, other = question.first(given), question.first(given)
    assert one is not other
    assert one.team is not other.team
    one.name = "Another"
    one.save()
    assert question.first(given).name == "Another"
