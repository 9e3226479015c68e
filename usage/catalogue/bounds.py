"""Keep the newest changes of an address and the newest ended offers of a key, so many of each.

Which are kept is told by what all of them are, not by when each was written: the answers that are kept make
the same ones again.
"""

from collections.abc import Iterable

from teams.models import Key, Team
from usage.models import ModelChange, ModelOffer


def keep_newest_changes(team: Team, base_urls: Iterable[str]) -> None:
    """Throw away the oldest changes of some addresses where there are more than are kept."""
    for base_url in base_urls:
        if beyond := list(ModelChange.objects.beyond(team, base_url).values_list("pk", flat=True)):
            ModelChange.objects.filter(pk__among=beyond).delete()


def keep_newest_offers(keys: Iterable[Key]) -> None:
    """Throw away the offers of some keys that ended longest ago where there are more than are kept."""
    for key in keys:
        if beyond := list(ModelOffer.objects.beyond(key).values_list("pk", flat=True)):
            ModelOffer.objects.filter(pk__among=beyond).delete()
