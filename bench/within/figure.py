"""What the chart's figure costs: its JSON's time and size, for the heaviest period."""

import time
from statistics import median

import brotli
from django.utils import timezone

from teams.models import Team
from usage.explore.answering import usage_report
from usage.models import Meter

TIMES = 50
PERIODS = ("24h", "7d", "30d", "90d", "12m", "billing")


def heaviest() -> dict[str, float]:
    """Return the most milliseconds and compressed bytes over all periods; each time is a median."""
    found = [cost(period) for period in PERIODS]
    return {name: max(one[name] for one in found) for name in ("milliseconds", "compressed_bytes")}


def cost(period: str) -> dict[str, float]:
    """Return what the figure of one period costs; its numbers are read and cut into a table already."""
    team, now = Team.objects.get(), timezone.now()
    report = usage_report(team, Meter.objects.for_team(team).facts(now), {"period": period}, now)
    _ = report.sheet
    times = []
    for _ in range(TIMES):
        report.__dict__.pop("chart", None)
        began = time.perf_counter()
        text = report.chart.figure_json
        times.append(time.perf_counter() - began)
    return {
        "milliseconds": median(times) * 1000,
        "compressed_bytes": len(brotli.compress(text.encode(), quality=5)),
    }
