"""A proxy that is not named in FORWARDED_ALLOW_IPS is named in the log, once."""

from collections.abc import Iterator

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from common.asgi import Receive, Scope, Send
from raxdash.http import proxies


@pytest.fixture(autouse=True)
def _nobody_told() -> Iterator[None]:
    proxies.told.clear()
    yield
    proxies.told.clear()


async def ask(sender: str | None, **headers: str) -> None:
    """Send a request through the server's own middleware, which believes 10.213.84.1."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        proxies.tell_unbelieved(scope)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    client = (sender, 4711) if sender else None
    scope: Scope = {"type": "http", "scheme": "http", "client": client, "headers": named}
    await ProxyHeadersMiddleware(application, "10.213.84.1")(scope, None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_proto": "https"},
        {"x_forwarded_for": "192.0.2.7"},
        {"x_forwarded_proto": "https", "x_forwarded_for": "192.0.2.7"},
    ],
)
async def test_an_address_that_is_not_believed_is_told_once(
    caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    for _ in range(3):
        await ask("172.18.0.1", **headers)
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith("X-Forwarded headers from 172.18.0.1 are not believed")
    assert told.endswith("name it in FORWARDED_ALLOW_IPS")


async def test_a_proxy_by_a_unix_socket_is_told_too(caplog: pytest.LogCaptureFixture) -> None:
    await ask(None, x_forwarded_proto="https")
    assert "from a Unix socket" in caplog.text


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("10.213.84.1", {"x_forwarded_proto": "https", "x_forwarded_for": "192.0.2.7"}),
        ("10.213.84.1", {"x_forwarded_for": "192.0.2.7, 10.213.84.1"}),
        ("172.18.0.1", {}),
        ("172.18.0.1", {"x_forwarded_proto": "http"}),
    ],
)
async def test_nothing_is_told_of_who_is_believed_or_claims_nothing(
    caplog: pytest.LogCaptureFixture, sender: str, headers: dict[str, str]
) -> None:
    await ask(sender, **headers)
    assert caplog.records == []


async def test_made_up_senders_do_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    for number in range(200):
        await ask(f"172.18.1.{number}", x_forwarded_proto="https")
    assert len(caplog.records) == proxies.MOST_ADDRESSES
