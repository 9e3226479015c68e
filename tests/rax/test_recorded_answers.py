"""What a client's recorder has of each kind of answer."""

import contextlib
import gzip
import json

from rax import Client, RaxError, Recorder, read_recording
from tests.rax.conftest import CUT, KEY
from tests.rax.test_redacted_answers import every_encoding
from tests.rax.wire import ASK, CHAT, answer, delta, event, fails, stream_head


def recording_client(server, connections) -> tuple[Client, Recorder]:
    recorder = Recorder()
    return Client(KEY, base_url=server.base_url, connections=connections, recorder=recorder), recorder


def lines_of(recorder: Recorder) -> list[bytes]:
    return [line.text for line in read_recording(recorder.finish().content)]


async def read_stream(client: Client) -> None:
    async with client.chat_stream(**ASK, include_usage=False) as stream:
        async for _ in stream:
            pass


async def test_a_stream_line_by_line_with_its_comments(server, connections):
    client, recorder = recording_client(server, connections)
    said = event(delta("Hi", finish="stop"))
    server.answers = [[stream_head(), b": still here\n\n", 0.06, said, event("[DONE]")]]
    await read_stream(client)
    lines = list(read_recording(recorder.finish().content))
    assert [line.text for line in lines] == [b": still here", b"", said.strip(), b"", b"data: [DONE]", b""]
    assert lines[2].ms > lines[0].ms


async def test_a_whole_answer(server, connections):
    client, recorder = recording_client(server, connections)
    server.answers = [answer(CHAT)]
    await client.chat(**ASK)
    assert json.loads(b"\n".join(lines_of(recorder))) == CHAT


async def test_a_refusal(server, connections):
    client, recorder = recording_client(server, connections)
    server.answers = [answer({"error": {"message": "No"}}, 400)]
    await fails(client.chat(**ASK))
    assert lines_of(recorder) == [b'{"error": {"message": "No"}}']


async def test_what_came_before_a_break(server, connections):
    client, recorder = recording_client(server, connections)
    server.answers = [[stream_head(), event(delta("Hi")), b"data: {", 0.05, CUT]]
    with contextlib.suppress(RaxError):
        await read_stream(client)
    assert lines_of(recorder) == [event(delta("Hi")).strip(), b"", b"data: {"]


async def test_a_compressed_answer_as_it_reads(server, connections):
    client, recorder = recording_client(server, connections)
    told = {"error": {"message": f"No such key: {KEY}"}}
    server.answers = [answer(gzip.compress(json.dumps(told).encode()), 401, content_encoding="gzip")]
    await fails(client.chat(**ASK))
    assert lines_of(recorder) == [b'{"error": {"message": "No such key: ***"}}']


async def test_the_answer_to_the_last_of_two_requests(server, connections):
    client, recorder = recording_client(server, connections)
    refusal = answer({"error": {"message": "Unknown field", "param": "stream_options"}}, 400)
    server.answers = [refusal, [stream_head(), event(delta("Hi", finish="stop")), event("[DONE]")]]
    async with client.chat_stream(**ASK) as stream:
        async for _ in stream:
            pass
    assert b"Unknown field" not in b"".join(lines_of(recorder))


@every_encoding
async def test_the_key_is_in_no_line_of_a_stream(server, connections, said):
    client, recorder = recording_client(server, connections)
    server.answers = [[stream_head(), f": {said}\n\ndata: {said}\n\n".encode(), event(delta(said))]]
    await read_stream(client)
    kept = b"\n".join(lines_of(recorder)).lower()
    assert b"***" in kept
    assert not [at for at in range(len(said) - 11) if said[at : at + 12].lower().encode() in kept]


async def test_a_key_that_is_said_letter_by_letter_withholds_the_lines(server, connections):
    client, recorder = recording_client(server, connections)
    server.answers = [[stream_head(), *[event(delta(letter)) for letter in KEY], event("[DONE]")]]
    await read_stream(client)
    assert recorder.finish().is_withheld
