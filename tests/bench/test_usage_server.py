"""The provider that polls are measured against says what a real one could say."""

import asyncio
from collections import Counter

from bench.usage_server import MODELS, Connection
from rax import Client, Connections


async def test_counters_grow_and_no_two_keys_agree() -> None:
    asked: Counter[bytes] = Counter()
    loop = asyncio.get_running_loop()
    async with (
        await loop.create_server(lambda: Connection(asked), "127.0.0.1", 0) as listener,
        Connections(allow=["127.0.0.0/8"]) as connections,
    ):
        base_url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
        alice, bob = (Client(f"rax_{name}", base_url=base_url, connections=connections) for name in "ab")
        first, second, other = await alice.usage(), await alice.usage(), await bob.usage()
        assert [model.id for model in (await bob.models()).models] == list(MODELS)
    assert second.total_tokens > first.total_tokens
    assert second.total_requests > first.total_requests
    assert other.total_tokens not in {first.total_tokens, second.total_tokens}
    assert sum(used.tokens for used in first.breakdown.values()) == first.total_tokens
    assert first.period_start is not None
