"""A forked process is as one that was started afresh, but for the second that this takes."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.forks import run, start
from tests.forks.forked import ROOT, Forked
from tests.forks.ours import Common
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


def test_no_setting_is_loaded_that_could_be_another_one_in_another_process() -> None:
    common = Common()
    assert common.AUTH_USER_MODEL == "teams.User"
    assert common.USE_I18N
    for name in ("DATABASES", "REDIS_URL", "TEMPLATES", "SESSION_COOKIE_NAME", "BASE_DIR"):
        with pytest.raises(ImproperlyConfigured):
            getattr(common, name)


# All that two processes can be told differently about where they are.
ELSEWHERE = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "LOG_FORMAT": "json",
    "METRICS_TOKEN": "m" * 40,
    "POLL_INTERVAL_SECONDS": "77",
    "PORT": "9999",
    "SIMULATOR_URL": "http://127.0.0.1:9/api/v1",
    "UPSTREAM_ALLOW": "127.0.0.0/8",
}


@pytest.mark.parametrize("parts", [{}, ELSEWHERE], ids=["embedded", "grown up"])
def test_its_modules_hold_what_those_of_a_fresh_one_hold(tmp_path: Path, parts: dict[str, str]) -> None:
    environment = ENVIRONMENT | {"DATA_DIR": str(tmp_path)} | parts
    fresh, forked = [state(tmp_path / name, environment, name) for name in ("fresh", "forked")]
    assert len(fresh) > 700
    # Loaded before it was asked for may be more.
    assert {name: forked[name] for name in fresh} == fresh


def state(told: Path, environment: dict[str, str], kind: str) -> dict[str, dict[str, str]]:
    """What the modules of a process hold, but for the name of the process."""
    command = [sys.executable, "-m", "tests.forks.state", str(told)]
    result = run(command, environment, may_fork=kind == "forked")
    assert result.returncode == 0, result.stderr
    text = told.read_text()
    owner = json.loads(text)["playground.live.storage"]["OWNER"]
    modules: dict[str, dict[str, str]] = json.loads(text.replace(owner, "the process"))
    return modules


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_a_signal_that_ends_it_is_its_status(tmp_path: Path, how: signal.Signals) -> None:
    code = "import time; print('here', flush=True); time.sleep(60)"
    with (tmp_path / "out").open("wb+") as out, open(os.devnull) as nothing:
        process = start([sys.executable, "-c", code], ENVIRONMENT, [nothing, out, out])
        # It leads its session before it says anything.
        wait_until(lambda: (tmp_path / "out").read_bytes(), "the process")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.1)
        assert process.poll() is None
        os.killpg(process.pid, how)
        assert process.wait(timeout=20) == process.poll() == -how


def test_it_hears_a_signal_as_soon_as_it_is_known() -> None:
    with open(os.devnull, "r+b") as nothing:
        for _ in range(5):
            process = start([sys.executable, "-c", "import time; time.sleep(60)"], ENVIRONMENT, [nothing] * 3)
            os.killpg(process.pid, signal.SIGTERM)
            assert process.wait(timeout=60) == -signal.SIGTERM


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
