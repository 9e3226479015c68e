import pytest

from rax.simulator.tokens import count_tokens
from tests.rax.simulator.conftest import HELLO

CHAT = "/chat/completions"
GOOD = {"model": "rax-4.0", "messages": HELLO}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"model": None}, "'model' is required"),
        ({"model": "gpt-9"}, "'gpt-9' does not exist"),
        ({"messages": None}, "'messages' is required"),
        ({"messages": []}, "'messages' is required"),
        ({"messages": ["hi"]}, "messages[0]"),
        ({"messages": [{"role": "robot", "content": "hi"}]}, "messages[0].role"),
        ({"messages": [*HELLO, {"role": "user"}]}, "messages[1].content"),
        ({"temperature": 2.1}, "'temperature'"),
        ({"temperature": True}, "'temperature'"),
        ({"top_p": -0.1}, "'top_p'"),
        ({"max_tokens": 0}, "'max_tokens'"),
        ({"max_tokens": 4097}, "'max_tokens'"),
        ({"max_tokens": 1.5}, "'max_tokens'"),
        ({"stop": "end"}, "'stop'"),
        ({"stop": [""]}, "'stop'"),
        ({"stream": "yes"}, "'stream'"),
        ({"user": 7}, "'user'"),
        ({"stream_options": {"include_usage": True}}, "'stream_options'"),
        ({"messages": [{"role": "user", "content": "a " * 9000}]}, "window of 8192"),
    ],
)
async def test_it_refuses_what_the_table_does_not_allow(pro, change, named):
    response = await pro.post(CHAT, json=GOOD | change)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["status"]) == (400, "bad_request", 400)
    assert named in error["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"NaN", b'{"model": "rax-4.0", "temperature": NaN}'])
async def test_it_refuses_what_is_not_a_json_object(pro, body):
    response = await pro.post(CHAT, content=body)
    assert response.status_code == 400


async def test_it_refuses_unknown_and_missing_keys(pro):
    for authorization in ("Bearer rax_unknown", "Basic rax_demo_pro", ""):
        response = await pro.get("/models", headers={"Authorization": authorization})
        assert response.json()["error"]["code"] == "invalid_api_key"


async def test_it_counts_tokens_by_its_rule(pro):
    answer = (await pro.post(CHAT, json=GOOD)).json()
    text = answer["choices"][0]["message"]["content"]
    assert answer["usage"]["completion_tokens"] == count_tokens(text)
    assert answer["usage"]["prompt_tokens"] == 1 + 4


async def test_it_ends_with_length_at_max_tokens(pro):
    answer = (await pro.post(CHAT, json=GOOD | {"max_tokens": 3})).json()
    assert answer["choices"][0] == {
        "index": 0,
        "message": {"role": "assistant", "content": "Hello! It"},
        "finish_reason": "length",
    }


async def test_it_stops_before_the_first_stop_sequence(pro):
    answer = (await pro.post(CHAT, json=GOOD | {"stop": ["hear", "good"]})).json()
    assert answer["choices"][0]["message"]["content"] == "Hello! It’s "
    assert answer["choices"][0]["finish_reason"] == "stop"


async def test_it_answers_in_the_documented_shape_off_the_paths(pro):
    assert (await pro.get("/nowhere")).json()["error"]["code"] == "not_found"
    assert (await pro.get(CHAT)).json()["error"]["status"] == 405
    assert (await pro.post(CHAT, content=b" " * 5_000_000)).json()["error"]["status"] == 413


async def test_models_come_and_go(pro, simulator):
    simulator.models = {"rax-4.5": simulator.models["rax-4.5"]}
    listed = (await pro.get("/models")).json()["data"]
    assert [model["id"] for model in listed] == ["rax-4.5"]
    assert (await pro.post(CHAT, json=GOOD)).status_code == 400
