"""What stands at the top while a key runs out before its limit begins anew, and only then. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from urllib.parse import urlencode
from uuid import UUID

from teams.models import Team
from usage.quota.gauges import Gauge
from usage.quota.page.detail import Detail, Parts, detail_of
from usage.quota.page.endings import Kind
from usage.quota.page.rows import Row


@dataclass(frozen=True, slots=True)
class Alarm:
    """The key that runs out first, with who spends it and its curve; so many `others` do too, of which one is
    the `next`, where it is known which.
    """

    detail: Detail
    others: int
    zone: tzinfo
    next: Row | None = None

    @property
    def row(self) -> Row:
        """The key."""
        return self.detail.row

    @property
    def gauge(self) -> Gauge:
        """The limit that ends."""
        return self.row.gauge

    @property
    def is_used_up(self) -> bool:
        """Tell whether nothing is left."""
        return self.row.ending.kind == Kind.USED_UP

    @property
    def ends_today(self) -> bool:
        """Tell whether it ends on the local day of now."""
        return self._is_today(self.row)

    @property
    def next_ends_today(self) -> bool:
        """The same of the next one."""
        return self.next is not None and self._is_today(self.next)

    @property
    def more(self) -> int:
        """How many there are beyond those that are named."""
        return self.others - (self.next is not None)

    def _is_today(self, row: Row) -> bool:
        at, zone = row.ending.at, self.zone
        return at is not None and at.astimezone(zone).date() == row.now.astimezone(zone).date()

    @property
    def spent_query(self) -> str:
        """The question of the usage page that shows what spends it."""
        period = "quota-day" if self.row.limit.is_day else "billing"
        return urlencode({"filter.key": str(self.row.key.pk), "period": period})


def alarm_of(team: Team, rows: Iterable[Row], parts: Mapping[UUID, Parts], count: int | None) -> Alarm | None:
    """What is told of the first of some rows that runs out; None where none does. `count` keys do in all,
    where these are not all.
    """
    ending = sorted((row for row in rows if row.ending.is_trouble), key=lambda row: row.order)
    first = next((row for row in ending if row.key.pk in parts), None)
    if first is None:
        return None
    others = max(count or 0, len(ending)) - 1
    second = next((row for row in ending if row is not first), None)
    return Alarm(detail_of(team, first, parts[first.key.pk]), others, team.zone, second)
