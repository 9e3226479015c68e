"""Answers to requests that are refused before Django has seen them: in words, and the connection ends."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string

from common.asgi import Send
from common.headers import GUARDS
from common.templatetags.numbers import file_size
from usage.api.problems import CODES, body_of, is_for_programs


async def refuse(status: int, path: str, headers: Mapping[bytes, bytes], send: Send, most_bytes: int) -> None:
    """Send the words, whole, and leave the answer open: its end closes the connection.

    `most_bytes` is how large the body may be.
    """
    is_part = headers.get(b"hx-request-type") == b"partial"
    if is_for_programs(path):
        kind, body = b"application/json", json(status, most_bytes)
    elif is_part:
        kind, body = b"text/html; charset=utf-8", message(status, most_bytes)
    else:
        kind, body = b"text/plain; charset=utf-8", text(status, most_bytes)
    answer = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"private, no-store"),
        (b"connection", b"close"),
        *GUARDS,
    ]
    if status == 503:
        answer.append((b"retry-after", b"5"))
    if is_part:
        # Above the page that stays, with what was typed.
        answer += [(b"hx-retarget", b"#messages"), (b"hx-reswap", b"innerHTML show:top")]
    await send({"type": "http.response.start", "status": status, "headers": answer})
    await send({"type": "http.response.body", "body": body, "more_body": True})


def words(status: int, most_bytes: int) -> tuple[str, str]:
    """Return what is wrong, and what to do."""
    return {
        408: (
            "That took too long to arrive",
            f"What is sent must be here within {settings.BODY_TIMEOUT_SECONDS} seconds. Try again.",
        ),
        413: (
            "That is too large",
            f"At most {file_size(most_bytes)} are taken at once. Shorten it and send it again.",
        ),
        503: ("Too much is being sent at once", "Nothing was taken. Try again in a moment."),
    }[status]


def json(status: int, most_bytes: int) -> bytes:
    """Return the words for a program."""
    title, advice = words(status, most_bytes)
    return body_of(CODES[status], f"{title}. {advice}")


@cache
def message(status: int, most_bytes: int) -> bytes:
    """Return the words as a part of a page."""
    title, advice = words(status, most_bytes)
    return render_to_string("error.html#message", {"title": title, "advice": advice}).encode()


def text(status: int, most_bytes: int) -> bytes:
    """Return the words for whoever shows no pages."""
    title, advice = words(status, most_bytes)
    return f"{title}. {advice}\n".encode()
