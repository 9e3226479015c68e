"""`python -m rax.simulator`: serve the simulated API until SIGTERM or Ctrl-C."""

import asyncio
import signal
import sys
from collections.abc import Sequence

import uvloop

from rax.simulator.options import Options, parse_options
from rax.simulator.server import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve; 0 after a signal, 1 with one line on stderr when the address cannot be had."""
    options = parse_options(arguments)
    try:
        uvloop.run(_serve(options))
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {options.host}:{options.port}: {error.strerror or error}\n")
        return 1
    return 0


async def _serve(options: Options) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with serve(
        options.simulator, host=options.host, port=options.port, control=options.control
    ) as server:
        sys.stdout.write(f"Simulated Rax AI API at {server.base_url}\n")
        sys.stdout.flush()
        await ended.wait()


if __name__ == "__main__":
    sys.exit(main())
