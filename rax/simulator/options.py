"""The command line of the simulator."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rax.simulator.catalogue import DEFAULT_MODELS
from rax.simulator.control import CHOICES
from rax.simulator.demo import demo_keys, demo_models, parse_day
from rax.simulator.faults import REGISTRY, parse_wishes
from rax.simulator.keys import DEFAULT_KEYS, parse_key
from rax.simulator.pace import INSTANT, Pace
from rax.simulator.simulator import Settings, Simulator
from rax.simulator.usage.periods import parse_period

# `add_argument` of a parser.
type Add = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Options:
    """Where to listen, and the simulator to serve there."""

    host: str
    port: int
    control: bool
    simulator: Simulator


def parse_options(arguments: Sequence[str] | None = None) -> Options:
    """Read the arguments (`sys.argv` when None). Exits with a usage message when they do not fit."""
    given = _parser().parse_args(arguments)
    simulator = Simulator(
        [*(demo_keys(given.demo) if given.demo else DEFAULT_KEYS), *given.key],
        settings=_settings(given),
        period=given.period,
        models=demo_models(given.demo) if given.demo else DEFAULT_MODELS,
        state=given.state,
    )
    return Options(given.host, given.port, given.control, simulator)


def _settings(given: argparse.Namespace) -> Settings:
    pace = INSTANT if given.instant else Pace(given.first_token, given.pace)
    return Settings(
        pace=pace,
        reset_format=given.reset_format,
        dialect=given.dialect,
        stream_usage=given.stream_usage,
        count_polls=given.count_polls,
        currency=given.currency,
        faults=",".join(given.fault),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rax.simulator",
        description="Serve the Rax AI API, simulated. rax_demo_free and rax_demo_pro are always accepted.",
        epilog=f"Faults: {', '.join(sorted(REGISTRY))}.",
    )
    _add_server(parser.add_argument)
    _add_keys(parser.add_argument)
    _add_answers(parser.add_argument)
    return parser


def _add_server(add: Add) -> None:
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=int, default=8100, help="port; 0 takes a free one (%(default)s)")
    add("--state", type=Path, metavar="FILE", help="keep what was spent in a file, over restarts")
    add("--control", action="store_true", help="open /control/ to this machine")


def _add_keys(add: Add) -> None:
    add(
        "--key",
        type=_checked(parse_key),
        action="append",
        default=[],
        help="SECRET:PLAN[:ACCOUNT], repeatable",
    )
    add(
        "--demo",
        type=_checked(parse_day),
        nargs="?",
        const="",
        metavar="DAY",
        help="give the demo keys their background load, and add four more; models came and went before "
        "DAY, such as 2026-11-24 (today)",
    )
    add("--period", type=_checked(parse_period), default="month", help="month, day or seconds (%(default)s)")


def _add_answers(add: Add) -> None:
    add(
        "--pace", type=float, default=0, metavar="CHUNKS", help="chunks a second; 0 is 40 to 80 (%(default)s)"
    )
    add(
        "--first-token",
        type=float,
        default=0.3,
        metavar="SECONDS",
        help="time to the first token (%(default)s)",
    )
    add("--instant", action="store_true", help="no waiting at all")
    for name, choices in CHOICES.items():
        add(f"--{name.replace('_', '-')}", choices=choices, default=choices[0], help="(%(default)s)")
    add("--count-polls", action="store_true", help="count /usage and /models in total_requests")
    add("--currency", default="", help="told beside total_cost in the client's dialect")
    add(
        "--fault",
        type=_checked(_fault),
        action="append",
        default=[],
        help="NAME[:ARGUMENT] for all, repeatable",
    )


def _fault(text: str) -> str:
    parse_wishes(text)
    return text


def _checked(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """Show the reason of a ValueError instead of argparse's own words."""

    def read(text: str) -> Any:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return read
