from datetime import datetime, timedelta

import httpx
import pytest
import pytest_asyncio

from rax.simulator import Simulator, serve
from tests.rax.simulator.conftest import HELLO, NOON

CHAT = {"model": "rax-4.0", "messages": HELLO}


@pytest_asyncio.fixture
async def control(server):
    async with httpx.AsyncClient(base_url=server.control_url, trust_env=False) as client:
        yield client


async def test_it_shows_and_clears_the_requests(control, pro):
    await pro.post("/chat/completions", json=CHAT)
    (row,) = (await control.get("/requests")).json()
    assert (row["path"], row["model"], row["outcome"], row["status"]) == (
        "/api/v1/chat/completions",
        "rax-4.0",
        "answered",
        200,
    )
    await control.delete("/requests")
    assert (await control.get("/requests")).json() == []


async def test_it_switches_faults_for_all(control, pro):
    await control.put("/settings", json={"faults": "503"})
    assert (await pro.get("/models")).status_code == 503
    await control.put("/settings", json={"faults": ""})
    assert (await pro.get("/models")).status_code == 200


async def test_it_changes_the_pace(control, simulator):
    await control.put("/settings", json={"pace": {"chunks_per_second": 50, "first_token_seconds": 0.1}})
    assert (simulator.settings.pace.chunks_per_second, simulator.settings.pace.instant) == (50, False)


@pytest.mark.parametrize(
    "change", [{"faults": "gremlins"}, {"dialect": "latin"}, {"colour": "red"}, {"pace": {"speed": 1}}, []]
)
async def test_it_refuses_settings_that_do_not_fit(control, simulator, change):
    response = await control.put("/settings", json=change)
    assert response.status_code == 400
    assert (simulator.settings.faults, simulator.settings.dialect) == ("", "documented")


async def test_it_moves_the_clock_forward_only(control, simulator):
    answer = await control.post("/clock", json={"seconds": 3600})
    assert datetime.fromisoformat(answer.json()["now"]) == NOON + timedelta(hours=1)
    assert (await control.post("/clock", json={"seconds": -1})).status_code == 400
    assert (await control.post("/clock", json={})).status_code == 400


async def test_it_adds_keys_with_a_load_and_removes_them(control, server):
    load = {"model": "rax-4.0", "tokens_per_minute": 100, "shape": "flat", "until": "2026-03-19T00:00:00Z"}
    fall = {"at": "2026-03-18T11:00:00Z", "model": "rax-4.0", "tokens": 7}
    await control.put("/keys/rax_new", json={"plan": "30/500", "load": [load], "corrections": [fall]})
    headers = {"Authorization": "Bearer rax_new"}
    async with httpx.AsyncClient(base_url=server.base_url, headers=headers) as client:
        usage = await client.get("/usage")
        assert usage.headers["X-RateLimit-Remaining"] == "29"
        assert usage.json()["total_tokens"] > 0
        await control.delete("/keys/rax_new")
        assert (await client.get("/usage")).status_code == 401


async def test_it_adds_and_removes_models(control, pro):
    await control.put("/models/rax-5.0", json={"context_window": 32_768, "max_tokens": 8192})
    await control.delete("/models/rax-4.0")
    listed = (await pro.get("/models")).json()["data"]
    assert [(model["id"], model["context_window"]) for model in listed] == [
        ("rax-4.5", 8192),
        ("rax-5.0", 32_768),
    ]


@pytest.mark.parametrize("dialect", ["documented", "client"])
async def test_a_model_tells_whatever_it_is_given(control, pro, dialect):
    await control.put("/settings", json={"dialect": dialect})
    odd = {"shutdown_date": 1_797_638_400, "sunset_at": None, "deprecated_at": "soon", "context_window": -1}
    await control.put("/models/rax-4.0", json={"extra": odd})
    told = {model["id"]: model for model in (await pro.get("/models")).json()["data"]}
    assert odd.items() <= told["rax-4.0"].items()
    assert not odd.keys() & told["rax-4.5"].keys() - {"context_window"}


async def test_a_key_may_see_only_some_models(control, pro, free):
    await control.put("/keys/rax_demo_pro", json={"plan": "pro", "models": ["rax-4.5", "not-there"]})
    assert [model["id"] for model in (await pro.get("/models")).json()["data"]] == ["rax-4.5"]
    assert (await pro.post("/chat/completions", json=CHAT)).status_code == 400
    assert len((await free.get("/models")).json()["data"]) == 2
    await control.put("/keys/rax_demo_pro", json={"plan": "pro"})
    assert len((await pro.get("/models")).json()["data"]) == 1
    await control.put("/keys/rax_demo_pro", json={"plan": "pro", "models": None})
    assert len((await pro.get("/models")).json()["data"]) == 2


async def test_it_lists_every_fault(control):
    assert (await control.get("/faults")).json()["cut"].startswith("The connection is lost")


async def test_it_is_closed_unless_it_was_opened():
    async with serve(Simulator()) as server, httpx.AsyncClient() as client:
        assert (await client.get(f"{server.control_url}/requests")).status_code == 404
