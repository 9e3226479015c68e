"""What an error of the API is called, and what helps."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from rax import ArgumentError, ConnectError, Deadline, DeadlineError, Key, Kind, Limits, RawAnswer, RaxError
from rax._errors import error_from_answer, error_from_event, unreadable
from teams.error_words import WORDS, Remedy, remedy_for, words_for
from teams.keys.checks import explain

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
KEY = Key("rax_secret_key_4711")
WELCOME = "<!DOCTYPE html><title>Welcome to nginx!</title>"
TIMED_OUT = "<!DOCTYPE html><title>a.example | 522: Connection timed out</title>"


def answered(status: int, body: Any = "", **headers: str) -> RaxError:
    """Return the error of an answer with this status, body and these headers."""
    content = (body if isinstance(body, str) else json.dumps(body)).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = RawAnswer.of(status, named, content, KEY.redact_bytes)
    return error_from_answer(content, answer=answer, limits=Limits(NOON), key=KEY, is_billable=False)


def came_as_200(body: str, kind: Kind) -> RaxError:
    """Return the error of a 200 that is no answer."""
    answer = RawAnswer(200, {}, None)
    return unreadable(
        "No.", kind=kind, body=body.encode(), answer=answer, limits=None, key=KEY, maybe_billed=True
    )


def told_in_mid_stream(value: Any) -> RaxError:
    """Return the error of an event in a stream."""
    answer = RawAnswer(200, {}, None)
    return error_from_event(value, b"", request_id=None, limits=Limits(NOON), answer=answer, key=KEY)


TOLD = [
    (
        came_as_200(WELCOME, Kind.NOT_JSON),
        "A web page came instead of an answer: “Welcome to nginx!”. The key's address is probably wrong.",
        Remedy.ADDRESS,
    ),
    (
        answered(404, WELCOME),
        "A web page came instead of an answer (404): “Welcome to nginx!”. The key's address is probably "
        "wrong.",
        Remedy.ADDRESS,
    ),
    (
        answered(522, TIMED_OUT),
        "A server in front of the API answered with a web page (522): “a.example | 522: Connection timed "
        "out”. "
        "Where that stays so: the key's address is probably wrong.",
        Remedy.CHECK,
    ),
    (
        answered(308, location="https://api.example/v1/chat/completions"),
        "The key's address leads elsewhere (308): to https://api.example/v1/chat/completions. No redirect is "
        "followed, for the key would go along: if that is the API, make https://api.example/v1 the key's "
        "address.",
        Remedy.ADDRESS,
    ),
    (
        answered(302),
        "The API answered with a redirect that names no target (302). The key's address is probably wrong.",
        Remedy.ADDRESS,
    ),
    (
        answered(404, {"statusCode": 404, "error": "Not Found", "message": "Route POST:/v1/x not found"}),
        "The API takes no prompts at the key's address (404): Route POST:/v1/x not found. The key's address "
        "is probably wrong. It often ends in /v1.",
        Remedy.ADDRESS,
    ),
    (
        answered(405, {"detail": "Method Not Allowed"}),
        "The API takes no prompts at the key's address (405): Method Not Allowed. The key's address is "
        "probably wrong. It often ends in /v1.",
        Remedy.ADDRESS,
    ),
    (
        answered(404, {"error": {"message": "model 'x' not found, try pulling it first"}}),
        "The API does not know this model (404): model 'x' not found, try pulling it first",
        Remedy.REQUEST,
    ),
    (
        answered(404),
        "The API does not know this model or address (404). Where the model is right, the key's address is "
        "probably wrong.",
        Remedy.ADDRESS,
    ),
    (
        answered(400, [{"error": {"code": 400, "message": "API key not valid."}}]),
        "The API does not accept this key (400): API key not valid.",
        Remedy.SECRET,
    ),
    (answered(401), "The API does not accept this key (401).", Remedy.SECRET),
    (
        answered(400, {"error": {"message": "temperature is above 2"}}),
        "The API did not accept the request (400): temperature is above 2",
        Remedy.REQUEST,
    ),
    (answered(413), "The request is larger than the API takes (413).", Remedy.REQUEST),
    (
        answered(429, {"error": {"message": "You exceeded your quota.", "code": "insufficient_quota"}}),
        "The key's account has no credit left (429): You exceeded your quota.",
        Remedy.AGAIN,
    ),
    (
        answered(403, {"title": "You do not have enough credit.", "status": 403}),
        "The key's account has no credit left (403): You do not have enough credit.",
        Remedy.AGAIN,
    ),
    (
        answered(429, {"error": "Try again on 2026-12-01"}),
        "Too many requests or tokens for this key right now (429): Try again on 2026-12-01",
        Remedy.PAUSE,
    ),
    (
        answered(500, "model needs 48 GB, only 24 GB are free"),
        "The API failed (500): model needs 48 GB, only 24 GB are free",
        Remedy.AGAIN,
    ),
    (
        came_as_200("upstream connect error", Kind.EMPTY_STREAM),
        "The API answered with something other than a stream: upstream connect error",
        Remedy.CHECK,
    ),
    (came_as_200("", Kind.EMPTY_STREAM), "The API answered with nothing.", Remedy.AGAIN),
    (came_as_200("", Kind.NOT_JSON), "The API answered with nothing.", Remedy.CHECK),
    (
        answered(407),
        "The outbound proxy (UPSTREAM_PROXY) made no connection to the API (407). "
        "It asks for a name and a password.",
        Remedy.AGAIN,
    ),
    (told_in_mid_stream({"error": {"code": 500, "message": "boom"}}), "The API failed: boom", Remedy.AGAIN),
    (told_in_mid_stream({"error": "boom"}), "The API failed: boom", Remedy.AGAIN),
    (
        told_in_mid_stream({"error_code": 110, "error_msg": "Access token invalid"}),
        "The API does not accept this key: Access token invalid",
        Remedy.SECRET,
    ),
    (
        answered(301, location="/v2/chat/completions"),
        "The key's address leads elsewhere (301): to /v2/chat/completions. No redirect is followed, for the "
        "key would go along: if that is the API, make it the key's address.",
        Remedy.ADDRESS,
    ),
    (answered(500, {"error": "\u202eboom"}), "The API failed (500): boom", Remedy.AGAIN),
    (ArgumentError("Not so."), "This cannot be sent as it is: Not so.", Remedy.REQUEST),
    (ConnectError("No.", kind=Kind.CONNECT_FAILED), "The API cannot be reached.", Remedy.CHECK),
]


@pytest.mark.parametrize(("error", "words", "remedy"), TOLD)
def test_it_says_what_is_known_and_what_to_do(error: RaxError, words: str, remedy: Remedy) -> None:
    assert (words_for(error), remedy_for(error)) == (words, remedy)


def test_there_are_words_for_every_kind() -> None:
    assert set(WORDS) == set(Kind)


def test_a_silent_server_may_answer_the_next_time() -> None:
    error = DeadlineError(Deadline.FIRST_TOKEN, 600, maybe_billed=True)
    assert remedy_for(error) is Remedy.CHECK


@pytest.mark.parametrize(
    ("error", "field", "words"),
    [
        (
            answered(308, location="https://api.example/v1/models"),
            "base_url",
            "https://api.example/v1/models",
        ),
        (answered(400, [{"error": {"message": "API key not valid."}}]), "secret", "API key not valid."),
        (answered(403, WELCOME), "base_url", "Welcome to nginx!"),
        (answered(500, {"error": "boom"}), "base_url", "boom"),
        (told_in_mid_stream({"error": {"code": "invalid_api_key"}}), "secret", "does not know this key"),
        (ConnectError("No.", kind=Kind.CONNECT_FAILED), "base_url", "Nothing answers"),
    ],
)
def test_a_key_that_is_checked_is_told_the_same(error: RaxError, field: str, words: str) -> None:
    check = explain(error)
    assert check.field == field
    assert words in check.problem
