"""What a question can be filtered by: the values of each dimension that a team has, by name."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from teams.models import KeyAttributes, Label, Team, User
from usage.explore.query.dimensions import Dimension
from usage.explore.reading.names import WORDS, chosen, unknown
from usage.explore.reading.scope.series import NONE, OTHERS
from usage.models import LocalUsage, Meter, TeamModel

# So many names are listed at a time; others are found by a part of their name.
MOST_VALUES = 50


class Value(NamedTuple):
    """One value of a dimension, and what people call it."""

    id: str
    name: str


def values_of(team: Team, dimension: Dimension, words: str = "") -> list[Value]:
    """The values of a dimension whose names hold some words, by name; one more than are listed at a time
    where there are others. One query, two for members, none for sources.
    """
    named = sorted(_named(team, dimension, words), key=lambda value: (value.name.casefold(), value.id))
    nameless = [
        Value(value, name)
        for value in (OTHERS, NONE)
        if (name := WORDS.get((dimension, value))) and words.casefold() in name.casefold()
    ]
    return [*named, *nameless] if len(named) <= MOST_VALUES else named[: MOST_VALUES + 1]


def _named(team: Team, dimension: Dimension, words: str) -> Iterable[Value]:
    rows = READERS[dimension](team, words)
    return [Value(str(value), chosen(dimension, str(name))) for value, name in rows]


def _models(team: Team, words: str) -> Iterable[tuple[object, str]]:
    found = TeamModel.objects.filter(team=team, model__icontains=words).order_by("model")
    return found.values_list("pk", "model")[: MOST_VALUES + 1]


def _meters(team: Team, words: str) -> Iterable[tuple[int, object, str]]:
    meters = Meter.objects.counted().filter(team=team, merged_into=None)
    named = meters.annotate(called=Coalesce("key__name", "name")).filter(called__icontains=words)
    return named.order_by("called", "pk").values_list("pk", "key_id", "called")[: MOST_VALUES + 1]


def _keys(team: Team, words: str) -> Iterable[tuple[object, str]]:
    return [(key_id or f"meter-{pk}", name) for pk, key_id, name in _meters(team, words)]


def _accounts(team: Team, words: str) -> Iterable[tuple[object, str]]:
    return [(pk, name) for pk, _, name in _meters(team, words)]


def _owners(team: Team, words: str) -> Iterable[tuple[object, str]]:
    rows = KeyAttributes.objects.filter(key__team=team, owner_id__isnull=False, owner_name__icontains=words)
    found = rows.order_by("valid_from").values_list("owner_id", "owner_name").distinct()
    # Who was called otherwise once is called as last.
    return dict(found).items()


def _projects(team: Team, words: str) -> Iterable[tuple[object, str]]:
    rows = KeyAttributes.objects.filter(key__team=team, project__icontains=words).exclude(project="")
    names = rows.order_by("project").values_list("project", flat=True).distinct()[: MOST_VALUES + 1]
    return [(f"={name}", name) for name in names]


def _labels(team: Team, words: str) -> Iterable[tuple[object, str]]:
    return Label.objects.filter(team=team, name__icontains=words).values_list("pk", "name")[: MOST_VALUES + 1]


def _members(team: Team, words: str) -> Iterable[tuple[object, str]]:
    # Who left has numbers still.
    lines = LocalUsage.objects.filter(team=team)
    people = User.objects.filter(Q(teams=team) | Exists(lines.filter(member_id=OuterRef("pk")))).distinct()
    named = [(user.pk, str(user)) for user in people]
    # Whose account was deleted has numbers still, and no name.
    has_account = Exists(User.objects.filter(pk=OuterRef("member_id")))
    gone = lines.filter(~has_account, member_id__isnull=False).order_by("member_id")
    ids = gone.values_list("member_id", flat=True).distinct()
    nameless = [(pk, unknown(Dimension.MEMBER, str(pk))) for pk in ids]
    return [(pk, name) for pk, name in [*named, *nameless] if words.casefold() in name.casefold()]


def _sources(team: Team, words: str) -> Iterable[tuple[object, str]]:
    return [(value, name) for value, name in LocalUsage.Source.choices if words.casefold() in name.casefold()]


READERS = {
    Dimension.MODEL: _models,
    Dimension.KEY: _keys,
    Dimension.ACCOUNT: _accounts,
    Dimension.OWNER: _owners,
    Dimension.PROJECT: _projects,
    Dimension.LABEL: _labels,
    Dimension.MEMBER: _members,
    Dimension.SOURCE: _sources,
}
