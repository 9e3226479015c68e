"""Start everything on this machine: `make run`, or `make demo` with simulated history.

Kept apart from the Django project so that the parent of all processes stays small.
"""

import fcntl
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn

from honcho import environ, manager

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 4  # then whatever still runs is killed: people are promised five seconds
START_SECONDS = 60
# Commands in another shell look whether the lock is held, and hold it themselves for a moment.
LOCK_SECONDS = 1
# What is set of these is written down for commands in another shell; of those that may be secret, the name.
SEEN = (
    *("ALLOWED_HOSTS", "PUBLIC_URL", "PORT", "DATA_DIR", "SIMULATOR_PORT", "SIMULATOR_URL", "RAX_BASE_URL"),
    *("UPSTREAM_ALLOW", "UPSTREAM_DIRECT", "SSL_CERT_FILE", "POLL_INTERVAL_SECONDS", "RAW_RETENTION_DAYS"),
)
WITHHELD = (
    *("SECRET_KEY", "ENCRYPTION_KEYS", "DATABASE_URL", "DATABASE_PASSWORD"),
    *("REDIS_URL", "REDIS_PASSWORD", "UPSTREAM_PROXY"),
)


def main() -> int:
    """Prepare, start the Procfile's processes, print one address; return the exit code."""
    os.chdir(ROOT)
    demo = "--demo" in sys.argv[1:]
    settings = local_settings(demo)
    os.environ.update(settings)
    folder = Path(settings["DATA_DIR"])
    _alone = alone_in(folder, settings["PORT"])  # for as long as this process lives
    for name in ("PORT", "SIMULATOR_PORT"):
        check_port(name, settings[name])
    write_down(folder)
    prepared = subprocess.run(
        [sys.executable, "manage.py", "prepare", *(["--demo"] if demo else [])], check=False
    )
    if prepared.returncode:
        return prepared.returncode
    if demo:
        # Its counters go on from a history that was made on that day.
        os.environ["SIMULATOR_OPTIONS"] = f"--demo {(folder / 'demo-day').read_text()}"
    return run_processes(settings)


def local_settings(demo: bool) -> dict[str, str]:
    """Return the environment of a local start: loopback may be called, the simulator is known."""
    port = os.environ.get("PORT", "").strip() or "8000"
    if not port.isdigit() or not 0 < int(port) < 65_536:
        stop(f"PORT is {port!r}: it must be a number between 1 and 65535")
    simulator_port = os.environ.get("SIMULATOR_PORT", "").strip() or str(int(port) + 100)
    own = "var/demo" if demo else "var"
    data = Path(os.environ.get("DATA_DIR", "").strip() or ROOT / own).resolve()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        stop_at_folder(data, error)
    settings = {
        "PORT": port,
        "DATA_DIR": str(data),
        "SIMULATOR_PORT": simulator_port,
        "SIMULATOR_URL": f"http://127.0.0.1:{simulator_port}/api/v1",
        "SIMULATOR_OPTIONS": "--demo" if demo else "",
        "UPSTREAM_ALLOW": os.environ.get("UPSTREAM_ALLOW", "") or "127.0.0.0/8,::1/128,localhost",
        # Nobody waits at a Ctrl-C; it would be cut off after STOP_SECONDS anyway.
        "DRAIN_SECONDS": os.environ.get("DRAIN_SECONDS", "").strip() or "0",
        "PYTHONUNBUFFERED": "1",
    }
    if demo:
        settings["RAX_BASE_URL"] = settings["SIMULATOR_URL"]
    return settings


def alone_in(folder: Path, port: str) -> IO[str]:
    """Return an open file that keeps others from starting on this folder; stop, naming who has it already."""
    try:
        lock = (folder / "launch.lock").open("a+")
    except OSError as error:
        stop_at_folder(folder, error)
    if not taken(lock):
        lock.seek(0)
        stop(
            f"{folder} is in use by {lock.read().strip() or 'another start'}: "
            "stop that one, or choose another folder with DATA_DIR=… make run"
        )
    with suppress(OSError):  # a disk that is full
        (folder / "launch.json").unlink(missing_ok=True)  # of an earlier start
        lock.truncate(0)
        lock.write(f"process {os.getpid()} at http://127.0.0.1:{port}")
        lock.flush()
    return lock


def taken(lock: IO[str]) -> bool:
    """Take the lock, which ends with the process, however that ends; tell whether nobody else keeps it."""
    for _ in range(LOCK_SECONDS * 20):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def write_down(folder: Path) -> None:
    """Leave for commands in another shell what they are to see; `raxdash/launch_record.py` reads it."""
    if os.environ.get("ENVIRONMENT", "").strip() not in {"", "local"}:
        return
    given = {name for name in (*SEEN, *WITHHELD) if os.environ.get(name, "").strip()}
    record = {
        "settings": {name: os.environ[name] for name in SEEN if name in given},
        "withheld": [name for name in WITHHELD if name in given],
    }
    with suppress(OSError):  # a disk that is full
        draft = folder / "launch.json.new"
        draft.write_text(json.dumps(record))
        draft.replace(folder / "launch.json")
        if folder not in {ROOT / "var", ROOT / "var" / "demo"}:
            link_to(folder)


def link_to(folder: Path) -> None:
    """Let a command that is told no folder find this one; links to folders that are gone go too."""
    links = ROOT / "var" / "launches"
    for place in (links.parent, links):
        place.mkdir(mode=0o700, exist_ok=True)
    for link in links.iterdir():
        if not link.exists():
            link.unlink(missing_ok=True)
    with suppress(FileExistsError):
        (links / hashlib.sha256(bytes(folder)).hexdigest()[:16]).symlink_to(folder)


def stop_at_folder(folder: Path, error: OSError) -> NoReturn:
    """Stop where the folder of data cannot be used."""
    why = "it is not a folder" if isinstance(error, FileExistsError) else error.strerror
    stop(f"DATA_DIR is {folder}, which cannot be used: {why}")


def check_port(name: str, port: str) -> None:
    """Stop with one line where somebody else listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except (OSError, OverflowError):
            stop(f"port {port} is taken: stop what uses it, or choose another with {name}=… make run")


def run_processes(settings: dict[str, str]) -> int:
    """Run the processes of the Procfile until one ends or somebody presses Ctrl-C."""
    manager.KILL_WAIT = STOP_SECONDS
    processes = manager.Manager()
    procfile = environ.parse_procfile((ROOT / "Procfile").read_text())
    for name, command in procfile.processes.items():
        # exec: the shell becomes the process, so that a signal reaches it and no shell stays behind.
        processes.add_process(name, f"exec {command}", env=dict(os.environ))
    threading.Thread(target=announce, args=(settings["PORT"],), daemon=True).start()
    processes.loop()
    by_hand = processes.returncode in {128 + signal.SIGINT, 128 + signal.SIGTERM}
    return 0 if by_hand else processes.returncode or 1


def announce(port: str) -> None:
    """Print the address once the web process answers."""
    base = f"http://127.0.0.1:{port}"
    for _ in range(START_SECONDS * 10):
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    else:
        return
    address = subprocess.run(
        [sys.executable, "manage.py", "address"], capture_output=True, text=True, check=False
    )
    print(f"\n  raxdash is ready: {address.stdout.strip() or base}\n  Press Ctrl-C to stop.\n", flush=True)


def stop(problem: str) -> NoReturn:
    """End with one clear line."""
    raise SystemExit(f"raxdash: {problem}")


if __name__ == "__main__":
    sys.exit(main())
