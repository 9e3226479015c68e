"""A Compose project of its own: a copy of the checkout, an `.env`, ports, a network, a proxy in front."""

import base64
import json
import os
import secrets
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from tests.image.proxy import proxy
from tests.installation import ROOT, free_port, wait_until

SIMULATOR = "http://simulator:8100/api/v1"
# The provider of this project. Its image stands on ours and is another: of ours an update leaves nothing.
OVERRIDE = """
services:
  simulator:
    image: ${RAXDASH_IMAGE}-simulator
    command: [python, -m, rax.simulator, --host, 0.0.0.0, --port, "8100", --first-token, "0", --pace, "40"]
    read_only: true
    tmpfs: ["/data:size=1m"]
    healthcheck: {disable: true}
"""
# Ask the database from inside a container.
ASK = """
import json
from django.db import connection
cursor = connection.cursor()
cursor.execute({sql!r}, {values!r})
print(json.dumps([list(row) for row in cursor.fetchall()], default=str))
"""


class Containers:
    """What `docker compose` does with one copy of the checkout. `url` and `rows` serve a Visitor."""

    def __init__(self, folder: Path, name: str, file: str = "compose.yaml", web: str = "web") -> None:
        self.folder, self.name, self.file, self.web = folder, name, file, web
        self.image = f"{name}-image"
        self.ports = free_range(4)
        self.proxy_port = free_port()
        self.url = f"https://localhost:{self.proxy_port}"
        # A Visitor asks for identifiers as PostgreSQL has them, or as SQLite has.
        self.environment = {"DATABASE_URL": "inside"} if web == "web" else {}

    def prepare(self) -> None:
        """Copy what git knows of, and write the files that an operator writes."""
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        for path in subprocess.check_output(listed, cwd=ROOT, text=True).splitlines():
            if (ROOT / path).is_file():
                (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / path, self.folder / path)
        (self.folder / "compose.simulator.yaml").write_text(OVERRIDE)
        self.write_env(self.settings())

    def settings(self) -> dict[str, str]:
        """Return the settings of this project, as they stand in its `.env`."""
        subnet = f"10.213.{85 + secrets.randbelow(160)}"
        return {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ENCRYPTION_KEYS": "first:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "ALLOWED_HOSTS": "localhost",
            "PUBLIC_URL": self.url,
            "EMAIL_URL": "console://",
            "POSTGRES_PASSWORD": """'/a#b?c%41@d:e $f "g'""",
            "REDIS_PASSWORD": "'/r#s?t%41@u:v $w'",
            "RAX_BASE_URL": SIMULATOR,
            "UPSTREAM_ALLOW": "simulator",
            "POLL_INTERVAL_SECONDS": "10",
            "WEB_PORTS": f"{self.ports.start}-{self.ports.stop - 1}",
            "SUBNET": f"{subnet}.0/24",
            "GATEWAY": f"{subnet}.1",
            "RAXDASH_IMAGE": self.image,
        }

    def write_env(self, settings: dict[str, str]) -> None:
        """Write `.env`, for its owner alone."""
        path = self.folder / ".env"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))

    def build(self) -> None:
        """Build the image, and the simulator's from it."""
        self.compose("build", self.web)
        other = f"FROM {self.image}\nLABEL simulator=1\n".encode()
        self.run("docker", "build", "--tag", f"{self.image}-simulator", "-", stdin=other)

    def run(self, *command: str, check: bool = True, stdin: bytes | None = None) -> str:
        """Run a command in the copy; return what it printed, without its complaints; fail with all of it."""
        files = f"{self.file}:compose.simulator.yaml"
        environment = os.environ | {"COMPOSE_PROJECT_NAME": self.name, "COMPOSE_FILE": files}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, input=stdin, capture_output=True, check=False
        )
        told = done.stdout.decode(errors="replace")
        said = f"{' '.join(command)}: {done.returncode}\n{told[-2_000:]}{done.stderr.decode()[-2_000:]}"
        assert not check or done.returncode == 0, said
        return told

    def compose(self, *arguments: str, check: bool = True) -> str:
        """Run `docker compose` and return what it printed."""
        return self.run("docker", "compose", *arguments, check=check)

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """Run `manage.py` in a web container and return what it printed."""
        command = ("docker", "compose", "exec", "--no-TTY", self.web, "python", "manage.py", *arguments)
        return self.run(*command, stdin=stdin.encode())

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read from the database. Write values as `?` in `sql`."""
        given = [str(value) if isinstance(value, UUID) else value for value in values]
        code = ASK.format(sql=sql.replace("?", "%s"), values=given)
        told = self.manage("shell", "--no-imports", "--command", code)
        return [tuple(row) for row in json.loads(told.splitlines()[-1])]

    def containers(self, service: str, *options: str) -> list[str]:
        """Return the ids of a service's containers."""
        return self.compose("ps", "--quiet", *options, service).split()

    def logs(self, service: str) -> str:
        """Return what a service's containers have written, line by line as they did."""
        return "".join(
            self.run("sh", "-c", f"docker logs {one} 2>&1") for one in self.containers(service, "--all")
        )

    def inspect(self, container: str, template: str) -> str:
        """Return what Docker tells of a container."""
        return self.run("docker", "inspect", "--format", template, container).strip()

    def is_ready(self) -> bool:
        """Tell whether the part behind the proxy is ready: web, database, broker and worker."""
        with httpx.Client(base_url=self.url, verify=self.trust, trust_env=False, timeout=10) as client:
            try:
                return all(client.get(path).is_success for path in ("/readyz", "/readyz/worker"))
            except httpx.HTTPError:
                return False

    def wait_until_ready(self) -> None:
        """Wait for all parts."""
        wait_until(self.is_ready, lambda: f"all parts to be ready\n{self.compose('ps', '--all')}", 180)

    @contextmanager
    def in_front(self) -> Iterator[None]:
        """Put the proxy in front of the published ports."""
        with proxy(self.folder, self.proxy_port, self.ports) as certificate:
            self.trust = ssl.create_default_context(cafile=certificate)
            yield

    def remove(self) -> None:
        """Leave nothing of the project."""
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "5", check=False)
        self.run("docker", "image", "rm", "--force", self.image, f"{self.image}-simulator", check=False)


def free_range(length: int) -> range:
    """Return as many free ports in a row."""
    ports = [free_port()]
    while len(ports) < length:
        port = free_port()
        ports = [*ports, port] if port == ports[-1] + 1 else [port]
    return range(ports[0], ports[0] + length)
