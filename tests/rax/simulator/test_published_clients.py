"""The proof that the simulator speaks the API: both published clients use it over real HTTP."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
import rax_ai

from rax.simulator import INSTANT, ManualClock, Server, Settings, Simulator, running_simulator
from tests.rax.simulator.conftest import HELLO, NOON


@pytest.fixture
def threaded() -> Iterator[Server]:
    simulator = Simulator(settings=Settings(pace=INSTANT), clock=ManualClock(NOON))
    with running_simulator(simulator) as server:
        yield server


@pytest.fixture
def openai() -> Any:
    """The client of OpenAI, which takes a second to load: only where it is used."""
    return import_module("openai")


@pytest.fixture
def client(openai: Any, threaded: Server) -> Iterator[Any]:
    with openai.OpenAI(api_key="rax_demo_free", base_url=threaded.base_url, max_retries=0) as client:
        yield client


@pytest.fixture
def rax(threaded: Server) -> Iterator[rax_ai.RaxAI]:
    with rax_ai.RaxAI("rax_demo_free", base_url=_before_v1(threaded)) as client:
        yield client


def _before_v1(server: Server) -> str:
    return server.base_url.removesuffix("/v1")


class TestOpenAI:
    def test_it_reads_a_whole_answer(self, client):
        answer = client.chat.completions.create(model="rax-4.0", messages=HELLO)
        assert answer.choices[0].message.content.startswith("Hello!")
        assert answer.choices[0].finish_reason == "stop"
        assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens

    def test_it_reads_a_stream_that_says_the_same(self, client):
        whole = client.chat.completions.create(model="rax-4.0", messages=HELLO)
        chunks = list(client.chat.completions.create(model="rax-4.0", messages=HELLO, stream=True))
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert text == whole.choices[0].message.content
        assert chunks[-1].choices[0].finish_reason == "stop"
        assert all(chunk.usage is None for chunk in chunks)

    def test_it_gets_usage_in_a_stream_when_it_asks(self, client):
        asked = {"include_usage": True}
        chunks = list(
            client.chat.completions.create(model="rax-4.0", messages=HELLO, stream=True, stream_options=asked)
        )
        assert chunks[-1].choices == []
        assert chunks[-1].usage.completion_tokens == len(chunks) - 3  # role, finish and usage are no tokens

    def test_it_lists_the_models(self, client):
        assert [model.id for model in client.models.list()] == ["rax-4.0", "rax-4.5"]

    def test_it_sees_a_wrong_key(self, openai, client):
        with pytest.raises(openai.AuthenticationError) as caught:
            client.with_options(api_key="rax_wrong").models.list()
        assert caught.value.code == "invalid_api_key"
        assert caught.value.request_id.startswith("req_")

    def test_it_sees_the_limit(self, openai, client):
        for _ in range(60):
            client.models.list()
        with pytest.raises(openai.RateLimitError) as caught:
            client.models.list()
        assert caught.value.response.headers["Retry-After"] == "60"

    def test_it_sees_a_refused_parameter(self, openai, client):
        with pytest.raises(openai.BadRequestError, match="temperature"):
            client.chat.completions.create(model="rax-4.0", messages=HELLO, temperature=3)

    async def test_it_works_asynchronously(self, openai, threaded):
        async with openai.AsyncOpenAI(api_key="rax_demo_pro", base_url=threaded.base_url) as client:
            whole = await client.chat.completions.create(model="rax-4.5", messages=HELLO)
            stream = await client.chat.completions.create(model="rax-4.5", messages=HELLO, stream=True)
            text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
        assert text == whole.choices[0].message.content


class TestRaxAI:
    def test_it_chats(self, rax):
        answer = rax.chat("rax-4.0", HELLO, max_tokens=5, temperature=0.5, top_p=1, user="alice")
        assert answer["choices"][0]["finish_reason"] == "length"
        assert answer["usage"]["completion_tokens"] == 5

    def test_it_lists_the_models_in_both_dialects(self, rax, threaded):
        assert rax.get_models()["data"][0]["context_window"] == 8192
        threaded.simulator.settings.dialect = "client"
        model = rax.get_models()["data"][0]
        assert (model["name"], model["context_length"]) == ("Rax 4.0", 8192)

    def test_it_reads_the_counters(self, rax):
        spent = rax.chat("rax-4.0", HELLO)["usage"]["total_tokens"]
        assert rax.get_usage()["total_tokens"] == spent

    def test_it_reads_usage_by_day(self, rax):
        spent = rax.chat("rax-4.0", HELLO)["usage"]["total_tokens"]
        usage = rax.get_usage("2026-03-17", "2026-03-18")
        assert [(row["date"], row["tokens"]) for row in usage["daily_breakdown"]] == [
            ("2026-03-17", 0),
            ("2026-03-18", spent),
        ]
        assert usage["total_tokens"] == spent
        assert usage["total_cost"] == pytest.approx(spent * 0.001 / 1000)

    def test_it_sees_a_wrong_key(self, threaded):
        with rax_ai.RaxAI("rax_wrong", base_url=_before_v1(threaded)) as stranger:
            assert stranger.validate_key() is False
            with pytest.raises(rax_ai.RaxAIError, match="Invalid API key") as caught:
                stranger.get_usage()
        assert caught.value.status_code == 401

    def test_it_sees_the_limit(self, rax):
        for _ in range(60):
            rax.get_models()
        with pytest.raises(rax_ai.RaxAIError, match="requests per minute") as caught:
            rax.get_models()
        assert caught.value.status_code == 429

    async def test_it_works_asynchronously(self, threaded):
        async with rax_ai.AsyncRaxAI("rax_demo_pro", base_url=_before_v1(threaded)) as client:
            answer = await client.chat("rax-4.5", HELLO)
            usage = await client.get_usage()
        assert usage["total_tokens"] == answer["usage"]["total_tokens"]
