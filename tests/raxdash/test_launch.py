"""One command starts everything, one Ctrl-C stops it, and what stands in the way is said in one line."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from raxdash.launch_record import LINKS
from tests.installation import PASSWORD, PATIENCE_SECONDS, ROOT, Installation, finished, free_port, wait_until
from tests.installed import prepare, prepared
from tests.playground.visitor import Visitor

pytestmark = pytest.mark.processes


def environment(folder: Path, **settings: str) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder / "var"),
        "PORT": str(free_port()),
        "SIMULATOR_PORT": str(free_port()),
    } | settings


def launch(settings: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
    with output.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "scripts/launch.py"],
            cwd=ROOT,
            env=settings,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def try_launch(settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return finished([sys.executable, "scripts/launch.py"], settings)


def second_shell(settings: dict[str, str], *command: str) -> str:
    """Return what a command prints in a shell that knows the folder alone; fail where it fails."""
    bare = {name: settings[name] for name in ("HOME", "PATH", "DATA_DIR")}
    result = finished(["./manage.py", *command], bare)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def processes_with(marker: str) -> set[int]:
    """Return the processes whose environment holds `marker`."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if marker.encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.add(int(folder.name))
        except OSError:
            continue  # it ended, or is somebody else's
    return found


@contextmanager
def open_stream(settings: dict[str, str]) -> Iterator[Iterator[dict[str, str]]]:
    """Set raxdash up from another shell, run a prompt with a long answer, and follow it."""
    installation = Installation(Path(settings["DATA_DIR"]))
    installation.listen_on(int(settings["PORT"]), int(settings["SIMULATOR_PORT"]))
    owner = ("--email", "alice@example.com", "--password", PASSWORD, "--team", "Acme")
    key = ("--key", "rax_demo_pro", "--base-url", installation.simulator_url)
    assert "may use rax-4.0, rax-4.5" in second_shell(settings, "setup", *owner, *key)
    assert "Main key" in second_shell(settings, "poll")
    with Visitor(installation) as alice:
        run = alice.run("Tell me a very long story. Write 3000 words.")
        with alice.following(alice.stream_address(run)) as stream:
            yield stream


def test_it_starts_everything_prints_one_address_and_stops_by_ctrl_c(tmp_path: Path) -> None:
    settings = environment(tmp_path)
    prepare(Installation(Path(settings["DATA_DIR"])))  # as on a second day; the first is `test_serve`'s
    output = tmp_path / "output"
    parent = launch(settings, output)
    try:
        printed = wait_until(lambda: re.search(r"raxdash is ready: (\S+)", output.read_text()), "the address")
        address = printed.group(1)
        assert address.startswith(f"http://127.0.0.1:{settings['PORT']}/setup/?token=")
        with urllib.request.urlopen(address) as answer:
            assert "Welcome to raxdash" in answer.read().decode()
        assert "superuser" not in output.read_text()
        assert second_shell(settings, "address") == f"{address}\n"
        assert Path(settings["DATA_DIR"]) in [link.resolve() for link in (ROOT / "var" / LINKS).iterdir()]
        marker = f"DATA_DIR={settings['DATA_DIR']}"
        assert len(processes_with(marker)) >= 4
        with open_stream(settings) as stream:
            next(stream)
            os.killpg(parent.pid, signal.SIGINT)
            assert parent.wait(PATIENCE_SECONDS) == 0
        assert processes_with(marker) == set()
        assert second_shell(settings, "address") == "http://127.0.0.1:8000/\n"
    finally:
        if parent.poll() is None:
            os.killpg(parent.pid, signal.SIGKILL)
            parent.wait()


def test_it_says_who_has_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    with (folder / "launch.lock").open("w") as lock:
        lock.write("process 7 at http://127.0.0.1:8000")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = try_launch(environment(tmp_path))
    assert (result.returncode, result.stderr) == (
        1,
        f"raxdash: {folder} is in use by process 7 at http://127.0.0.1:8000: "
        "stop that one, or choose another folder with DATA_DIR=… make run\n",
    )


def test_it_names_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    result = try_launch(environment(tmp_path))
    told = f"raxdash: DATA_DIR is {tmp_path / 'var'}, which cannot be used: it is not a folder\n"
    assert (result.returncode, result.stderr) == (1, told)


@pytest.mark.parametrize("name", ["PORT", "SIMULATOR_PORT"])
def test_it_names_a_taken_port(tmp_path: Path, name: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = try_launch(environment(tmp_path, **{name: port}))
    assert result.returncode == 1
    assert result.stderr == (
        f"raxdash: port {port} is taken: stop what uses it, or choose another with {name}=… make run\n"
    )


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_it_names_a_malformed_port(tmp_path: Path, port: str) -> None:
    result = try_launch(environment(tmp_path, PORT=port))
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "PORT" in result.stderr


def test_it_refuses_a_database_newer_than_the_code(tmp_path: Path) -> None:
    with prepared(tmp_path) as installation:
        installation.write(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('usage', '9999_new', '2026-01-01')"
        )
        result = installation.try_manage("prepare")
        assert (result.returncode, result.stderr.count("\n")) == (1, 1)
        assert "newer than this code (it has usage.9999_new)" in result.stderr
        port = str(installation.port)
        installation.start("web", "-m", "uvicorn", "raxdash.asgi:application", "--port", port)
        assert installation.processes["web"].wait(PATIENCE_SECONDS) != 0
        assert "newer than this code" in installation.log("web")
