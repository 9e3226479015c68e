"""In production, over https, a real browser takes our cookies, posts our forms and follows our streams."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, Page, expect

from tests.browser import WIDE
from tests.conftest import Console, sign_in
from tests.installation import Installation, wait_until
from tests.installed import prepared

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "s" * 60,
    "ENCRYPTION_KEYS": "first:" + "A" * 43 + "=",
    "ALLOWED_HOSTS": "127.0.0.1",
    "EMAIL_URL": "console://",
}


@pytest.fixture
def secure_raxdash(tmp_path: Path) -> Iterator[Installation]:
    """A running raxdash in production, with Alice, that ends TLS itself."""
    with prepared(tmp_path, **PRODUCTION) as installation:
        installation.start_simulator()
        installation.set_up()
        certificate, key = write_certificate(tmp_path)
        installation.url = installation.url.replace("http:", "https:")
        options = ["--port", str(installation.port), "--ssl-certfile", certificate, "--ssl-keyfile", key]
        installation.start("web", "-m", "uvicorn", installation.asgi_application, *options)
        wait_until(lambda: installation.listens(installation.port), lambda: installation.log("web"))
        yield installation


@pytest.fixture
def visitor(browser: Browser, console: Console) -> Iterator[Page]:
    """Somebody who believes the certificate."""
    context = browser.new_context(viewport=WIDE, ignore_https_errors=True)
    page = context.new_page()
    console.listen(page)
    yield page
    context.close()


def test_cookies_are_of_this_host_alone_and_a_run_streams(
    visitor: Page, secure_raxdash: Installation
) -> None:
    sign_in(visitor, secure_raxdash)
    cookies = {cookie["name"]: cookie for cookie in visitor.context.cookies()}
    assert {"__Host-sessionid", "__Host-csrftoken"} <= set(cookies)
    assert all(name.startswith("__Host-") for name in cookies)
    assert all(cookie["secure"] and cookie["path"] == "/" for cookie in cookies.values())
    visitor.goto(f"{secure_raxdash.url}/t/acme/playground/")
    visitor.get_by_label("Model").fill("rax-4.0")
    visitor.get_by_label("Message").fill("Say hello.")
    visitor.get_by_role("button", name="Run", exact=True).click()
    expect(visitor.locator(".state-completed")).to_be_visible(timeout=30_000)
    expect(visitor.locator(".answer").last).not_to_be_empty()


def write_certificate(folder: Path) -> tuple[str, str]:
    """Write a certificate for 127.0.0.1 and its key; return their paths."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(paths[0]), str(paths[1])
