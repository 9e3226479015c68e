"""What an error carries, over a real socket: what the API sent of it, and where a redirect leads."""

import contextlib
import copy
import gzip
import json
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from rax import (
    AnswerError,
    ArgumentError,
    AuthenticationError,
    BadRequestError,
    KeyShapeError,
    Kind,
    Limits,
    RateLimitError,
    RawAnswer,
    ServerError,
    StatusError,
)
from rax._errors import error_from_event
from rax._key import Key
from tests.rax.conftest import CUT, KEY
from tests.rax.wire import (
    ASK,
    answer,
    chunked,
    delta,
    documented_stream,
    event,
    fails,
    read_texts,
    stream_head,
)

NO_KEY = [{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}]
UPSTREAM = b"upstream connect error or disconnect/reset before headers"
PAGE = b"<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head><body>Hello"


async def test_it_carries_which_error_of_what_sort_about_which_field(server, client):
    said = {"message": "No.", "type": "invalid_request_error", "param": "temperature", "code": "too_hot"}
    server.answers = [answer({"error": said}, 400)]
    error = await fails(client.chat(**ASK))
    assert (error.code, error.type, error.param) == ("too_hot", "invalid_request_error", "temperature")


async def test_it_says_where_a_redirect_leads(server, client):
    server.answers = [answer(b"", 308, location="https://api.example/v1")]
    error = await fails(client.chat(**ASK))
    assert str(error) == "The API answered 308, a redirect to https://api.example/v1."
    assert error.answer.location == "https://api.example/v1"


async def test_what_matters_of_the_headers_is_kept_however_many_there_are(server, client):
    many = {f"x_{number}": "x" for number in range(100)}
    server.answers = [answer(b"", 307, **many, location="/v2", content_type="text/plain")]
    error = await fails(client.chat(**ASK))
    assert (error.answer.location, error.answer.content_type) == ("/v2", "text/plain")
    assert len(error.answer.headers) == 64


async def test_an_array_of_errors_is_read_whole_and_in_mid_stream(server, client):
    server.answers = [
        answer(NO_KEY, 400),
        answer(NO_KEY),
        [stream_head(), event(delta("Hi")), event(json.dumps(NO_KEY))],
    ]
    for call in (client.chat(**ASK), client.chat(**ASK), read_texts(client.chat_stream(**ASK))):
        error = await fails(call)
        assert (type(error), error.provider_message) == (BadRequestError, "API key not valid.")


@pytest.mark.parametrize(
    ("said", "error_class", "status_code", "code"),
    [
        ({"message": "boom"}, ServerError, None, None),
        ({"message": "boom", "code": 503}, ServerError, 503, "503"),
        ({"message": "boom", "code": "rate_limit_exceeded"}, RateLimitError, None, "rate_limit_exceeded"),
        ({"message": "boom", "status": "UNAUTHENTICATED"}, AuthenticationError, None, None),
    ],
)
async def test_an_error_in_mid_stream_has_no_status_but_the_one_it_names(
    server, client, said, error_class, status_code, code
):
    server.answers = [[stream_head(), event(delta("Hi")), event({"error": said})]]
    error = await fails(read_texts(client.chat_stream(**ASK)))
    assert isinstance(error, error_class)
    assert (error.status_code, error.code, error.answer.status_code) == (status_code, code, 200)
    assert str(error) == f"The API told of an error{f' ({code})' if code else ''}: boom"


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(("body", "said"), [(UPSTREAM, UPSTREAM.decode()), (PAGE, "Welcome to nginx!")])
async def test_an_answer_that_is_none_says_what_it_is_instead(server, client, body, said, streams):
    server.answers = [answer(body)]
    error = await fails(read_texts(client.chat_stream(**ASK)) if streams else client.chat(**ASK))
    assert isinstance(error, AnswerError)
    assert (error.provider_message, error.body, error.is_page) == (said, body.decode(), body is PAGE)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"error": "Schlüssel ungültig"}'.encode("latin-1"), "application/json; charset=ISO-8859-1"),
        ('{"error": "Schlüssel ungültig"}'.encode(), "application/json; charset=latin1"),
        ('{"error": "Schlüssel ungültig"}'.encode("utf-16"), "application/json"),
        ('{"error": "Schlüssel ungültig"}'.encode("utf-16-le"), 'text/plain; charset="utf-16le"'),
        ('<html><meta charset="cp1252"><title>Schlüssel ungültig'.encode("cp1252"), "text/html"),
        (b'{"error": "Schl\xc3\xbcssel ung\xc3\xbcltig"}', "text/plain; charset=unicode_escape"),
    ],
)
async def test_it_reads_the_charset_that_is_declared(server, client, body, content_type):
    server.answers = [answer(body, 401, content_type=content_type)]
    assert (await fails(client.chat(**ASK))).provider_message == "Schlüssel ungültig"


