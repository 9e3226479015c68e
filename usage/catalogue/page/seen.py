"""Which keys see which models now, and what each is told of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from common.database.together import Reading, ask, side_by_side
from teams.models import Key, Team
from usage.models import CatalogueModel, ModelOffer

# So many keys are named.
MOST_NAMES = 5


@dataclass(slots=True)
class Seen:
    """How many of the usable keys of an address see a model, the first of them by name, and the figures that
    they are told: one of each, unless keys are told different ones.
    """

    count: int = 0
    of: int = 0
    names: list[str] = field(default_factory=list)
    windows: set[int | None] = field(default_factory=set)
    most_tokens: set[int | None] = field(default_factory=set)

    @property
    def is_all(self) -> bool:
        """Tell whether every key sees it."""
        return self.count == self.of

    @property
    def unnamed(self) -> int:
        """How many keys see it that are not named."""
        return self.count - len(self.names)


def reading_seen(team: Team, models: Sequence[CatalogueModel]) -> Reading[Mapping[int, Seen]]:
    """Which keys see some models now, by the models' ids; one step, however many keys there are."""
    current = ModelOffer.objects.filter(model_id__among=[model.pk for model in models]).current().order_by()
    place = Window(RowNumber(), partition_by=F("model"), order_by=("key__name", "key"))
    named = current.annotate(place=place).filter(place__lte=MOST_NAMES).order_by("model", "place")
    figures = current.values_list("model_id", "told__context_window", "told__max_tokens")
    usable = Key.objects.filter(team=team).usable().order_by().values_list("base_url")
    told, names, keys = yield from side_by_side(
        ask(figures.annotate(count=Count("pk"))),
        ask(named.values_list("model_id", "key__name", "place")),
        ask(usable.annotate(count=Count("pk"))),
    )
    found: dict[int, Seen] = defaultdict(Seen)
    for pk, window, most, count in told:
        found[pk].count += count
        found[pk].windows.add(window)
        found[pk].most_tokens.add(most)
    for pk, name, _ in names:
        found[pk].names.append(name)
    of = dict(keys)
    for model in models:
        found[model.pk].of = of.get(model.base_url, 0)
    return found
