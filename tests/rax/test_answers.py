"""What every answer and every error of an answer carries with it, to be stored."""

import base64
import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from rax import Client, ConnectionLostError, Kind, RateLimitError
from rax._answers import RawAnswer
from rax._values import read_http_date
from tests.rax.conftest import CUT, KEY
from tests.rax.wire import (
    ASK,
    CHAT,
    MODELS,
    USAGE,
    answer,
    delta,
    documented_stream,
    event,
    fails,
    read_texts,
    stream_head,
)

DATE = "Mon, 01 Jan 2024 12:00:30 GMT"
HALF_PAST = datetime(2024, 1, 1, 12, 0, 30, tzinfo=UTC)
LIMITED = {"error": {"message": f"Slow down, {KEY}", "code": "rate_limit_exceeded", "status": 429}}


async def test_an_answer_carries_its_body_as_received(server, client):
    body = json.dumps({**USAGE, "note": f"für {KEY}"}, indent=3, ensure_ascii=False).encode()
    server.answers = [answer(body)]
    kept = (await client.usage()).answer
    assert (kept.status_code, kept.is_cut) == (200, False)
    assert kept.body == body.replace(KEY.encode(), b"***")


@pytest.mark.parametrize(("question", "said"), [("usage", USAGE), ("models", MODELS)])
async def test_an_answer_tells_the_time_of_the_provider(server, client, question, said):
    server.answers = [answer(said, date=DATE), answer(said)]
    assert (await getattr(client, question)()).answer.date == HALF_PAST
    assert (await getattr(client, question)()).answer.date is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        (DATE, HALF_PAST),
        ("Mon, 01 Jan 2024 13:00:30 +0100", HALF_PAST),
        ("Mon, 01 Jan 2024 12:00:30 -0000", HALF_PAST),
        ("Monday, 01-Jan-24 12:00:30 GMT", HALF_PAST),
        ("", None),
        ("soon", None),
        ("Mon, 41 Jan 2024 12:00:30 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
        ("1" * 200, None),
    ],
)
def test_it_reads_the_date_or_does_without(text, instant):
    assert read_http_date(text) == instant


async def test_a_completion_carries_its_headers(server, client):
    server.answers = [answer(CHAT, X_Region="eu-1", date=DATE)]
    kept = (await client.chat(**ASK)).answer
    assert (kept.headers["x-region"], kept.date, json.loads(kept.body)) == ("eu-1", HALF_PAST, CHAT)


async def test_a_stream_carries_its_headers_from_the_start(server, client):
    server.answers = [[stream_head(X_Region="eu-1", date=DATE), documented_stream("Hi")]]
    stream = client.chat_stream(**ASK)
    assert stream.answer is None
    async with stream:
        kept: RawAnswer = stream.answer
        assert (kept.headers["x-region"], kept.date) == ("eu-1", HALF_PAST)
        assert (kept.status_code, kept.body) == (200, b"")


@pytest.mark.parametrize(
    "shown", [KEY, KEY.upper(), KEY.encode().hex(), base64.b64encode(KEY.encode()).decode()]
)
async def test_no_header_shows_the_key(server, client, shown):
    server.answers = [answer(CHAT, x_asked_with=f"key={shown};", x_request_id=shown)]
    found = await client.chat(**ASK)
    assert found.answer.headers["x-asked-with"].startswith("key=***")
    assert shown not in repr(found)


async def test_headers_that_let_somebody_in_are_left_out(server, client):
    credentials: dict[str, Any] = {
        "set_cookie": "id=1",
        "authorization": "Bearer x",
        "x_api_key": "x",
        "x_csrf_token": "x",
    }
    server.answers = [
        answer(CHAT, **credentials, x_ratelimit_remaining_tokens="7", www_authenticate="Bearer")
    ]
    names = set((await client.chat(**ASK)).answer.headers)
    assert names == {"content-length", "x-ratelimit-remaining-tokens", "www-authenticate"}


async def test_headers_are_bounded_in_number_and_length(server, client):
    many: dict[str, Any] = {"x_" + "n" * 300: "long"} | {f"x_{number}": "v" * 300 for number in range(80)}
    server.answers = [answer(CHAT, **many)]
    headers = (await client.chat(**ASK)).answer.headers
    assert (len(headers), max(map(len, headers)), max(map(len, headers.values()))) == (64, 100, 256)


