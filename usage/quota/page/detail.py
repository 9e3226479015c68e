"""All that is known of one key's limits: what a row opens to."""

from dataclasses import dataclass
from datetime import datetime

from common.together import read
from teams.models import Key, Team
from usage.quota.page.overview import reading_rows
from usage.quota.page.rows import Row


@dataclass(frozen=True, slots=True)
class Detail:
    """One key's row."""

    row: Row


def detail(team: Team, key: Key, now: datetime) -> Detail:
    """Read what is known of a key's limits; a few queries."""
    (row,) = read(reading_rows(team, [key], now))
    return Detail(row)
