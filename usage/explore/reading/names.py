"""What people call the series of a question, and in which order they came."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from common.templatetags.names import isolated
from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.reading.asked import Asked
from usage.explore.reading.scope.series import NONE, OTHERS, REST, is_own, plain
from usage.models import LocalUsage

PEOPLE = (Dimension.OWNER, Dimension.MEMBER)
RUN_BY_RAXDASH = " (run by raxdash)"
WORDS = {
    (Dimension.MODEL, NONE): "Unattributed",
    (Dimension.MODEL, OTHERS): "Models not told apart",
    (Dimension.KEY, NONE): "Deleted keys",
    (Dimension.ACCOUNT, NONE): "Deleted keys",
    (Dimension.OWNER, NONE): "No owner",
    (Dimension.PROJECT, NONE): "No project",
    (Dimension.LABEL, NONE): "No label",
    (Dimension.MEMBER, NONE): "Nobody",
} | {(Dimension.SOURCE, value): label for value, label in LocalUsage.Source.choices}
# What raxdash itself calls something beside the values of each dimension, without capitals.
OURS = {
    one: {f"other {one.plural}", *(word.casefold() for (of, _), word in WORDS.items() if of == one)}
    for one in Dimension
}


@dataclass(frozen=True, slots=True)
class Names:
    """What people read of (dimension, id), and the place of each in the order in which they came: colours
    follow it. Where keys are told apart, `owners` are those that they have now, by the keys' ids.
    """

    found: Mapping[tuple[Dimension, str], str]
    ranks: Mapping[tuple[Dimension, str], int]
    owners: Mapping[str, str] = field(default_factory=dict)

    def of(self, dimension: Dimension, value: str) -> str:
        """The name of one id; of one that nobody knows any more, the id."""
        place = dimension, plain(value)
        found = self.found.get(place)
        return WORDS.get(place) or (chosen(dimension, found) if found else unknown(dimension, plain(value)))

    def knows(self, dimension: Dimension, value: str) -> bool:
        """Tell whether an id has a name: it stands for something, and that is still there."""
        place = dimension, plain(value)
        return place in WORDS or place in self.found

    def of_series(self, by: Sequence[Dimension], series: SeriesId) -> str:
        """The name of a series: its ids' names, and that raxdash ran it where that is so."""
        names = self.parts_of(by, series)
        # Each by itself: one that runs from right to left would turn round what stands beside it.
        name = " · ".join(map(isolated, names)) if len(names) > 1 else names[0]
        return f"{name}{self.after(series)}"

    def parts_of(self, by: Sequence[Dimension], series: SeriesId) -> list[str]:
        """The names of the ids of a series; one for several that are not told apart."""
        if series == REST:
            return [rest_of(by[0]) if len(by) == 1 else "Other"]
        return list(map(self.of, by, series))

    @staticmethod
    def after(series: SeriesId) -> str:
        """What is said behind the names of a series."""
        return RUN_BY_RAXDASH if is_own(series) else ""

    def place(self, by: Sequence[Dimension], series: SeriesId) -> int:
        """A number that a series keeps: of most dimensions its place in the order of first appearance."""
        ranks = (self._rank(dimension, plain(value)) for dimension, value in zip(by, series, strict=False))
        return sum(rank * 3**position for position, rank in enumerate(ranks))

    def _rank(self, dimension: Dimension, value: str) -> int:
        known = self.ranks.get((dimension, value))
        if known is None:
            return int(value) if value.isdecimal() else crc32(value.encode())
        return known


def rest_of(dimension: Dimension) -> str:
    """What values are called that stand together in one."""
    return f"Other {dimension.plural}"


def chosen(dimension: Dimension, name: str) -> str:
    """A name that somebody chose; in quotes where raxdash itself calls something so."""
    return f"“{name}”" if name.casefold() in OURS[dimension] else name


def unknown(dimension: Dimension, value: str) -> str:
    """What an id is called of which no name is left: of a person that it was one."""
    return f"Former member {value}" if dimension == Dimension.MEMBER and value.isdecimal() else value


def names_of(asked: Asked, sums: Iterable[SeriesId]) -> Names:
    """The names of the series of a question."""
    found = dict(asked.scope.names)
    found |= {(Dimension.MODEL, value): name for value, name in asked.models.names.items()}
    called = asked.lookups.people.called(people_of(asked, sums), filtered_people(asked))
    # People are called as they are now; who has no account any more, as then.
    found |= {(one, value): name for one in PEOPLE for value, name in called.items()}
    ranks = {(Dimension.MODEL, value): rank for rank, value in enumerate(asked.models.names)}
    keys = [place for place in asked.scope.names if place[0] in (Dimension.KEY, Dimension.ACCOUNT)]
    ranks |= {place: rank // 2 for rank, place in enumerate(keys)}
    return Names(found, ranks, _owners(asked))


def people_of(asked: Asked, series: Iterable[SeriesId]) -> set[str]:
    """The ids of the people that some series of a question are of."""
    places = [place for place, one in enumerate(asked.by) if one in PEOPLE]
    return {plain(one[place]) for one in series for place in places} - {NONE} if places else set()


def filtered_people(asked: Asked) -> set[str]:
    """The ids of the people that a question filters by."""
    return {value for one in asked.filters if one.dimension in PEOPLE for value in one.ids}


def _owners(asked: Asked) -> dict[str, str]:
    if Dimension.KEY not in asked.by:
        return {}
    return {meter.key: meter.owner for meter in asked.lookups.meters if meter.owner}
