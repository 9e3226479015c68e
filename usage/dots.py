"""What the menu marks of usage: keys whose numbers are not seen, and keys that are near a limit."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, FloatField, Max, OuterRef, Subquery, Value

from common.dots import Dot
from teams.models import Key, Team
from usage.models import Meter
from usage.quota.nearness import is_near, with_share


class Numbers:
    """Whether the usage of a key is not seen. Of a server that tells none, nothing else is expected."""

    def columns(self, team: Team, now: datetime) -> Mapping[str, Any]:
        """Whether any meter is troubled."""
        expected = Meter.objects.filter(team=OuterRef("pk"), merged_into=None)
        unseen = expected.troubled().exclude(status=Meter.Status.NO_USAGE)
        return {"numbers_unseen": Exists(unseen)}

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterable[Dot]:
        """A dot where numbers are missing."""
        if row["numbers_unseen"]:
            yield Dot("usage:usage", "the usage of a key is not seen", is_wrong=False)


class Quota:
    """How much of its nearest limit the nearest key has used."""

    def columns(self, team: Team, now: datetime) -> Mapping[str, Any]:
        """The share of the nearest key, if it is near."""
        keys = Key.objects.filter(team=OuterRef("pk")).exclude(status=Key.Status.RETIRED)
        near = with_share(keys).filter(is_near(team, now)).order_by()
        most = near.values(one=Value(1)).annotate(most=Max("share")).values("most")
        return {"quota_most": Subquery(most, output_field=FloatField())}

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterable[Dot]:
        """A dot where a limit is near, or was reached."""
        most = row["quota_most"]
        if most is not None:
            words = "a key has used up a limit" if most >= 1 else "a key is near a limit"
            yield Dot("usage:quota", words, is_wrong=most >= 1)
