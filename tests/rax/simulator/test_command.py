"""The command as an operator meets it: a process, one line, signals."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator

import httpx
import pytest

from rax.simulator.options import parse_options

PATIENCE_SECONDS = 60
KEY = {"Authorization": "Bearer rax_demo_pro"}
ESSAY = {
    "model": "rax-4.0",
    "stream": True,
    "messages": [{"role": "user", "content": "Write 2000 words on cheese"}],
}


@contextlib.asynccontextmanager
async def command(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "rax.simulator",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONWARNINGS": "error"},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(PATIENCE_SECONDS):
        line = (await process.stdout.readline()).decode()
    assert line.startswith("Simulated Rax AI API at http://127.0.0.1:")
    return line.split()[-1]


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_although_a_stream_is_open(number):
    async with command("--port", "0") as process:
        address = await _address(process)
        async with (
            httpx.AsyncClient(headers=KEY, trust_env=False) as client,
            client.stream("POST", f"{address}/chat/completions", json=ESSAY) as response,
        ):
            await anext(response.aiter_bytes())
            process.send_signal(number)
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert await process.wait() == 0
        assert await process.stderr.read() == b""


@pytest.mark.processes
async def test_a_taken_port_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with command("--port", str(port)) as process:
            _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors.decode().startswith(f"Cannot listen on 127.0.0.1:{port}:")
    assert errors.count(b"\n") == 1


def test_it_reads_its_options():
    options = parse_options(
        ["--key", "rax_mine:120/9000:acme", "--period", "60", "--fault", "cut", "--instant"]
    )
    key = options.simulator.keys["rax_mine"]
    assert (key.plan.requests_per_minute, key.plan.tokens_per_day, key.meter) == (120, 9000, "acme")
    assert {"rax_demo_free", "rax_demo_pro"} < set(options.simulator.keys)
    assert (options.simulator.settings.faults, options.simulator.settings.pace.instant) == ("cut", True)
    assert (options.host, options.port, options.control) == ("127.0.0.1", 8100, False)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--fault", "gremlins"], "unknown fault"),
        (["--period", "week"], "a period is"),
        (["--key", "rax_a:gold"], "a plan is"),
        (["--key", ":pro"], "a key is"),
    ],
)
def test_it_says_which_option_is_wrong(arguments, reason, capsys):
    with pytest.raises(SystemExit):
        parse_options(arguments)
    assert reason in capsys.readouterr().err
