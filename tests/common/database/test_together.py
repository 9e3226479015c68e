"""Readings that go on side by side: the same answers as one by one, in fewer queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Count, DateTimeField, F, Max, Sum, Value

from common.database.together import Raw, Reading, ask, nothing, read, side_by_side
from teams.models import Key, Membership, Team, User
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON
from tests.usage.polled import make_meter
from tests.usage.prices.priced import NOVEMBER, make_price
from usage.models import Meter, Price, Stretch

pytestmark = pytest.mark.django_db


def number_of(steps: int) -> Reading[int]:
    """A reading of so many steps, each of which adds what the step before found."""
    found = 0
    for _ in range(steps):
        ((one,),) = yield from ask(Raw("SELECT %s + 1", [found], 1))
        found = one
    return found


def asked_of(cast: Cast) -> list:
    """Questions of many shapes."""
    keys, users = Key.objects.filter(team=cast.team), User.objects.order_by("-email")
    meters = Meter.objects.filter(team=cast.team).order_by("pk")
    return [
        keys.order_by("name").values_list("pk", "name", "created_at", "only_spenders", "owner"),
        users.values("email", called=F("name")),
        users.values_list("name", flat=True)[1:3],
        meters.select_related("key__owner").defer("key__ciphertext"),
        meters.values_list("clock_difference", "is_exact", "watched_until", "clock_samples"),
        meters.values("status").annotate(count=Count("pk"), last=Max("next_poll_at"), sum=Sum("failures")),
        Price.objects.order_by("pk").values_list("per_million", "valid_from"),
        Stretch.objects.values_list("start", "amounts"),
        users.values_list(Value(1), "name")
        .union(keys.values_list(Value(2), "name"), all=True)
        .order_by("name"),
        keys.filter(pk__in=[]).values_list("pk"),
        keys.values_list(Value(None, output_field=DateTimeField()), "pk").distinct(),
        Team.objects.filter(slug="no such"),
        Membership.objects.order_by("pk"),
    ]


def crowd(cast: Cast) -> None:
    meter = make_meter(cast.key, NOON, clock_difference=-0.125, clock_samples=[1.5, -2], watched_until=NOON)
    make_meter(make_key(cast.team, cast.bob, 'Ünï "quoted" \U0001f511 100 %'), NOON, failures=3)
    Stretch.objects.create(
        meter=meter, start=-(1 << 61), end=1 << 61, quality="measured", amounts={"tokens": {"a": 10**15}}
    )
    make_price(cast.team, price="2.000001")
    make_price(cast.team, "rax-4.0", price=None)


def test_each_question_is_answered_as_if_it_were_alone(cast: Cast, django_assert_num_queries) -> None:
    crowd(cast)
    alone = [list(question) for question in asked_of(cast)]
    with django_assert_num_queries(1):
        beside = read(side_by_side(*map(ask, asked_of(cast))))
    assert list(beside) == alone
    assert beside[6] == [(Decimal("2.000001"), NOVEMBER), (None, NOVEMBER)]
    with django_assert_num_queries(0):
        assert beside[3][0].key.owner == cast.alice
        assert beside[3][0].clock_difference == -0.125
        assert beside[3][0].next_poll_at == NOON + timedelta(minutes=5)


def test_readings_take_as_many_queries_as_the_longest_has_steps(django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        assert read(side_by_side(number_of(1), number_of(3), nothing(7), number_of(2))) == (1, 3, 7, 2)


def test_readings_of_readings_go_on_side_by_side_too(django_assert_num_queries) -> None:
    def both() -> Reading[int]:
        one, other = yield from side_by_side(number_of(1), number_of(2))
        return one + other + (yield from number_of(1))

    with django_assert_num_queries(3):
        assert read(side_by_side(both(), number_of(3))) == (4, 3)


def test_what_asks_nothing_takes_no_query(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert read(side_by_side()) == ()
        assert read(nothing("known")) == "known"
        empty = Key.objects.none().values_list("pk")
        assert read(side_by_side(ask(empty), ask(empty))) == ([], [])


def test_sums_keep_all_their_digits() -> None:
    large = Raw("SELECT CAST(9223372036854775807 AS bigint), 1", [], 2)
    assert [list(map(list, rows)) for rows in read(side_by_side(ask(large), ask(large)))] == [
        [[2**63 - 1, 1]]
    ] * 2


def test_an_order_by_what_is_not_selected_is_refused(cast: Cast) -> None:
    keys = Key.objects.order_by("created_at").values_list("name").distinct()
    with pytest.raises(TypeError, match="selected too"):
        read(side_by_side(ask(keys), ask(keys)))
