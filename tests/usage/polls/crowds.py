"""Many keys of a team, made in a running installation at once, and how punctually another one's is polled."""

import json
import time
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.installation import Installation

ADD = """
from teams.models import Key, Team
team, _ = Team.objects.get_or_create(slug={slug!r}, defaults={{"name": {slug!r}}})
keys = [Key(team=team, name=f"{slug} {{number}}", base_url={base_url!r}) for number in range({count})]
for key in keys:
    key.set_secret({secret!r} or f"rax_{slug}_{{key.pk}}")
Key.objects.bulk_create(keys, batch_size=500)
"""
POLLED = """
    SELECT p.started_at FROM usage_rawpoll p JOIN usage_meter m ON m.id = p.meter_id
    WHERE m.name = ? AND p.status = 200
"""
ANSWERED = """
    SELECT COUNT(*) FROM usage_meter m JOIN teams_team t ON t.id = m.team_id
    WHERE t.slug = ? AND m.answered_at IS NOT NULL
"""
STANDING = (
    "SELECT last_error, COUNT(*), SUM(failures), MAX(next_poll_at) FROM usage_meter GROUP BY last_error"
)
HOSTS = "SELECT address, failing_since, failures, probe_at, error FROM usage_host"
DOWN = "SELECT address FROM usage_host WHERE failing_since IS NOT NULL AND failures > 1"


def add_crowd(raxdash: Installation, slug: str, count: int, base_url: str, secret: str = "") -> None:
    """Give a team of its own so many keys."""
    code = ADD.format(slug=slug, count=count, base_url=base_url, secret=secret)
    raxdash.manage("shell", "--verbosity", "0", "--command", code)


def answered(raxdash: Installation, slug: str) -> int:
    """How many of a team's meters were ever answered."""
    return int(raxdash.rows(ANSWERED, slug)[0][0])


def is_ready(raxdash: Installation) -> bool:
    """What `/readyz` says; its whole answer must come within two seconds."""
    try:
        with urlopen(f"{raxdash.url}/readyz", timeout=2) as answer:
            return bool(json.load(answer)["ready"])
    except HTTPError:
        return False


def longest_wait(raxdash: Installation, name: str, seconds: float) -> float:
    """Watch a key for a while; return how long it waited most for a good poll.

    Fails where raxdash is not ready meanwhile.
    """
    count, waited = len(raxdash.rows(POLLED, name)), 0.0
    began = last = time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        if (found := len(raxdash.rows(POLLED, name))) > count:
            count, last = found, now
        waited = max(waited, now - last)
        assert is_ready(raxdash)
        time.sleep(0.25)
    return waited


def standing(raxdash: Installation) -> str:
    """What became of the crowd, for the message of a test that waited in vain."""
    return f"the crowd: {raxdash.rows(STANDING)} {raxdash.rows(HOSTS)} {raxdash.log('worker')[-2_000:]}"
