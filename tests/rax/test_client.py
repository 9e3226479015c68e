"""Four questions and their whole answers."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rax import ModelUsage, NotFoundError, Usage
from tests.rax.conftest import KEY
from tests.rax.wire import ASK, CHAT, MODELS, USAGE, answer


async def test_it_reads_a_whole_completion(server, client):
    server.answers = [answer(CHAT, x_request_id="req_header")]
    found = await client.chat(**ASK)
    assert (found.text, found.finish_reason, found.model) == ("Hello!", "stop", "rax-4.0")
    assert found.usage == Usage(25, 18, 43)
    assert found.request_id == "req_header"


async def test_it_sends_only_what_is_set(server, client):
    server.answers = [answer(CHAT)]
    await client.chat(**ASK, temperature=0, stop="END")
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.json == {**ASK, "temperature": 0, "stop": ["END"]}
    assert request.headers["authorization"] == f"Bearer {KEY}"


async def test_it_reads_the_catalogue(server, client):
    server.answers = [answer(MODELS)]
    (model,) = await client.models()
    assert (model.id, model.context_window, model.max_tokens) == ("rax-4.0", 8192, 4096)


async def test_it_reads_the_catalogue_of_the_second_dialect(server, client):
    item = {"id": "rax-4.5", "name": "Rax 4.5", "description": "Newer", "context_length": 8192}
    server.answers = [answer({"data": [item]})]
    (model,) = await client.models()
    assert (model.name, model.description, model.context_window) == ("Rax 4.5", "Newer", 8192)


async def test_it_reads_usage(server, client):
    server.answers = [answer(USAGE, x_ratelimit_remaining="59")]
    usage = await client.usage()
    assert (usage.total_tokens, usage.total_requests) == (150000, 1500)
    assert usage.breakdown["rax-4.0"] == ModelUsage(100000, 1000)
    assert usage.period_start == datetime(2024, 1, 1, tzinfo=UTC)
    assert usage.period_end == datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC)
    assert usage.limits.requests_remaining == 59
    assert usage.started_at <= usage.ended_at


async def test_it_reads_usage_of_the_second_dialect(server, client):
    server.answers = [
        answer(
            {
                "total_requests": 3,
                "total_tokens": 70,
                "total_cost": 0.1,
                "period": {"start": "2024-01-01", "end": "2024-01-31"},
                "daily_breakdown": [{"date": "2024-01-02", "requests": 3, "tokens": 70, "cost": 0.1}],
            }
        )
    ]
    usage = await client.usage(date(2024, 1, 1), date(2024, 1, 31))
    assert server.requests[0].path == "/v1/usage?start_date=2024-01-01&end_date=2024-01-31"
    assert usage.cost == Decimal("0.1")
    assert usage.daily[0].tokens == 70
    assert usage.period_end == datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC)


async def test_it_says_where_there_is_no_usage_endpoint(server, client):
    server.answers = [answer(b"Method Not Allowed", status=405)]
    with pytest.raises(NotFoundError) as caught:
        await client.usage()
    assert caught.value.status_code == 405
