"""What an error says of itself, in the shapes that servers are known to give it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax import Limits
from rax._errors import Detail, holds_error, read_detail, read_said
from rax._errors.pauses import pause_seconds

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)

REQUIRED = {"loc": ["body", "messages"], "msg": "Field required", "type": "missing"}
TOO_SHORT = {"loc": ["body", "messages", 0, "content"], "msg": "Too short"}
NOT_VALID = {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}
VIOLATION = {"@type": "BadRequest", "fieldViolations": [{"field": "top_p", "description": "Above 1."}]}
SHAPES = {
    "the documented one": (
        {"error": {"message": "No.", "type": "t", "param": "model", "code": "c", "status": 401}},
        Detail("No.", "c", "t", "model", 401),
    ),
    "an error as text": ({"error": "No."}, Detail("No.")),
    "an error as texts": ({"error": ["No.", "Never."]}, Detail("No.; Never.")),
    "a flat one": ({"object": "error", "message": "No.", "code": 40303}, Detail("No.", "40303")),
    "one of a text generator": (
        {"error": "Busy.", "error_type": "overloaded"},
        Detail("Busy.", type="overloaded"),
    ),
    "one with its type outside": (
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}, "request_id": "r"},
        Detail("Overloaded", type="overloaded_error", request_id="r"),
    ),
    "an array of errors": ([NOT_VALID], Detail("API key not valid.", "400", "INVALID_ARGUMENT", status=400)),
    "a server's own words beside its status": (
        {"statusCode": 404, "error": "Not Found", "message": "Route POST:/v1/x not found"},
        Detail("Route POST:/v1/x not found", status=404),
    ),
    "a list of reasons": (
        {"statusCode": 400, "message": ["No a.", "No b."]},
        Detail("No a.; No b.", status=400),
    ),
    "a status alone": ({"status": 404, "error": "Not Found", "path": "/x"}, Detail("Not Found", status=404)),
    "every field": (
        {"detail": [REQUIRED, TOO_SHORT]},
        Detail("messages: Field required; messages.0.content: Too short", type="missing", param="messages"),
    ),
    "a detail as text": ({"detail": "Not Found"}, Detail("Not Found")),
    "a detail that holds an error": (
        {"detail": {"error": {"message": "No.", "code": "c"}}},
        Detail("No.", "c"),
    ),
    "errors as a list": (
        {"success": False, "errors": [{"code": 7003, "message": "No route"}]},
        Detail("No route", "7003"),
    ),
    "errors as texts": ({"errors": ["No a.", "No b."]}, Detail("No a.; No b.")),
    "errors by field": (
        {"title": "Invalid.", "status": 400, "errors": {"Model": ["Is required."]}},
        Detail("Invalid: Model: Is required.", param="Model", status=400),
    ),
    "errors with pointers": (
        {
            "errors": [
                {
                    "status": "422",
                    "title": "Bad",
                    "detail": "Too hot.",
                    "source": {"pointer": "/data/temperature"},
                }
            ]
        },
        Detail("temperature: Too hot.", param="temperature", status=422),
    ),
    "problem details": (
        {
            "type": "https://example.com/credit",
            "title": "No credit.",
            "detail": "30 left, 50 needed.",
            "status": 403,
        },
        Detail("30 left, 50 needed.", type="https://example.com/credit", status=403),
    ),
    "problem details with a title alone": ({"type": "about:blank", "title": "Gone"}, Detail("Gone")),
    "violations of fields": (
        {"error": {"message": "Invalid value.", "details": [VIOLATION, {"reason": "NOISE"}]}},
        Detail("Invalid value: top_p: Above 1.", param="top_p"),
    ),
    "a base response": (
        {"base_resp": {"status_code": 1004, "status_msg": "login fail"}},
        Detail("login fail", "1004"),
    ),
    "an error message": ({"error_code": 110, "error_msg": "Token invalid"}, Detail("Token invalid", "110")),
    "an error message in camels": ({"errorCode": "E1", "errorMessage": "No."}, Detail("No.", "E1")),
    "one that begins with capitals": (
        {"Response": {"Error": {"Code": "AuthFailure", "Message": "No."}, "RequestId": "r"}},
        Detail("No.", "AuthFailure", request_id="r"),
    ),
    "a fault": (
        {"fault": {"faultstring": "Over quota", "detail": {"errorcode": "q"}}},
        Detail("Over quota", "q"),
    ),
    "a name and a description": (
        {"error": "invalid_token", "error_description": "It expired."},
        Detail("It expired.", "invalid_token"),
    ),
    "a message of another kind": ({"error": {"message": {"text": "No."}}}, Detail("text: No.")),
    "a message that holds an error": ({"error": {"message": {"error": {"message": "No."}}}}, Detail("No.")),
    "a message in JSON": ({"error": {"message": json.dumps({"error": {"message": "No."}})}}, Detail("No.")),
    "what a router was told": (
        {
            "error": {
                "message": "Provider error",
                "code": 429,
                "metadata": {"raw": json.dumps({"error": "Slow down"})},
            }
        },
        Detail("Provider error: Slow down", "429", status=429),
    ),
    "null and nothing": ({"error": {"message": None, "code": None, "param": None}}, Detail()),
    "no words at all": ({"error": {"message": {"a": 1}}}, Detail()),
    "a number": (7, Detail()),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_read_from_every_shape(shape: str) -> None:
    value, expected = SHAPES[shape]
    assert read_detail(value) == expected
    assert read_said(json.dumps(value)) == expected or not isinstance(value, dict | list)


TEXTS = {
    "plain": ("model needs 48 GB,\n only 24 GB are free", "model needs 48 GB, only 24 GB are free"),
    "a page": (
        "<!DOCTYPE html><html><head><title>a.example | 522: Timed &amp; out</title>",
        "a.example | 522: Timed & out",
    ),
    "a page of a framework": (
        "<html><title>Error</title><body><pre>Cannot POST /v1/x</pre>",
        "Cannot POST /v1/x",
    ),
    "a page without a title": ("<html><style>h1 {}</style><body><h1>Down</h1><p>for now", "Down"),
    "a page without a heading": ("<body>Bad <b>gateway</b></body>", "Bad gateway"),
    "XML": ("<?xml version='1.0'?><Error><Code>Denied</Code><Message>No.</Message></Error>", "No."),
    "JSON that was cut": ('{"error": {"message": "No \\"x\\" he', 'No "x" he'),
    "JSON that was cut in an escape": (r'{"error": {"message": "Gr\u00fc\ud83d\ude00\nd\u00', "Grü😀 d"),
    "a dictionary of Python": ("{'detail': 'No.'}", "No."),
    "an event": ('event: error\ndata: {"error": "No."}\n\n', "No."),
    "a byte order mark": ('\ufeff{"error": "No."}', "No."),
    "nothing": (" \r\n", ""),
    "JSON that says nothing": ('{"choices": [', ""),
}


@pytest.mark.parametrize("shape", TEXTS)
def test_it_is_read_from_every_text(shape: str) -> None:
    text, expected = TEXTS[shape]
    assert read_said(text).message == expected


def test_it_is_bounded_however_deep_it_is_nested() -> None:
    deep: object = "No."
    for _ in range(30):
        deep = {"error": {"message": deep, "x": deep}}
    assert read_detail(deep).message


ANSWERS = [
    {"choices": [{"delta": {}}], "error": None},
    {"choices": [], "error_code": 0, "base_resp": {"status_code": 0, "status_msg": "success"}},
    {"object": "list", "data": []},
    {"total_tokens": 1, "message": "hello", "detail": "whatever"},
    [{"id": "m", "object": "model", "description": "A model", "detail": "large"}],
    [],
    {},
    "No.",
    None,
]


@pytest.mark.parametrize("value", ANSWERS)
def test_an_answer_is_no_error(value: object) -> None:
    assert not holds_error(value)


SAID_INSIDE = [shape for shape in SHAPES if shape not in {"null and nothing", "a number"}]


@pytest.mark.parametrize("shape", SAID_INSIDE)
def test_every_shape_is_seen_to_be_an_error(shape: str) -> None:
    assert holds_error(SHAPES[shape][0])


NAMES = (
    "error",
    "errors",
    "message",
    "detail",
    "details",
    "code",
    "status",
    "param",
    "metadata",
    "retry_after",
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_no_value_is_too_odd_to_be_read(value: object) -> None:
    assert isinstance(read_detail(value).message, str)
    assert holds_error(value) in (True, False)
    assert (pause_seconds(value, "", {}, Limits(NOON)) or 1) > 0


@given(st.text() | st.sampled_from(sorted(TEXTS)).map(lambda shape: TEXTS[shape][0] + "\x00\ud800"))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    assert isinstance(read_said(text).message, str)
    assert (pause_seconds(None, f"Try again at {text}", {}, Limits(NOON)) or 1) > 0
