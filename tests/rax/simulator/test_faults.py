"""Faults that change whole answers, and how faults are asked for."""

import gzip

import orjson
import pytest

from rax.simulator.faults import REGISTRY, on_stream, parse_wishes
from tests.rax.simulator.conftest import HELLO
from tests.rax.simulator.raw import STREAM, ask


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("400", 400, "bad_request"),
        ("401", 401, "invalid_api_key"),
        ("403", 403, "forbidden"),
        ("429:3", 429, "rate_limit_exceeded"),
        ("500", 500, "internal_error"),
        ("503", 503, "service_unavailable"),
    ],
)
@pytest.mark.parametrize("path", ["/chat/completions", "/models", "/usage"])
async def test_it_answers_with_the_documented_error(server, fault, status, code, path):
    raw = await ask(server, fault, STREAM if path.startswith("/chat") else None, path)
    assert raw.status == status
    assert orjson.loads(raw.body)["error"]["code"] == code
    assert ("Retry-After: 3" in raw.head) == (status == 429)


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        ("html", 502, b"<html>"),
        ("html:200", 200, b"<html>"),
        ("text-error", 500, b"upstream connect error"),
        ("429-bare", 429, b"Too Many Requests"),
        ("error-string", 400, b'{"error": "'),
        ("error-detail", 422, b'{"detail": "'),
        ("error-list", 422, b'{"detail": [{'),
        ("error-nested", 400, b'{"detail": {"error": {'),
        ("redirect", 307, b""),
        ("empty-body", 200, b""),
        ("bad-json", 200, b'{"object"'),
        ("deep-json", 200, b"[[[["),
    ],
)
async def test_it_answers_in_shapes_seen_in_the_wild(server, fault, status, body):
    raw = await ask(server, fault, path="/models")
    assert raw.status == status
    assert raw.body.startswith(body)


async def test_a_small_answer_inflates_to_fifty_megabytes(server):
    raw = await ask(server, "gzip-bomb", path="/models")
    assert len(raw.body) < 60_000
    assert len(gzip.decompress(raw.body)) == 50_000_000


async def test_counters_may_fall(server, simulator):
    simulator.record(simulator.keys["rax_demo_pro"], "rax-4.0", 5000)
    body = orjson.loads((await ask(server, "falling:200", path="/usage")).body)
    assert (body["total_tokens"], body["breakdown"]["rax-4.0"]["tokens"]) == (4800, 4800)


async def test_the_total_may_differ_by_one(server, simulator):
    simulator.record(simulator.keys["rax_demo_pro"], "rax-4.0", 5000)
    body = orjson.loads((await ask(server, "mismatch", path="/usage")).body)
    assert (body["total_tokens"], body["breakdown"]["rax-4.0"]["tokens"]) == (5001, 5000)


async def test_a_model_may_be_lost(server, simulator):
    for model in ("rax-4.0", "rax-4.5"):
        simulator.record(simulator.keys["rax_demo_pro"], model, 10)
    body = orjson.loads((await ask(server, "lost-model", path="/usage")).body)
    assert (body["total_tokens"], set(body["breakdown"])) == (20, {"rax-4.0"})


async def test_numbers_may_be_no_numbers(server):
    assert b'"total_tokens":NaN' in (await ask(server, "nan", path="/usage")).body
    assert b"9" * 5000 in (await ask(server, "huge-integer", path="/usage")).body


async def test_endpoints_may_be_missing_or_poor(server):
    assert (await ask(server, "no-usage", path="/usage")).status == 404
    assert (await ask(server, "no-models", path="/models")).status == 404
    assert orjson.loads((await ask(server, "empty-models", path="/models")).body)["data"] == []
    plain = orjson.loads((await ask(server, "plain-models", path="/models")).body)["data"][0]
    assert set(plain) == {"id", "object", "created", "owned_by"}


@pytest.mark.parametrize("other", ["", "401,"])
async def test_the_key_may_come_back_in_a_header(server, other):
    raw = await ask(server, f"{other}echo-key", path="/usage")
    assert "X-Asked-With: rax_demo_pro" in raw.head
    assert (b"rax_demo_pro" in raw.body) == (other == "")


async def test_the_date_may_be_off_or_none(server):
    assert "Date: Wed, 18 Mar 2026 12:00:00 GMT" in (await ask(server, "", path="/usage")).head
    assert "Date: Wed, 18 Mar 2026 11:58:30 GMT" in (await ask(server, "odd-date:-90", path="/usage")).head
    assert "Date: soon" in (await ask(server, "odd-date", STREAM)).head


async def test_a_marker_in_the_last_message_asks_for_a_fault(pro):
    asked = {"role": "user", "content": "Hello [[fault:503]]"}
    assert (await pro.post("/chat/completions", json=STREAM | {"messages": [asked]})).status_code == 503
    later = await pro.post("/chat/completions", json=STREAM | {"messages": [asked, *HELLO]})
    assert later.status_code == 200


async def test_a_fault_for_all_reaches_every_endpoint_it_is_for(pro, simulator):
    simulator.settings.faults = "no-usage"
    assert (await pro.get("/usage")).status_code == 404
    assert (await pro.get("/models")).status_code == 200


async def test_faults_combine(server):
    raw = await ask(server, "no-done, crlf", STREAM)
    assert b"[DONE]" not in raw.body
    assert raw.body.endswith(b"\r\n\r\n")


async def test_an_unknown_fault_is_refused_by_name(pro):
    response = await pro.get("/models", headers={"X-Simulate": "gremlins"})
    assert response.status_code == 400
    assert "unknown fault 'gremlins'" in response.json()["error"]["message"]


async def test_one_entry_adds_a_fault(server, monkeypatch):
    monkeypatch.setattr("rax.simulator.faults.registry.REGISTRY", dict(REGISTRY))

    @on_stream("shout", "Everything in capitals.")
    async def shout(events, argument):
        async for event in events:
            yield event.upper()

    assert b"HELLO" in (await ask(server, "shout", STREAM)).body


def test_every_fault_says_what_it_does():
    assert all(fault.summary.endswith(".") for fault in REGISTRY.values())
    for fault in REGISTRY.values():
        assert (
            sum(function is not None for function in (fault.answer, fault.mark, fault.edit or fault.bend))
            == 1
        )


def test_a_wish_has_a_name_and_an_argument():
    (first, second) = parse_wishes("cut:7, html")
    assert (first.fault.name, first.argument, second.fault.name, second.argument) == ("cut", "7", "html", "")
    assert parse_wishes("") == []
