"""Late polls and hosts that do not answer, as a team sees them: never another team's hosts."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    Expression,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from common.database.prepared import NOW, Given
from common.troubles import TOLD_FOR, Trouble
from teams.models import Team
from usage.models import Host, Meter

# A poll that is a whole interval after its time is late, and none that is less than this.
HARDLY_LATE = timedelta(minutes=1)
PUNCTUAL_SINCE = Given("polls_punctual_since", DateTimeField())

PLAIN = "Usage numbers are late"
ADVICE = "It is asked with a few keys until it answers; then all of its keys are polled."


class Polls:
    """What the meters of a team and their hosts tell."""

    def columns(self) -> Mapping[str, Any]:
        """Since when a poll waits for its turn; which host is down, and which was a moment ago."""
        waiting = Meter.objects.pollable().filter(team=OuterRef("pk"), next_poll_at__lt=PUNCTUAL_SINCE)
        askable = waiting.exclude(host__in=Host.objects.failing().values("address"))
        down = _of_team(Host.objects.down().order_by("failing_since"))
        back = _of_team(
            Host.objects.filter(failing_since=None, back_at__gt=NOW - TOLD_FOR).order_by("-back_at")
        )
        return {
            "polls_late_since": _first(askable.order_by("next_poll_at"), "next_poll_at"),
            "polls_host_down": _first(down, "address"),
            "polls_host_down_since": _first(down, "failing_since"),
            # Whom the team's keys ask is looked up only where some host is down at all.
            "polls_hosts_down": Case(When(Exists(Host.objects.down()), then=_count(down)), default=0),
            "polls_host_back": _first(back, "address"),
            "polls_host_was_down_since": _first(back, "down_since"),
            "polls_host_back_at": _first(back, "back_at"),
        }

    def given(self, team: Team, now: datetime) -> Mapping[str, Any]:
        """Before when the time of a poll must have been for it to be late."""
        late = timedelta(seconds=settings.POLL_INTERVAL_SECONDS)
        return {PUNCTUAL_SINCE.name: now - max(late, HARDLY_LATE)}

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterable[Trouble]:
        """What is late, and who does not answer, or did not."""
        if since := row["polls_late_since"]:
            yield Trouble("polls", "Polls are late", "Polls were late", PLAIN, since)
        if host := row["polls_host_down"]:
            others = row["polls_hosts_down"] - 1
            more = f" (and {others} more)" if others else ""
            yield _silence(f"{host}{more}", row["polls_host_down_since"])
        if host := row["polls_host_back"]:
            yield _silence(host, row["polls_host_was_down_since"], row["polls_host_back_at"])


def _silence(host: str, since: datetime, ended_at: datetime | None = None) -> Trouble:
    return Trouble(
        "host",
        f"The host {host} does not answer",
        f"The host {host} did not answer",
        PLAIN,
        since,
        ended_at,
        "" if ended_at else ADVICE,
    )


def _of_team(hosts: QuerySet[Host]) -> QuerySet[Host]:
    """Those hosts that a key of the team asks."""
    asking = Meter.objects.pollable().filter(team=OuterRef(OuterRef("pk")), host=OuterRef("address"))
    return hosts.filter(Exists(asking))


def _first(rows: QuerySet[Any], name: str) -> Subquery:
    return Subquery(rows.values(name)[:1])


def _count(rows: QuerySet[Any]) -> Expression:
    counted = rows.order_by().values(one=Value(1)).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
