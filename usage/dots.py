"""What the menu marks of usage: keys whose numbers are not seen, and keys that are near a limit."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, FloatField, Max, OuterRef, Q, Subquery, Value

from common.database.prepared import NOW, Given
from common.dots import Dot
from teams.models import Key, Team
from usage.models import Meter
from usage.quota.day import quota_day
from usage.quota.nearness import is_near, runs_out, with_share

TODAY, TOMORROW = Given("quota_today", DateTimeField()), Given("quota_tomorrow", DateTimeField())


class Numbers:
    """Whether the usage of a key is not seen. Of a server that tells none, nothing else is expected."""

    def columns(self) -> Mapping[str, Any]:
        """Whether any meter is troubled."""
        expected = Meter.objects.filter(team=OuterRef("pk"), merged_into=None)
        unseen = expected.troubled().exclude(status=Meter.Status.NO_USAGE)
        return {"numbers_unseen": Exists(unseen)}

    def given(self, team: Team, now: datetime) -> Mapping[str, Any]:
        """Nothing but the team."""
        return {}

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterable[Dot]:
        """A dot where numbers are missing."""
        if row["numbers_unseen"]:
            yield Dot("usage:usage", "the usage of a key is not seen", is_wrong=False)


class Quota:
    """How much of its nearest limit the nearest key has used, and whether one is used up today."""

    def columns(self) -> Mapping[str, Any]:
        """The share of the nearest key, if it is near, and whether some key uses up a limit today."""
        keys = with_share(Key.objects.filter(team=OuterRef("pk")).exclude(status=Key.Status.RETIRED))
        near = keys.filter(is_near(TODAY)).order_by()
        most = near.values(one=Value(1)).annotate(most=Max("share")).values("most")
        ending = keys.filter(runs_out(TODAY, NOW) & Q(ends__lt=TOMORROW))
        return {"quota_most": Subquery(most, output_field=FloatField()), "quota_ends": Exists(ending)}

    def given(self, team: Team, now: datetime) -> Mapping[str, Any]:
        """When the quota day of the team began, and when it ends."""
        day = quota_day(now, team.quota_zone)
        return {TODAY.name: day.start, TOMORROW.name: day.end}

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterable[Dot]:
        """A dot where a limit was reached, is used up today, or is near."""
        most = row["quota_most"]
        if most is not None and most >= 1:
            yield Dot("usage:quota", "a key has used up a limit", is_wrong=True)
        elif row["quota_ends"]:
            yield Dot("usage:quota", "a key runs out today", is_wrong=False)
        elif most is not None:
            yield Dot("usage:quota", "a key is near a limit", is_wrong=False)
