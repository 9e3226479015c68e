"""Start everything on this machine: `make run`, or `make demo` with simulated history.

Kept apart from the Django project so that the parent of all processes stays small.
"""

import fcntl
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


def main() -> int:
    """Prepare, start the Procfile's processes, print one address; return the exit code."""
    os.chdir(ROOT)
    demo = "--demo" in sys.argv[1:]
    settings = local_settings(demo)
    os.environ.update(settings)
    _alone = alone_in(Path(settings["DATA_DIR"]), settings["PORT"])  # for as long as this process lives
    for name in ("PORT", "SIMULATOR_PORT"):
        check_port(name, settings[name])
    prepared = subprocess.run(
        [sys.executable, "manage.py", "prepare", *(["--demo"] if demo else [])], check=False
    )
    if prepared.returncode:
        return prepared.returncode
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
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # it ends with the process, however that ends
    except OSError:
        lock.seek(0)
        stop(
            f"{folder} is in use by {lock.read().strip() or 'another start'}: "
            "stop that one, or choose another folder with DATA_DIR=… make run"
        )
    with suppress(OSError):  # a disk that is full
        lock.truncate(0)
        lock.write(f"process {os.getpid()} at http://127.0.0.1:{port}")
        lock.flush()
    return lock


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
