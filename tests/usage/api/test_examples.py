"""The examples of docs/api.md run as they stand there, against a raxdash that runs."""

import os
import re
import subprocess
import sys

import httpx
import pytest

from tests.installation import ROOT, Installation

pytestmark = pytest.mark.processes
BLOCKS = re.findall(
    r"^```(sh|python|json)\n(.*?)^```", (ROOT / "docs/api.md").read_text(), re.DOTALL | re.MULTILINE
)
MAKE_A_TOKEN = """
from datetime import timedelta
from django.utils import timezone
from teams.models import Membership, TeamToken
from teams.tokens.scopes import TokenScope
owner = Membership.objects.get(user__email="alice@example.com")
made = TeamToken(team=owner.team, membership=owner, name="Docs", scopes=list(TokenScope.values))
made.expires_at = timezone.now() + timedelta(days=1)
token = made.renew()
made.save()
print(token)
"""


def run(kind: str, block: str, environment: dict[str, str]) -> str:
    """Carry out an example; return what it prints."""
    command = ["sh", "-eu", "-c", block] if kind == "sh" else [sys.executable, "-c", block]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ask_for_an_answer(raxdash: Installation) -> None:
    """Use some tokens with Alice's key."""
    asked = {"model": "rax-4.0", "messages": [{"role": "user", "content": "Hello"}]}
    headers = {"Authorization": "Bearer rax_demo_pro"}
    answer = httpx.post(f"{raxdash.simulator_url}/chat/completions", json=asked, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text


def test_every_example_runs(live_raxdash: Installation) -> None:
    live_raxdash.manage("poll")
    ask_for_an_answer(live_raxdash)
    live_raxdash.manage("poll")
    made = live_raxdash.manage("shell", "--no-imports", "--verbosity", "0", "--command", MAKE_A_TOKEN)
    environment = os.environ | {"RAXDASH_URL": live_raxdash.url, "RAXDASH_TOKEN": made.stdout.strip()}
    printed = [
        run(kind, block, environment)
        for kind, block in BLOCKS
        if kind in ("sh", "python") and not block.startswith("export")
    ]
    usage, rows, status = printed
    assert '"question":{"measure":"tokens","by":["key","model"]' in usage
    assert re.fullmatch(r"(\S+T00:00:00\S+ .+ \d+\n)+", rows)
    assert status == "304\n"
