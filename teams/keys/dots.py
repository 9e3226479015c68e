"""What the menu marks of keys: those that the provider refuses."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from common.dots import Dot
from teams.models import Key, Team


class Refusals:
    """Whether a key is refused."""

    def columns(self) -> Mapping[str, Any]:
        """Whether there is any."""
        return {"keys_refused": Exists(Key.objects.filter(team=OuterRef("pk"), status=Key.Status.REFUSED))}

    def given(self, team: Team, now: datetime) -> Mapping[str, Any]:
        """Nothing but the team."""
        return {}

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterable[Dot]:
        """A dot where a key cannot be used."""
        if row["keys_refused"]:
            yield Dot("teams:keys", "the provider refuses a key", is_wrong=True)
