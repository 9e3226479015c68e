"""Web, worker and beat are killed at random moments while two teams work: no number and no end is lost."""

import random
import time
from collections.abc import Callable

import pytest

from tests.chaos.crowd import working
from tests.chaos.town import ALICE, BACKENDS, GROWN_UP, OLGA, town
from tests.chaos.truth import assert_at_rest
from tests.usage.running import end_leases

pytestmark = pytest.mark.processes
PER_BACKEND = 50
MANY = [
    pytest.param(kind, PER_BACKEND, marks=[pytest.mark.chaos, pytest.mark.timeout(900)]) for kind in BACKENDS
]


@pytest.mark.parametrize(("kind", "kills"), [(GROWN_UP, 3), *MANY])
def test_whoever_is_killed_every_counter_and_every_end_is_true(
    kind: str, kills: int, record_property: Callable[[str, object], None]
) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    record_property("seed", seed)
    record_property("kills", kills)
    moments = random.Random(seed)
    with town(kind) as here:
        with working(here, [ALICE, OLGA], seed):
            victims = list(here.starts)
            for number in range(kills):
                time.sleep(moments.uniform(0.2, 2))
                # Each in its turn, so that few kills reach everybody too.
                name = victims[number % len(victims)]
                here.installation.kill(name)
                time.sleep(moments.uniform(0, 0.5))
                here.restart(name)
        end_leases(here.installation)  # of keys that a worker was killed with
        compared = assert_at_rest(here, killed=True)
    for name, value in compared.items():
        record_property(name, value)
