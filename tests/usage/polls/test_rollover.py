"""A real worker at the end of a billing period, at a provider whose clock is another."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.installation import wait_until
from tests.installed import prepared
from tests.parts import first_of_all
from tests.playground.conftest import parts
from tests.usage.polls.rollover import A_SECOND, AHEAD, Provider, running_provider
from tests.usage.running import HOURLY

pytestmark = pytest.mark.processes

TOLD = "SELECT total_tokens FROM usage_rawpoll WHERE total_tokens IS NOT NULL ORDER BY started_at"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", first_of_all("grown up"))
def test_next_to_nothing_of_a_period_s_last_seconds_is_missed(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    # A machine that stands still for seconds, as a busy one may, has no clock to compare the provider's with.
    for number in range(3):
        provider, told = polled_at_the_end(request, tmp_path / str(number), kind)
        _, closing, after = provider.asked
        if -3.5 < closing.seconds < 0:
            break
    assert -3.5 < closing.seconds < 0
    assert provider.whole - closing.tokens < 3.5 * A_SECOND
    assert (closing.tells_old, after.tells_old) == (True, False)
    assert told == pytest.approx(-AHEAD.total_seconds(), abs=1)


def polled_at_the_end(request: pytest.FixtureRequest, folder: Path, kind: str) -> tuple[Provider, float]:
    """A provider whose period ended between two of three polls, and the difference of clocks it was told."""
    folder.mkdir()
    with (
        prepared(folder, **HOURLY, **parts(request, kind)) as raxdash,
        running_provider(timedelta(seconds=18)) as (provider, base_url),
    ):
        raxdash.environment["RAX_BASE_URL"] = base_url
        raxdash.set_up()
        raxdash.start_worker("worker", "--pool", "threads" if kind == "embedded" else "prefork")
        wait_until(lambda: len(raxdash.rows(TOLD)) == 3, lambda: f"{provider.asked} {raxdash.log('worker')}")
        ((told,),) = raxdash.rows("SELECT clock_difference FROM usage_meter")
    return provider, told
