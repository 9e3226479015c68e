"""A proxy on this machine that ends TLS, as nginx would: one address for several web processes.

A process that refuses a connection, or hangs up before it has answered, is passed over and the next one
asked; a POST that it may have seen is not sent twice.
"""

import datetime
import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PATIENCE_SECONDS = 90
HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade"}


class Handler(BaseHTTPRequestHandler):
    """Hands a request on and its answer back, piece by piece."""

    ports: range

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        for port in self.ports:
            backend = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
            try:
                backend.connect()
                backend.request(self.command, self.path, body or None, self.forwarded())
                answer = backend.getresponse()
            except ConnectionRefusedError:
                continue
            except (OSError, http.client.HTTPException):
                if self.command == "POST":
                    break
                continue
            self.hand_back(answer)
            return
        self.send_error(502)

    do_GET = do_POST = do_HEAD = handle_any

    def forwarded(self) -> dict[str, str]:
        kept = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        return kept | {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Connection": "close"}

    def hand_back(self, answer: http.client.HTTPResponse) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.end_headers()
        while piece := answer.read1(65_536):
            self.wfile.write(piece)

    def log_message(self, *arguments: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Says nothing of browsers that went away."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def proxy(folder: Path, port: int, backends: range) -> Iterator[str]:
    """Serve https://localhost:<port> for web processes on the ports; yield the path of its certificate."""
    certificate = write_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    handler = type("Handler", (Handler,), {"ports": backends})
    with Server(("127.0.0.1", port), handler) as server:
        # Each connection shakes hands in a thread of its own.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield str(certificate)
        server.shutdown()


def write_certificate(folder: Path) -> Path:
    """Write a certificate for localhost and its key into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "proxy.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    written = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + certificate.public_bytes(pem)
    path.touch(mode=0o600)
    path.write_bytes(written)
    return path