async def test_no_charset_hides_the_key(server, client):
    body = json.dumps({"error": f"No such key {KEY}"}).encode("cp500")
    server.answers = [answer(body, 401, content_type="application/json; charset=cp500")]
    error = await fails(client.chat(**ASK))
    assert (error.provider_message, KEY in error.body) == ("No such key ***", False)


async def test_of_a_compressed_error_it_reads_what_came(server, client):
    words = "The model is too large. " * 50 + "".join(map(chr, range(200, 600)))
    packed = gzip.compress(json.dumps({"error": words}).encode())
    for body in (packed, packed[: len(packed) // 2], b'{"error": "The model is too large."}'):
        server.answers = [answer(body, 500, content_encoding="gzip")]
        error = await fails(client.chat(**ASK))
        assert error.provider_message.startswith("The model is too large.")


async def test_a_date_in_the_words_of_a_refusal_says_when_to_come_back(server, client):
    server.answers = [
        answer({"error": "Slow down. Try again in 20s."}, 429),
        answer({"error": "Slow down. Try again in 20s."}, 429, retry_after="7"),
        answer({"error": "Slow down. Try again in 20s."}, 500),
    ]
    found = [(await fails(client.chat(**ASK))).retry_after_seconds for _ in server.answers]
    assert found == [20, 7, None]


MET = datetime(2026, 11, 26, 12, tzinfo=UTC)
WHOLE = RateLimitError(
    "Slow down.",
    kind=Kind.RATE_LIMITED,
    status_code=429,
    code="c",
    type="t",
    param="p",
    request_id="r",
    retry_after_seconds=1.5,
    body="b",
    provider_message="m",
    is_page=True,
    limits=Limits(MET, requests_remaining=0),
    answer=RawAnswer(429, {"server": "x"}, MET, b"b"),
    maybe_billed=True,
)


@pytest.mark.parametrize("error", [WHOLE, KeyShapeError("Not a key."), ArgumentError("Not so.")])
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_it_survives_pickling_with_all_that_it_carries(error, again):
    error.add_note("Noted.")
    found = again(error)
    assert type(found) is type(error)
    assert (str(found), vars(found), found.__notes__) == (str(error), vars(error), error.__notes__)


async def test_one_that_came_over_the_wire_survives_too(server, client):
    server.answers = [answer({"error": "No."}, 401), [stream_head(content_length="99"), CUT]]
    for call in (client.chat(**ASK), read_texts(client.chat_stream(**ASK))):
        error = await fails(call)
        assert vars(pickle.loads(pickle.dumps(error))) == vars(error)


NAMED = answer({"error": {"message": "Unrecognized field: stream_options"}}, 400)
FIELD = answer({"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs"}]}, 422)
OTHER = answer({"error": {"message": "temperature is above 2", "param": "temperature"}}, 400)
UNNAMED = answer({"error": "Bad request"}, 400)
LARGE = answer(b"", 413)
BROKE = answer({"error": "unexpected keyword argument 'stream_options'"}, 500)
DOWN = answer({"error": "It broke"}, 500)
FINE = chunked(documented_stream("Hi"))


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([NAMED, FINE], [True, False]),
        ([FIELD, FINE], [True, False]),
        ([UNNAMED, FINE], [True, False]),
        ([BROKE, FINE], [True, False]),
        ([DOWN], [True]),
        ([OTHER], [True]),
        ([LARGE], [True]),
        ([FINE, UNNAMED], [True, True]),
        ([FINE, NAMED, FINE], [True, True, False]),
        ([NAMED, FINE, UNNAMED], [True, False, False]),
        ([UNNAMED, UNNAMED, UNNAMED], [True, False, True, False]),
    ],
)
async def test_a_refused_request_is_sent_again_only_where_it_may_have_asked_for_usage(
    server, client, answers, asked
):
    server.answers = answers
    for _ in range(2):
        if len(server.requests) < len(asked):
            with contextlib.suppress(StatusError):
                await read_texts(client.chat_stream(**ASK))
    assert ["stream_options" in request.json for request in server.requests] == asked


@pytest.mark.timeout(60)
def test_an_error_of_many_values_in_mid_stream_takes_a_moment():
    value: Any = {"reset": "soon"}
    for _ in range(6):
        value = [value] * 50
    told = {"error": {"code": 429, "message": "No.", "errors": value}, "x": value}
    said = RawAnswer(200, {}, None)
    error = error_from_event(
        told, b"{}", request_id=None, limits=Limits(datetime.now(UTC)), answer=said, key=Key(KEY)
    )
    assert (type(error), error.provider_message) == (RateLimitError, "No.")
