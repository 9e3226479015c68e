"""Faults that replace a whole answer, or change the JSON of one."""

import gzip
from typing import Any

import orjson
from aiohttp import web

from rax.simulator.errors import error_body
from rax.simulator.faults.registry import on_answer, on_json

HTML = (
    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>"
)


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response(error_body(status, message), status=status, headers=headers)


@on_answer("400", "The request is refused.")
def bad_request(argument: str) -> web.Response:
    return _error(400, argument or "Simulated bad request.")


@on_answer("401", "The key is refused.")
def invalid_key(argument: str) -> web.Response:
    return _error(401, "Invalid API key provided")


@on_answer("403", "The key lacks permission.")
def forbidden(argument: str) -> web.Response:
    return _error(403, "This key lacks permission for the request.")


@on_answer("429", "Too many requests; the argument is Retry-After, 7 by default.")
def too_many(argument: str) -> web.Response:
    return _error(429, "Rate limit exceeded.", {"Retry-After": argument or "7"})


@on_answer("429-bare", "Too many requests, from a gateway that drops Retry-After and all other headers.")
def too_many_bare(argument: str) -> web.Response:
    return web.Response(status=429, text="Too Many Requests")


@on_answer("500", "The server fails.")
def internal_error(argument: str) -> web.Response:
    return _error(500, "Simulated server error.")


@on_answer("503", "The server is unavailable.")
def unavailable(argument: str) -> web.Response:
    return _error(503, "Simulated outage.")


@on_answer("html", "A proxy answers 502 with an HTML page; the argument is another status.")
def html_page(argument: str) -> web.Response:
    return web.Response(status=int(argument or 502), text=HTML, content_type="text/html")


@on_answer("text-error", "An error as bare text, status 500.")
def text_error(argument: str) -> web.Response:
    return web.Response(status=500, text="upstream connect error or disconnect/reset before headers")


@on_answer("error-string", 'An error body of the shape {"error": "text"}.')
def error_string(argument: str) -> web.Response:
    return web.json_response({"error": "Simulated error."}, status=400)


@on_answer("error-detail", 'An error body of the shape {"detail": "text"}.')
def error_detail(argument: str) -> web.Response:
    return web.json_response({"detail": "Simulated error."}, status=422)


@on_answer("error-list", 'An error body of the shape {"detail": [{…}]}.')
def error_list(argument: str) -> web.Response:
    detail = [{"loc": ["body", "messages"], "msg": "Field required", "type": "missing"}]
    return web.json_response({"detail": detail}, status=422)


@on_answer("error-nested", 'An error body of the shape {"detail": {"error": {…}}}, with an integer code.')
def error_nested(argument: str) -> web.Response:
    return web.json_response({"detail": {"error": {"message": "Simulated error.", "code": 1234}}}, status=400)


@on_answer("redirect", "The answer is a redirect to the argument, or to a path that does not exist.")
def redirect(argument: str) -> web.Response:
    return web.Response(status=307, headers={"Location": argument or "/elsewhere"})


@on_answer("empty-body", "Status 200 and nothing else.")
def empty_body(argument: str) -> web.Response:
    return web.Response(status=200, content_type="application/json")


@on_answer("bad-json", "Status 200 and JSON that ends too early.")
def bad_json(argument: str) -> web.Response:
    return web.Response(body=b'{"object": "list", "data": [', content_type="application/json")


@on_answer("deep-json", "Status 200 and JSON nested 100,000 levels deep.")
def deep_json(argument: str) -> web.Response:
    return web.Response(body=b"[" * 100_000, content_type="application/json")


@on_answer("gzip-bomb", "50 MB of spaces in 48 KB of gzip, although nobody asked for gzip.")
def gzip_bomb(argument: str) -> web.Response:
    body = gzip.compress(b" " * 50_000_000, compresslevel=6)
    return web.Response(body=body, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})


@on_answer("no-usage", "There is no usage endpoint.", "usage")
def no_usage(argument: str) -> web.Response:
    return _error(404, "Not found")


@on_answer("no-models", "There is no models endpoint.", "models")
def no_models(argument: str) -> web.Response:
    return _error(404, "Not found")


@on_json("empty-models", "The list of models is empty.", "models")
def empty_models(body: dict[str, Any], argument: str) -> dict[str, Any]:
    return body | {"data": []}


@on_json("plain-models", "Models carry only what every OpenAI-compatible server gives.", "models")
def plain_models(body: dict[str, Any], argument: str) -> dict[str, Any]:
    fields = ("id", "object", "created", "owned_by")
    return body | {"data": [{name: model[name] for name in fields} for model in body["data"]]}


@on_json(
    "falling", "The counters fall within their period by the argument, 1,000 tokens by default.", "usage"
)
def falling(body: dict[str, Any], argument: str) -> dict[str, Any]:
    fall = int(argument or 1000)
    lowered = body | {"total_tokens": max(0, body["total_tokens"] - fall)}
    if breakdown := body.get("breakdown"):
        largest = max(breakdown, key=lambda model: breakdown[model]["tokens"])
        tokens = max(0, breakdown[largest]["tokens"] - fall)
        lowered["breakdown"] = breakdown | {largest: breakdown[largest] | {"tokens": tokens}}
    return lowered


@on_json("mismatch", "The total exceeds the sum of the models by the argument (1 token by default).", "usage")
def mismatch(body: dict[str, Any], argument: str) -> dict[str, Any]:
    return body | {"total_tokens": body["total_tokens"] + int(argument or 1)}


@on_json("lost-model", "The breakdown lacks the model of the argument, or its last one.", "usage")
def lost_model(body: dict[str, Any], argument: str) -> dict[str, Any]:
    lost = argument or next(reversed(body.get("breakdown", {})), "")
    left = {name: row for name, row in body.get("breakdown", {}).items() if name != lost}
    return body | {"breakdown": left}


@on_json("huge-integer", "The total is an integer of 5,000 digits.", "usage")
def huge_integer(body: dict[str, Any], argument: str) -> bytes:
    return orjson.dumps(body | {"total_tokens": "HUGE"}).replace(b'"HUGE"', b"9" * 5000)


@on_json("nan", "The total is NaN, which is not JSON.", "usage")
def not_a_number(body: dict[str, Any], argument: str) -> bytes:
    return orjson.dumps(body | {"total_tokens": "NAN"}).replace(b'"NAN"', b"NaN")
