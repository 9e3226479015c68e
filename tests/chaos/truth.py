"""What must be true of a town at rest: every counter, every run, every hold."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from rax.simulator.tokens import count_tokens
from tests.chaos.town import Town
from tests.installation import wait_until
from tests.playground.visitor import ENDED
from tests.usage.running import counted, told

SETTLED_SECONDS = 30
RUNS = """
    SELECT r.id, r.state, r.text, r.request_id, r.completion_tokens, r.tokens_reported, r.finished_at,
        (SELECT COUNT(*) FROM usage_localusage l WHERE l.run = r.id)
    FROM playground_run r
"""
LIVE = "SELECT COUNT(*) FROM playground_run WHERE state IN ('queued', 'running')"
HOLDS = "SELECT holds FROM usage_limiterwindow"
POLLS = """
    SELECT p.started_at FROM usage_rawpoll p JOIN usage_meter m ON m.id = p.meter_id
    WHERE m.name = ? AND p.status = 200 ORDER BY p.started_at
"""
# Neither due now, and nobody's, nor answered since a moment.
FORGOTTEN = """
    SELECT m.name, m.next_poll_at, m.lease_until, m.last_error FROM usage_meter m
    WHERE m.status = 'active' AND (m.next_poll_at > ? OR m.lease_until > ?) AND NOT EXISTS (
        SELECT 1 FROM usage_rawpoll p WHERE p.meter_id = m.id AND p.status = 200 AND p.started_at > ?)
"""


@dataclass(frozen=True)
class Run:
    """A run as the database has it, with the number of its lines in the ledger of local usage."""

    id: str
    state: str
    text: str
    request_id: str
    completion_tokens: int | None
    is_reported: bool
    finished_at: Any
    lines: int


def assert_at_rest(town: Town, *, killed: bool) -> dict[str, int]:
    """Hold the town to the truth once nobody works there; return what was compared, for the report."""
    wait_until(lambda: no_run_is_live(town), "the runs to end")
    runs = [Run(*row) for row in town.installation.rows(RUNS)]
    assert any(run.state == "completed" for run in runs)
    for run in runs:
        assert_has_one_true_end(town, run, killed=killed)
    assert_spent_once(town, runs)
    assert no_hold_is_left(town)
    tokens = assert_counted_to_the_token(town)
    verified = town.installation.try_manage("ledger", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    return {"runs": len(runs), "tokens": tokens}


def assert_recovered(town: Town, since: datetime) -> None:
    """Hold a town whose fault has ended to what it must have made up for within half a minute."""
    wait_until(lambda: no_run_is_live(town), "the ends of runs to be stored", SETTLED_SECONDS)
    wait_until(
        lambda: not forgotten(town, since), lambda: f"{forgotten(town, since)} to be due", SETTLED_SECONDS
    )


def forgotten(town: Town, since: datetime) -> list[tuple[Any, ...]]:
    """Return the meters that are neither due nor were answered since then, with what they wait for."""
    now = datetime.now(UTC)
    moments = [f"{moment:%Y-%m-%d %H:%M:%S.%f}" for moment in (now, now, since)]
    if town.is_grown_up:
        moments = [f"{moment}+00:00" for moment in moments]
    return town.installation.rows(FORGOTTEN, *moments)


def largest_gap(town: Town, team: str) -> float:
    """Return the longest time in seconds between two polls of one of a team's keys."""
    gaps = [0.0]
    for name in town.secrets:
        if name.startswith(team):
            found = [moment(value) for (value,) in town.installation.rows(POLLS, name)]
            gaps += [(after - before).total_seconds() for before, after in pairwise(found)]
    return max(gaps)


def moment(value: str | datetime) -> datetime:
    """Return a moment as either database tells it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def no_run_is_live(town: Town) -> bool:
    """Tell whether every run has ended, in the database."""
    return town.installation.rows(LIVE) == [(0,)]


def assert_has_one_true_end(town: Town, run: Run, *, killed: bool) -> None:
    """Hold a run to what the provider did for it."""
    assert run.state in ENDED
    assert run.finished_at is not None
    assert killed or run.state != "interrupted", run
    sent = town.exchanges().get(run.request_id)
    if run.state == "completed":
        assert sent, run
        assert sent["outcome"] == "answered", run
        assert run.is_reported
        assert run.completion_tokens == sent["tokens"] == count_tokens(run.text), run
    elif sent:
        assert count_tokens(run.text) <= sent["tokens"], run


def assert_spent_once(town: Town, runs: list[Run]) -> None:
    """Hold the ledger of local usage to the requests that were made: each run has at most one line."""
    assert all(run.lines <= 1 for run in runs)
    made = sum(bool(one["stream"]) and one["status"] == 200 for one in town.exchanges().values())
    written = sum(run.lines for run in runs)
    assert made <= written <= len(runs), [run for run in runs if not run.lines]


def no_hold_is_left(town: Town) -> bool:
    """Tell whether nothing is held of any key's limits."""
    found = [holds for (holds,) in town.installation.rows(HOLDS)]
    return not any(json.loads(holds) if isinstance(holds, str) else holds for holds in found)


def assert_counted_to_the_token(town: Town) -> int:
    """Poll until each key's counters are what the provider tells, and return their sum."""
    truth = {name: told(town.installation, secret) for name, secret in town.secrets.items()}
    town.poll_now()
    wait_until(
        lambda: all(counted(town.installation, name) == truth[name] for name in truth),
        lambda: f"the counters {truth}, not {[counted(town.installation, name) for name in truth]}",
    )
    return sum(sum(models.values()) for models in truth.values())
