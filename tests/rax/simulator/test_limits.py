from datetime import timedelta

import pytest

from rax.simulator import Key, Load, ModelLoad, Plan
from rax.simulator.limits import format_reset
from tests.rax.simulator.conftest import HELLO, NOON

MINUTE = timedelta(minutes=1)
CHAT = {"model": "rax-4.0", "messages": HELLO}


async def test_it_counts_down_and_names_the_reset(free):
    first = await free.get("/models")
    second = await free.get("/usage")
    assert (first.headers["X-RateLimit-Remaining"], second.headers["X-RateLimit-Remaining"]) == ("59", "58")
    assert int(first.headers["X-RateLimit-Reset"]) == (NOON + MINUTE).timestamp()


async def test_it_refuses_the_request_after_the_last(free, simulator):
    simulator.clock.advance(timedelta(seconds=12.5))
    for _ in range(60):
        assert (await free.get("/usage")).status_code == 200
    refused = await free.get("/usage")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "rate_limit_exceeded")
    assert refused.headers["Retry-After"] == "48"
    assert refused.headers["X-RateLimit-Remaining"] == "0"


async def test_it_answers_again_in_the_next_minute(free, simulator):
    for _ in range(61):
        last = await free.get("/models")
    simulator.clock.advance(timedelta(seconds=int(last.headers["Retry-After"])))
    assert (await free.get("/models")).headers["X-RateLimit-Remaining"] == "59"


async def test_keys_of_one_account_share_their_window(free, pro, simulator):
    simulator.keys["rax_demo_pro"] = Key("rax_demo_pro", Plan("two", 2), account="one")
    simulator.keys["rax_demo_free"] = Key("rax_demo_free", Plan("two", 2), account="one")
    statuses = [(await client.get("/models")).status_code for client in (pro, free, pro)]
    assert statuses == [200, 200, 429]


async def test_the_pro_plan_allows_ten_times_as_many(pro):
    assert (await pro.get("/models")).headers["X-RateLimit-Remaining"] == "599"


async def test_it_refuses_chat_when_the_tokens_of_the_day_are_spent(free, simulator):
    simulator.record(simulator.keys["rax_demo_free"], "rax-4.0", 100_000)
    refused = await free.post("/chat/completions", json=CHAT)
    assert refused.status_code == 429
    assert "tokens per day" in refused.json()["error"]["message"]
    assert refused.headers["Retry-After"] == str(12 * 3600)
    assert (await free.get("/usage")).status_code == 200
    simulator.clock.advance(timedelta(hours=12))
    assert (await free.post("/chat/completions", json=CHAT)).status_code == 200


async def test_background_load_spends_the_day_too(free, simulator):
    load = Load((ModelLoad("rax-4.0", 1000, "flat"),))
    simulator.keys["rax_demo_free"] = Key("rax_demo_free", Plan("small", 60, 1000), load=load)
    assert (await free.post("/chat/completions", json=CHAT)).status_code == 429


@pytest.mark.parametrize(
    ("reset_format", "text"),
    [
        ("epoch", "1773835290"),
        ("epoch_ms", "1773835290000"),
        ("seconds", "90"),
        ("iso", "2026-03-18T12:01:30Z"),
        ("duration", "1m30s"),
    ],
)
def test_it_writes_the_reset_in_every_format(reset_format, text):
    assert format_reset(NOON + timedelta(seconds=90), NOON, reset_format) == text
