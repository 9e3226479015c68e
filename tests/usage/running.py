"""Keys of a running installation: added in the page, spent somewhere else, polled by its worker."""

import json
from collections import Counter

import httpx

from tests.installation import Installation
from tests.playground.visitor import Visitor

BRISK = "tests.brisk"
HOURLY = {"POLL_INTERVAL_SECONDS": "3600"}
COUNTED = """
    SELECT s.model, SUM(q.value - q.opening) FROM usage_quarter q
    JOIN usage_series s ON s.id = q.series_id JOIN usage_meter m ON m.id = s.meter_id
    WHERE m.name = ? AND s.metric = 'tokens' GROUP BY s.model
"""
STRETCHES = "SELECT s.amounts FROM usage_stretch s JOIN usage_meter m ON m.id = s.meter_id WHERE m.name = ?"
SLOTS = (
    "SELECT p.slot, p.status FROM usage_rawpoll p JOIN usage_meter m ON m.id = p.meter_id WHERE m.name = ?"
)
METER = "SELECT status, status_reason, last_error FROM usage_meter WHERE name = ?"


def add_key(alice: Visitor, name: str, secret: str, base_url: str = "") -> None:
    """Add a key in the page."""
    base_url = base_url or alice.installation.simulator_url
    form = {"key_name": name, "secret": secret, "base_url": base_url, "plan": "pro"}
    answer = alice.post("/t/acme/keys/add/", form)
    assert answer.status_code == 302, answer.text


def know_key(raxdash: Installation, secret: str) -> None:
    """Let the simulator know a key whose counters stand still."""
    spent = {"model": "rax-4.0", "tokens_per_minute": 900, "shape": "flat", "until": "2020-01-01T00:00:00Z"}
    put(raxdash, f"keys/{secret}", {"plan": "pro", "load": [spent]})


def put(raxdash: Installation, path: str, body: dict[str, object]) -> None:
    address = f"http://127.0.0.1:{raxdash.simulator_port}/control/{path}"
    answer = httpx.put(address, json=body, timeout=60, trust_env=False)
    assert answer.is_success, answer.text


def spend(raxdash: Installation, secret: str, model: str = "rax-4.5") -> None:
    """Use the key somewhere else."""
    message = {"role": "user", "content": "Say hello."}
    answer = httpx.post(
        f"{raxdash.simulator_url}/chat/completions",
        json={"model": model, "messages": [message], "max_tokens": 20},
        headers={"Authorization": f"Bearer {secret}"},
        timeout=60,
        trust_env=False,
    )
    assert answer.is_success, answer.text


def told(raxdash: Installation, secret: str) -> dict[str, int]:
    """What the provider counts now: {model: tokens}."""
    headers = {"Authorization": f"Bearer {secret}"}
    answer = httpx.get(f"{raxdash.simulator_url}/usage", headers=headers, timeout=60, trust_env=False)
    return {model: used["tokens"] for model, used in answer.json()["breakdown"].items() if used["tokens"]}


def counted(raxdash: Installation, name: str) -> dict[str, int]:
    """What raxdash counted, in quarters and in stretches: {model: tokens}."""
    found = Counter({model: int(tokens) for model, tokens in raxdash.rows(COUNTED, name)})
    for (amounts,) in raxdash.rows(STRETCHES, name):
        # SQLite gives text.
        found.update((json.loads(amounts) if isinstance(amounts, str) else amounts).get("tokens", {}))
    return dict(found)


def slots(raxdash: Installation, name: str, status: int | None = 200) -> list[int]:
    """The slots in which a key was polled, and answered with a status."""
    return sorted(slot for slot, code in raxdash.rows(SLOTS, name) if code == status)


def usage_requests(raxdash: Installation, secret: str) -> int:
    """How often the provider was asked for this key's usage by anybody."""
    return sum(row["key"] == secret and row["path"].endswith("/usage") for row in raxdash.control("requests"))


def press_poll_now(alice: Visitor) -> None:
    """Press "Poll now" in the page."""
    assert alice.post("/t/acme/usage/poll/").status_code < 400


def end_leases(raxdash: Installation) -> None:
    """Let two minutes pass for the leases of a dead worker."""
    raxdash.write("UPDATE usage_meter SET lease_until = CURRENT_TIMESTAMP WHERE lease_until IS NOT NULL")
