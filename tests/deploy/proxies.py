"""The distribution's nginx and Caddy, with the files of `deploy/`: only names, ports and paths are put in."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.installation import ROOT, Installation, free_port, wait_until

# Servers are there, and not everybody looks there.
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
# What the distribution's own nginx.conf says around the files of conf.d, and folders that may be written.
AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/main.log;
worker_processes 2;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/raxdash.conf;
}}
"""


class Front:
    """A proxy that serves https on localhost, in front of the two web processes of an installation."""

    def __init__(self, installation: Installation, folder: Path, certificate: tuple[str, str]) -> None:
        self.installation, self.folder, self.certificate = installation, folder, certificate
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"https://localhost:{self.port}"

    def placed(self, name: str, *, changes: dict[str, str]) -> str:
        """Return a file of `deploy/` with each of its placeholders replaced."""
        text = (ROOT / "deploy" / name).read_text()
        changes = {
            "127.0.0.1:8000": f"127.0.0.1:{self.installation.port}",
            "127.0.0.1:8001": f"127.0.0.1:{self.installation.second_port}",
            "/etc/ssl/raxdash/fullchain.pem": self.certificate[0],
            "/etc/ssl/raxdash/privkey.pem": self.certificate[1],
            **changes,
        }
        for placeholder, value in changes.items():
            assert placeholder in text, placeholder
            text = text.replace(placeholder, value)
        return text

    def logs(self) -> str:
        """Return all that the proxy wrote down."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


def nginx(front: Front) -> list[str]:
    """Write nginx's files and return its command."""
    changes = {
        "raxdash.example.com": "localhost",
        "listen 80;": f"listen 127.0.0.1:{front.plain_port};",
        "listen 443 ssl": f"listen 127.0.0.1:{front.port} ssl",
        "listen [::]": "# listen [::]",
        "/var/log/nginx/": f"{front.folder}/",
    }
    (front.folder / "raxdash.conf").write_text(front.placed("nginx.conf", changes=changes))
    user = "user root;" if os.getuid() == 0 else ""  # who may read the folders of tests
    (front.folder / "nginx.conf").write_text(AROUND.format(folder=front.folder, user=user))
    return ["nginx", "-c", str(front.folder / "nginx.conf"), "-e", str(front.folder / "start.log")]


def caddy(front: Front) -> list[str]:
    """Write Caddy's file and return its command."""
    changes = {
        "raxdash.example.com {": f"{front.url} {{",
        "# tls ": "tls ",
        "\n{\n": f"\n{{\n\tadmin off\n\thttp_port {front.plain_port}\n\thttps_port {front.port}\n",
        "/var/log/caddy/": f"{front.folder}/",
    }
    (front.folder / "Caddyfile").write_text(front.placed("Caddyfile", changes=changes))
    return ["caddy", "run", "--config", str(front.folder / "Caddyfile"), "--adapter", "caddyfile"]


@contextmanager
def running(front: Front, command: list[str]) -> Iterator[Front]:
    """Run a proxy until it answers, and end it."""
    program = shutil.which(command[0], path=PATH)
    assert program, f"{command[0]} is not installed: run scripts/install_test_parts.sh"
    homes = {"HOME": str(front.folder), "PATH": PATH}
    with (front.folder / "said.log").open("ab") as log:
        process = subprocess.Popen([program, *command[1:]], env=homes, stdout=log, stderr=log)
    try:
        ports = front.port, front.plain_port
        wait_until(lambda: all(map(Installation.listens, ports)), front.logs)
        assert process.poll() is None, front.logs()
        yield front
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