async def test_a_refusal_carries_what_was_received(server, client):
    body = json.dumps({"error": f"No such key {KEY}"}).encode() + b" " * 5000
    server.answers = [answer(body, status=401, date=DATE, x_asked_with=KEY, x_request_id="req_9")]
    error = await fails(client.usage())
    assert (error.answer.status_code, error.answer.date, error.request_id) == (401, HALF_PAST, "req_9")
    assert error.answer.headers["x-asked-with"] == "***"
    assert error.answer.body == body.replace(KEY.encode(), b"***")
    assert len(error.body) == 2000


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"total_tokens": ' + b" " * 3000 + KEY.encode(), Kind.NOT_JSON),
        (json.dumps({"total": [KEY] * 200}).encode(), Kind.UNEXPECTED_SHAPE),
        (json.dumps({"error": KEY * 200}).encode(), Kind.SERVER_ERROR),
    ],
)
async def test_an_answer_that_cannot_be_used_is_carried_whole(server, client, body, kind):
    server.answers = [answer(body, date=DATE)]
    error = await fails(client.usage())
    assert (error.kind, error.answer.date) == (kind, HALF_PAST)
    assert error.answer.body == body.replace(KEY.encode(), b"***")


@pytest.mark.parametrize("status", [200, 502])
async def test_a_body_is_kept_up_to_256_kilobytes(server, make_client, status):
    server.answers = [answer(b"x" * 262_140 + KEY.encode() + b"x" * 9000, status=status)]
    error = await fails(make_client(get_retries=0).usage())
    assert (len(error.answer.body), error.answer.is_cut) == (262_144, True)
    assert error.answer.body.endswith(b"x***x")


async def test_a_body_that_is_too_large_is_kept_in_part(server, client):
    server.answers = [answer(b"[" + b" " * 9_000_000)]
    error = await fails(client.usage())
    assert (error.kind, error.answer.body[:2], error.answer.is_cut) == (Kind.TOO_LARGE, b"[ ", True)


async def test_a_body_that_breaks_off_is_kept_as_far_as_it_came(server, client):
    server.answers = [[answer(CHAT, date=DATE)[:-20], 0.01, CUT]]
    error = await fails(client.chat(**ASK))
    assert (type(error), error.answer.date) == (ConnectionLostError, HALF_PAST)
    assert error.answer.body in (json.dumps(CHAT).encode()[:-20], b"")  # what a reset leaves unread is lost


async def test_an_inflated_body_is_kept_and_a_broken_one_is_not(server, client):
    packed = gzip.compress(json.dumps(USAGE).encode())
    server.answers = [answer(packed, content_encoding="gzip"), answer(packed[:-9], content_encoding="gzip")]
    assert json.loads((await client.usage()).answer.body) == USAGE
    assert (await fails(client.usage())).answer.body == b""


async def test_a_stream_that_is_refused_carries_what_was_received(server, client):
    server.answers = [answer(LIMITED, status=429, date=DATE)]
    error = await fails(read_texts(client.chat_stream(**ASK)))
    assert (error.answer.status_code, error.answer.date) == (429, HALF_PAST)
    assert b"Slow down, ***" in error.answer.body


async def test_an_error_inside_a_stream_carries_headers_and_words(server, client):
    words = {"error": {**LIMITED["error"], "hint": "x" * 3000}}
    server.answers = [[stream_head(X_Region="eu-1", date=DATE), event(delta("Hi")), event(words)]]
    error = await fails(read_texts(client.chat_stream(**ASK)))
    assert isinstance(error, RateLimitError)
    assert (error.answer.headers["x-region"], error.answer.date, error.answer.body) == (
        "eu-1",
        HALF_PAST,
        b"",
    )
    assert error.body == json.dumps(words).replace(KEY, "***")[:2000]


@pytest.mark.parametrize(
    ("body", "length", "kind"),
    [
        (event(delta("Hi")), 9999, Kind.CONNECTION_LOST),
        (b"data: {broken\n\n", 9999, Kind.NOT_JSON),
        (b"<html>", 6, Kind.UNEXPECTED_SHAPE),
        (b"", 0, Kind.EMPTY_STREAM),
    ],
)
async def test_whatever_ends_a_stream_carries_its_headers(server, client, body, length, kind):
    server.answers = [[stream_head(X_Region="eu-1", content_length=length), body]]
    error = await fails(read_texts(client.chat_stream(**ASK)))
    assert (error.kind, error.answer.headers["x-region"]) == (kind, "eu-1")


async def test_a_compressed_stream_carries_its_headers(server, client):
    server.answers = [[stream_head(content_encoding="gzip"), b"?"]]
    assert (await fails(read_texts(client.chat_stream(**ASK)))).answer.headers["content-encoding"] == "gzip"


async def test_where_no_answer_came_there_is_none(server, connections):
    server.answers = [[CUT]]
    error = await fails(Client(KEY, base_url=server.base_url, connections=connections).chat(**ASK))
    assert error.answer is None


def test_its_text_is_safe_to_store():
    kept = RawAnswer(200, {}, None, b"a\x00b\x1b\n\xff\xed\xa0\xbd\xc3\xa9")
    assert kept.text == "a b \n\ufffd\ufffd\ufffd\ufffdé"
    assert "body" not in repr(kept)
