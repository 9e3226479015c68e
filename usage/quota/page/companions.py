"""Which keys are counted as one account with others: their limits are used by all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from common.database.together import Reading, ask
from teams.models import Key, Team
from usage.models import Meter

# So many are named; of the others it is said how many they are.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Companions:
    """The other keys of an account, by name."""

    names: Sequence[str] = ()

    @property
    def named(self) -> Sequence[str]:
        """Those whose names are read."""
        return self.names[:MOST_NAMED]

    @property
    def others(self) -> int:
        """How many there are beside those."""
        return len(self.names) - len(self.named)


def reading_companions(team: Team) -> Reading[Mapping[UUID, Companions]]:
    """The companions of each key in use that has any. One step."""
    merged = Meter.objects.filter(team=team, merged_into__isnull=False).order_by()
    several = merged.values("merged_into")
    names = "account", "key_id", "key__name", "pk"
    mine = Meter.objects.filter(Q(pk__in=several) | Q(merged_into__in=several), team=team, key__isnull=False)
    in_use = mine.exclude(key__status=Key.Status.RETIRED).annotate(account=Coalesce("merged_into", "pk"))
    rows = yield from ask(in_use.order_by("key__name", "pk").values_list(*names))
    accounts: dict[int, list[tuple[UUID, str]]] = defaultdict(list)
    for root, key_id, name, _ in rows:
        accounts[root].append((key_id, name))
    return {
        key_id: Companions([name for other, name in keys if other != key_id])
        for keys in accounts.values()
        for key_id, _ in keys
    }
