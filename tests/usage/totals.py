"""What a team used in all, for tests that compare sums."""

from datetime import datetime

from teams.models import Team
from usage.explore.reading import numbers
from usage.ledger import TOKENS


def totals(team: Team, start: datetime, end: datetime) -> dict[str, int]:
    """Tokens and requests of a team in [start, end), both on quarters of an hour: {metric: amount}."""
    found = numbers.read(team, [start, end], TOKENS)
    return dict(found.totals)
