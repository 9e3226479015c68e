"""The lanes of `make test` run side by side: what one takes must not be the other's."""

import pytest

from scripts.check import LANES
from tests.installation import PORTS_EACH


def ports(command: list[str], environment: dict[str, str]) -> range:
    """Return the ports that a check's processes may take."""
    first = int(environment.get("FIRST_PORT", "20000"))
    return range(first, first + PORTS_EACH * int(command[command.index("--numprocesses") + 1]))


def test_no_two_lanes_share_a_port() -> None:
    tests = [
        ports(command, given) for lane in LANES for _, command, given in lane if "--numprocesses" in command
    ]
    assert len(tests) == 2
    one, other = sorted(tests, key=lambda taken: taken.start)
    assert one.stop <= other.start


@pytest.mark.parametrize("name", ["tests", "browser tests"])
def test_no_port_is_one_that_systems_give_to_outgoing_connections(name: str) -> None:
    (found,) = [ports(command, given) for lane in LANES for check, command, given in lane if check == name]
    assert found.stop <= 32768
