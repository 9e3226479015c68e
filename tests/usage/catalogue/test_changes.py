"""The catalogue: what was offered, since when, and every change."""

from datetime import UTC, datetime, timedelta

from pytest_django import DjangoAssertNumQueries

from rax import Model
from teams.models import Team
from tests.usage.conftest import make_key
from usage.books import retention
from usage.catalogue.answers import take_answer
from usage.catalogue.changes import take_models
from usage.catalogue.steps import GONE_AFTER
from usage.models import CatalogueModel, ModelChange, TeamModel, catalogue

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://api.example.com/v1"
OLD = Model(id="rax-4.0", owned_by="raxcore", context_window=8192)
NEW = Model(id="rax-4.5")
Kind = ModelChange.Kind


def kinds(changes):
    return [(change.kind, change.model.name) for change in changes]


def test_a_model_appears_once(team):
    assert kinds(take_models(team, URL, [OLD], NOON)) == [(Kind.APPEARED, "rax-4.0")]
    assert take_models(team, URL, [OLD], NOON + HOUR) == []
    model = CatalogueModel.objects.get()
    assert (model.first_seen_at, model.last_seen_at) == (NOON, NOON + HOUR)


def test_a_changed_figure_is_noted_with_both_values(team):
    take_models(team, URL, [OLD], NOON)
    (change,) = take_models(team, URL, [Model(id="rax-4.0", owned_by="raxcore", context_window=9000)], NOON)
    assert (change.field, change.before, change.after) == ("context_window", "8192", "9000")
    assert CatalogueModel.objects.get().context_window == 9000


def test_a_model_is_gone_when_no_key_saw_it_for_hours_and_may_return(team):
    take_models(team, URL, [OLD, NEW], NOON)
    assert take_models(team, URL, [NEW], NOON + HOUR) == []
    assert kinds(take_models(team, URL, [NEW], NOON + GONE_AFTER)) == [(Kind.DISAPPEARED, "rax-4.0")]
    assert list(CatalogueModel.objects.on_offer()) == [CatalogueModel.objects.get(name="rax-4.5")]
    assert kinds(take_models(team, URL, [OLD, NEW], NOON + 9 * HOUR)) == [(Kind.RETURNED, "rax-4.0")]


def test_each_address_has_its_own_models(team):
    take_models(team, URL, [OLD], NOON)
    assert take_models(team, "https://other.example.com/v1", [NEW], NOON + 9 * HOUR)
    assert CatalogueModel.objects.on_offer().count() == 2


def test_of_an_address_so_many_are_kept_and_what_is_known_goes_on(team, monkeypatch):
    monkeypatch.setattr(catalogue, "MOST_MODELS", 2)
    take_models(team, URL, [OLD], NOON)
    others = [Model(id=f"hourly-{number}") for number in range(3)]
    assert kinds(take_models(team, URL, [*others, OLD], NOON + HOUR)) == [(Kind.APPEARED, "hourly-0")]
    assert take_models(team, URL, [*others[1:], OLD], NOON + 2 * HOUR) == []
    assert CatalogueModel.objects.get(name="rax-4.0").last_seen_at == NOON + 2 * HOUR
    assert take_models(team, "https://other.example.com/v1", others[2:], NOON)


def test_there_is_room_again_for_others_than_those_gone_for_long(team, monkeypatch, settings):
    monkeypatch.setattr(catalogue, "MOST_MODELS", 3)
    take_models(team, URL, [OLD, NEW, Model(id="hourly-0")], NOON)
    take_models(team, URL, [NEW], NOON + 9 * HOUR)
    TeamModel.objects.create(team=team, model=OLD.id)
    later = NOON + timedelta(days=settings.RAW_RETENTION_DAYS, hours=9)
    assert retention.prune_catalogue(later) == 0
    assert retention.prune_catalogue(later + HOUR) == 3  # with what was noted of it
    assert set(CatalogueModel.objects.values_list("name", flat=True)) == {"rax-4.0", "rax-4.5"}
    assert retention.prune_catalogue(later + HOUR) == 0


def test_a_long_list_is_kept_in_as_many_queries_as_a_short_one(
    team: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """A server may name hundreds, and others every hour: nobody else can write meanwhile."""
    for names in ("abc", "def"):
        at = NOON + GONE_AFTER * (names == "def")
        listed = [
            Model(id=f"{name}-{number}", max_tokens=ord(name)) for name in names for number in range(60)
        ]
        with django_assert_max_num_queries(10):
            take_models(team, URL, listed, at)
    assert CatalogueModel.objects.on_offer().filter(max_tokens__gte=ord("d")).count() == 180
    assert ModelChange.objects.filter(kind=Kind.DISAPPEARED).count() == 180


def test_what_the_first_look_found_is_left_out_without_reading_every_model(team: Team) -> None:
    """A server may list thousands: each page of usage asks this of every change that it tells."""
    take_models(team, URL, [OLD], NOON)
    changes = ModelChange.objects.between(team, NOON - HOUR, NOON + 9 * HOUR)
    assert not changes.exists()
    assert "catalogue_first_seen" in changes.explain()
    take_models(team, URL, [OLD, NEW], NOON + HOUR)
    assert [change.model.name for change in changes.all()] == ["rax-4.5"]


def test_other_figures_of_very_many_models_are_written_in_a_few_queries(
    team: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    key = make_key(team)
    for hour, count in enumerate((1_000, 1_000, 2)):
        listed = [Model(id=f"m-{number:04}", context_window=1_000 + hour) for number in range(count)]
        with django_assert_max_num_queries(20 if hour else 40):
            take_answer(team, key, listed, NOON + hour * HOUR)
    assert ModelChange.objects.filter(kind=Kind.CHANGED).count() == 1_002
