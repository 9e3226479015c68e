"""A forked process is as one that was started afresh, but for the second that this takes."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forks import run, start
from tests.forks.forked import ROOT, Forked
from tests.forks.starting import may_be_forked
from tests.installation import Installation, wait_until

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform == "darwin", reason="nothing is forked there"),
]
FINDINGS = [sys.executable, "-m", "tests.forks.findings", "one", "--two"]
ENVIRONMENT = {"HOME": "/", "PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", "WORD": "café"}


def test_it_finds_what_a_fresh_one_finds() -> None:
    assert may_be_forked(FINDINGS, ENVIRONMENT)
    fresh = subprocess.run(
        FINDINGS,
        cwd=ROOT,
        env=ENVIRONMENT,
        input=b"said",
        capture_output=True,
        check=False,
        start_new_session=True,
        # Whoever runs the tests in the background may have them ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    forked = run(FINDINGS, ENVIRONMENT, stdin="said")
    assert forked.stderr == fresh.stderr.decode() == ""
    assert json.loads(forked.stdout) == json.loads(fresh.stdout)
    assert forked.returncode == fresh.returncode == 3


def test_each_reads_its_own_settings(tmp_path: Path) -> None:
    for name in ("first", "second"):
        one = Installation(tmp_path / name)
        told = one.manage("diffsettings").stdout.splitlines()
        assert f"DATA_DIR = {tmp_path / name!r}  ###" in told
        assert f"PORT = {one.port}  ###" in told


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_a_signal_that_ends_it_is_its_status(tmp_path: Path, how: signal.Signals) -> None:
    code = "import time; print('here', flush=True); time.sleep(60)"
    with (tmp_path / "out").open("wb+") as out, open(os.devnull) as nothing:
        process = start([sys.executable, "-c", code], ENVIRONMENT, [nothing, out, out])
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        assert process.poll() is None
        os.killpg(process.pid, how)
        assert process.wait(timeout=20) == process.poll() == -how


def test_it_inherits_a_limit_of_today() -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limit[1]))
    try:
        told = run(FINDINGS, ENVIRONMENT).stdout
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert json.loads(told)["limits"][0] == [100_000, limit[1]]


def test_what_python_reads_as_it_begins_is_not_forked() -> None:
    for name in ("PYTHONPATH", "PYTHONWARNINGS", "LD_PRELOAD", "LC_ALL", "SSL_CERT_FILE"):
        assert not may_be_forked(FINDINGS, ENVIRONMENT | {name: "x"})
    assert not may_be_forked(["./manage.py", "check"], ENVIRONMENT)
    assert not may_be_forked([sys.executable, "-X", "dev", "manage.py"], ENVIRONMENT)


def test_an_error_of_its_own_is_printed_and_is_exit_code_one() -> None:
    result = run([sys.executable, "-c", "raise ValueError('no')"], ENVIRONMENT)
    assert result.returncode == 1
    assert result.stderr.endswith("ValueError: no\n")


def test_none_is_left_waiting_for_its_parent() -> None:
    """A process that ended is no zombie that looks alive."""
    with open(os.devnull, "r+") as nothing:
        process = Forked([sys.executable, "-c", "pass"], ENVIRONMENT, [nothing] * 3)
        process.wait(timeout=20)
    assert not is_there(process.pid)


# Starts a process, says which, and is ended before it would have stopped it.
LEAVING = """
import os, sys, time
from tests.forks import start
with open(os.devnull, "r+") as nothing:
    print(start([sys.executable, "-c", "import time; time.sleep(600)"], {}, [nothing] * 3).pid, flush=True)
time.sleep(600)
"""


def test_none_outlives_tests_that_were_ended() -> None:
    command = [sys.executable, "-c", LEAVING]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True) as tests:
        pid = int(tests.stdout.readline())
        assert is_there(pid)
        os.killpg(tests.pid, signal.SIGTERM)
    wait_until(lambda: not is_there(pid), "its end")


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
