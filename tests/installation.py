"""A whole raxdash on real processes: simulator, web, worker, on free ports and a database of its own."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from tests.forks import Process, run, start

ROOT = Path(__file__).resolve().parent.parent
# Longer than what is lost is promised to take: the lease of a poll, a tick, and its answer on a busy machine.
PATIENCE_SECONDS = 200
PASSWORD = "a long enough password"


# Below the ports that systems give to outgoing connections, and apart for each process of each test run:
# a port that was free a moment ago must not be somebody else's when a server takes it.
FIRST_PORT = int(os.environ.get("FIRST_PORT", "20000"))
PORTS_EACH = 1_000
PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = iter(range(FIRST_PORT + PORTS_EACH * PROCESS, FIRST_PORT + PORTS_EACH * (PROCESS + 1)))


def finished(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    folder: Path = ROOT,
    *,
    seconds: float = 120,
    stdin: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with this environment alone; return what it printed."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def free_port() -> int:
    """Return a port on loopback that nobody listens on, and that is given out once."""
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no port is free")


def wait_until(condition: Any, what: str | Callable[[], str], seconds: float = PATIENCE_SECONDS) -> Any:
    """Return what `condition()` returns once it is true; fail, naming `what`, when patience ends.

    What takes long is looked at less often: a look may connect to a server, and others wait beside this one.
    """
    began = time.monotonic()
    while (waited := time.monotonic() - began) < seconds:
        if result := condition():
            return result
        time.sleep(min(0.02 + waited / 20, 0.5))
    raise AssertionError(f"waited in vain for {what() if callable(what) else what}")


class Installation:
    """A folder of data with the processes that serve it. Everything it starts, `stop` ends."""

    # Who measures processes wants them as people start them; tests have no time for it.
    may_fork = False

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.given = environment
        self.celery_app, self.asgi_application = "raxdash", "raxdash.asgi:application"
        self.processes: dict[str, Process] = {}
        self.sessions: dict[str, Any] = {}  # a browser's cookies, by the address that signed in
        self.listen_on(free_port(), free_port())
        self.second_port = free_port()

    def listen_on(self, port: int, simulator_port: int) -> None:
        """Choose the ports, of processes that are to start or that run already."""
        self.port, self.simulator_port = port, simulator_port
        self.url = f"http://127.0.0.1:{port}"
        self.simulator_url = f"http://127.0.0.1:{simulator_port}/api/v1"
        self.environment = {
            "HOME": os.environ.get("HOME", "/"),
            "PATH": os.environ["PATH"],
            "PYTHONUNBUFFERED": "1",
            "DATA_DIR": str(self.folder),
            "UPSTREAM_ALLOW": "127.0.0.0/8",
            "PORT": str(port),
            "SIMULATOR_URL": self.simulator_url,
            "RAX_BASE_URL": self.simulator_url,
        } | self.given

    def manage(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run `manage.py` here and return what it printed; fail where it fails."""
        result = self.try_manage(*arguments, stdin=stdin)
        assert result.returncode == 0, result.stdout + result.stderr
        return result

    def try_manage(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run `manage.py` here and return what it printed, whatever came of it."""
        command = [sys.executable, "manage.py", *arguments]
        return run(command, self.environment, stdin=stdin, may_fork=self.may_fork)

    def migrate(self, *where: str) -> None:
        """Bring the database to a migration of an app, or to the newest of all."""
        self.manage("migrate", "--verbosity", "0", *where)

    def shell(self, *code: str) -> Any:
        """Run pieces of code, as the project is now, and return the JSON they print, if any."""
        told = self.manage("shell", "--no-imports", "-c", "\n".join(code)).stdout
        return json.loads(told) if told else None

    def start(self, name: str, *command: str) -> None:
        """Start a process in a session of its own; what it prints goes to `<name>.log`."""
        with (self.folder / f"{name}.log").open("ab") as log, open(os.devnull) as nothing:
            self.processes[name] = start(
                [sys.executable, *command], self.environment, [nothing, log, log], may_fork=self.may_fork
            )

    def start_simulator(self, *options: str) -> None:
        """Serve the simulated API, with its control endpoints."""
        self.start(
            "simulator", "-m", "rax.simulator", "--port", str(self.simulator_port), "--control", *options
        )
        wait_until(lambda: self.listens(self.simulator_port), "the simulator")

    def start_web(self, name: str = "web", port: int | None = None) -> None:
        """Serve raxdash. Streams may stay open for longer than live runs go on after SIGTERM."""
        port = port or self.port
        patience = 2 + int(self.environment.get("DRAIN_SECONDS", "0"))
        self.start(
            name,
            "-m",
            "uvicorn",
            self.asgi_application,
            "--port",
            str(port),
            "--no-access-log",
            "--timeout-graceful-shutdown",
            str(patience),
            "--log-level",
            "warning",
        )
        wait_until(
            lambda: self.answers(f"http://127.0.0.1:{port}/healthz"), lambda: f"{name}: {self.log(name)}"
        )
        # Somebody else's server on the port would answer as well.
        assert self.processes[name].poll() is None, self.log(name)

    def start_worker(self, name: str = "worker", *options: str) -> None:
        """Run a Celery worker with beat inside, as the Procfile does; `options` overrule."""
        self.start(
            name,
            "-m",
            "celery",
            "--app",
            self.celery_app,
            "--quiet",
            "worker",
            "--pool",
            "threads",
            "--concurrency",
            "3",
            "--beat",
            "--loglevel",
            "info",
            "--without-gossip",
            "--without-mingle",
            *options,
        )

    def set_up(self, email: str = "alice@example.com", team: str = "Acme", key: str = "rax_demo_pro") -> None:
        """Create an owner, a team and a key from the shell; the simulator must be running."""
        self.manage(
            "setup", "--email", email, "--password", PASSWORD, "--team", team, "--key", key, "--plan", "pro"
        )

    def kill(self, name: str, how: int = signal.SIGKILL) -> None:
        """End one process by a signal and wait for it."""
        process = self.processes.pop(name)
        if process.poll() is None:
            os.killpg(process.pid, how)
        process.wait(timeout=PATIENCE_SECONDS)

    def stop(self) -> None:
        """End everything, politely and then not."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=10)

    def logs(self) -> str:
        """Return what all processes printed, for the message of a test that failed."""
        return "\n".join(f"--- {path.stem}\n{path.read_text()}" for path in sorted(self.folder.glob("*.log")))

    def log(self, name: str) -> str:
        """Return what a process printed so far."""
        path = self.folder / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call one of the simulator's control endpoints: GET without a body, POST with one."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.simulator_port}/control/{path}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read from the database, beside the processes that write to it. Write values as `?` in `sql`."""
        if url := self.environment.get("DATABASE_URL"):
            with psycopg.connect(url) as connection:
                return connection.execute(sql.replace("?", "%s"), values).fetchall()
        with closing(sqlite3.connect(self.folder / "raxdash.sqlite3", timeout=20)) as connection:
            return connection.execute(sql, values).fetchall()

    def write(self, sql: str, *values: Any) -> None:
        """Change the database by one statement, as `rows` reads it."""
        if url := self.environment.get("DATABASE_URL"):
            with psycopg.connect(url) as connection:
                connection.execute(sql.replace("?", "%s"), values)
            return
        with closing(sqlite3.connect(self.folder / "raxdash.sqlite3", timeout=20)) as file, file:
            file.execute(sql, values)

    @staticmethod
    def answers(url: str) -> bool:
        """Tell whether a GET is answered with success."""
        try:
            with urllib.request.urlopen(url, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    @staticmethod
    def listens(port: int) -> bool:
        """Tell whether somebody accepts connections on the port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0
