"""What the answer to a question costs: the numbers alone, and the bare grouped sum over the same rows."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import connection
from django.utils import timezone

from bench.measures import middle
from teams.models import Team
from usage.explore.query.dimensions import Dimension
from usage.explore.query.spans import Span, Step, midnight
from usage.explore.reading import numbers
from usage.ledger import TOKENS
from usage.models import Meter

DAYS = 90
BARE = """
    SELECT series.meter_id, series.model, SUM(day.value - day.opening)
    FROM usage_day day JOIN usage_series series ON series.id = day.series_id
    JOIN usage_meter meter ON meter.id = series.meter_id
    WHERE meter.team_id = %s AND series.metric = %s AND day.day >= %s AND day.day < %s
    GROUP BY series.meter_id, series.model
"""
QUESTIONS = {
    "model": (Dimension.MODEL,),
    "key": (Dimension.KEY,),
    "key × model": (Dimension.KEY, Dimension.MODEL),
    "owner": (Dimension.OWNER,),
    "project × model": (Dimension.PROJECT, Dimension.MODEL),
    "label": (Dimension.LABEL,),
}


def answers(times: str) -> dict[str, float]:
    """Return the median milliseconds of each question over 90 days, and of the bare sum; they take turns."""
    deeds: dict[str, Callable[[], None]] = {"bare": add_up}
    deeds |= {name: partial(ask, by) for name, by in QUESTIONS.items()}
    found: dict[str, list[float]] = {name: [] for name in deeds}
    for _ in range(int(times) + 2):
        for name, deed in deeds.items():
            began = time.perf_counter()
            deed()
            found[name].append((time.perf_counter() - began) * 1000)
    # The first two warm up.
    return {name: middle(milliseconds[2:]) for name, milliseconds in found.items()}


def ask(by: tuple[Dimension, ...]) -> None:
    """Read the numbers of 90 days, as a page does whose meters are looked at already."""
    team, now = Team.objects.get(), timezone.now()
    span = last_days(team)
    numbers.read(team, span.edges(), TOKENS, by, now, Meter.objects.for_team(team).facts(now))


def add_up() -> None:
    """Sum the same rows in one statement."""
    span = last_days(Team.objects.get())
    with connection.cursor() as cursor:
        cursor.execute(BARE, [Team.objects.get().pk, TOKENS, span.start.date(), span.end.date()])
        cursor.fetchall()


def last_days(team: Team) -> Span:
    """Return the last 90 days of the team's zone."""
    last = timezone.now().astimezone(team.zone).date() + timedelta(days=1)
    first = last - timedelta(days=DAYS)
    return Span(midnight(first, team.zone), midnight(last, team.zone), Step.DAY, team.zone)
