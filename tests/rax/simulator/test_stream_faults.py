"""Every fault of a stream as it looks on a bare socket."""

import zlib

import orjson
import pytest

from rax.simulator.faults import REGISTRY
from tests.rax.simulator.raw import STREAM, ask, saying

DONE = b"data: [DONE]\n\n"
STREAM_FAULTS = sorted(name for name, fault in REGISTRY.items() if fault.bend)
ENDLESS = {"stall", "stall-comments"}


@pytest.mark.parametrize(
    "fault", [name for name in STREAM_FAULTS if name not in {"slow", "long-line", "early-finish"} | ENDLESS]
)
async def test_a_stream_with_a_fault_ends_by_itself(server, simulator, fault):
    raw = await ask(server, fault, STREAM)
    (exchange,) = simulator.log
    assert raw.status == 200
    assert exchange.faults == [fault]
    assert exchange.outcome == ("cut" if fault.startswith("cut") else "answered")


@pytest.mark.parametrize("fault", ["cut", "cut-in-line"])
async def test_the_connection_is_lost_in_the_middle(server, fault):
    raw = await ask(server, fault, STREAM)
    assert not raw.complete
    assert raw.body.count(b"data: ") == 5 + (fault == "cut-in-line")
    assert raw.body.endswith(b"\n\n") == (fault == "cut")


async def test_the_argument_says_after_how_many_events(server):
    assert (await ask(server, "cut:2", STREAM)).body.count(b"data: ") == 2


async def test_a_stalled_stream_stays_open(server):
    raw = await ask(server, "stall:2", STREAM)
    assert (raw.complete, raw.body.count(b"data: ")) == (False, 2)


async def test_comments_may_keep_a_stalled_stream_alive(server):
    raw = await ask(server, "stall-comments:2", STREAM)
    assert raw.body.count(b"data: ") == 2
    assert raw.body.count(b": keep-alive\n\n") > 2


async def test_a_stream_may_end_cleanly_without_an_end(server):
    raw = await ask(server, "ended-early", STREAM)
    assert raw.complete
    assert b"[DONE]" not in raw.body
    assert b'"finish_reason":"stop"' not in raw.body


async def test_done_may_be_missing(server):
    raw = await ask(server, "no-done", STREAM)
    assert b"[DONE]" not in raw.body
    assert b'"finish_reason":"stop"' in raw.body


async def test_a_stream_may_be_empty(server):
    raw = await ask(server, "empty", STREAM)
    assert (raw.complete, raw.body) == (True, b"")


async def test_a_line_may_be_malformed(server):
    raw = await ask(server, "malformed", STREAM)
    assert b'{"content": \n\n' in raw.body
    assert raw.body.endswith(DONE)


async def test_every_byte_may_come_alone(server):
    raw = await ask(server, "split", saying("é👩"))
    assert raw.received.count(b"\r\n1\r\n") > len(raw.body) - 2
    assert "é".encode() in raw.body


async def test_all_events_may_come_at_once(server):
    raw = await ask(server, "joined", STREAM)
    assert raw.received.count(b"\r\n\r\n", raw.received.index(b"data:")) <= 2
    assert raw.body.endswith(DONE)


async def test_lines_may_end_with_crlf(server):
    assert (await ask(server, "crlf", STREAM)).body.endswith(b"data: [DONE]\r\n\r\n")


async def test_one_event_may_lie_on_two_lines(server):
    event = (await ask(server, "multiline", STREAM)).body.split(b"\n\n")[0]
    lines = event.split(b"\n")
    assert len(lines) == 2
    assert orjson.loads(b"\n".join(line.removeprefix(b"data: ") for line in lines))["choices"]


async def test_half_a_character_may_come_per_chunk(server):
    raw = await ask(server, "surrogates", saying("👩"))
    assert raw.body.count(b'"content":"\\ud83d"') == 1
    assert raw.body.count(b'"content":"\\udc69"') == 1


async def test_line_separators_may_stand_inside_json(server):
    assert "\u2028\u0085" in (await ask(server, "line-separators", STREAM)).body.decode()


async def test_comments_and_bare_data_may_come_between(server):
    assert (await ask(server, "comments", STREAM)).body.startswith(b": keep-alive\n\ndata:\n\ndata: {")


@pytest.mark.parametrize(
    ("fault", "shape"), [("error", b'data: {"error"'), ("error-event", b"event: error\n")]
)
async def test_an_error_may_come_in_mid_stream(server, fault, shape):
    raw = await ask(server, fault, STREAM)
    assert shape in raw.body
    assert b"[DONE]" not in raw.body


async def test_a_stream_may_be_compressed_unasked(server):
    raw = await ask(server, "gzip", STREAM)
    assert "Content-Encoding: gzip" in raw.head
    assert zlib.decompress(raw.body, wbits=31).endswith(DONE)


async def test_the_content_type_may_be_plain(server):
    assert "Content-Type: text/plain\r" in (await ask(server, "plain-type", STREAM)).head


async def test_the_finish_reason_may_be_absent_or_odd(server):
    assert b"finish_reason" not in (await ask(server, "no-finish", STREAM)).body
    assert b'"finish_reason":"tired"' in (await ask(server, "odd-finish:tired", STREAM)).body


async def test_usage_may_come_on_every_chunk(server):
    raw = await ask(server, "usage-everywhere", STREAM)
    assert raw.body.count(b'"usage":{') > 10
    assert raw.body.count(b'"usage":null') == 1


async def test_a_line_may_be_very_long(server):
    raw = await ask(server, "long-line:1000000", STREAM)
    assert max(len(line) for line in raw.body.split(b"\n")) >= 1_000_000


async def test_the_first_token_may_be_slow(server):
    assert (await ask(server, "slow:0.01", STREAM)).body.endswith(DONE)
    assert (await ask(server, "slow:60", STREAM)).body == b""
