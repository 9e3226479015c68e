"""A real worker at the end of a billing period, at a provider whose clock is another."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.installation import wait_until
from tests.installed import prepared
from tests.playground.conftest import BACKENDS, parts
from tests.usage.polls.rollover import A_SECOND, AHEAD, running_provider
from tests.usage.running import HOURLY

pytestmark = pytest.mark.processes

TOLD = "SELECT total_tokens FROM usage_rawpoll WHERE total_tokens IS NOT NULL ORDER BY started_at"


@pytest.mark.parametrize("kind", BACKENDS)
def test_next_to_nothing_of_a_period_s_last_seconds_is_missed(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    with (
        prepared(tmp_path, **HOURLY, **parts(request, kind)) as raxdash,
        running_provider(timedelta(seconds=18)) as (provider, base_url),
    ):
        raxdash.environment["RAX_BASE_URL"] = base_url
        raxdash.set_up()
        raxdash.start_worker("worker", "--pool", "threads" if kind == "embedded" else "prefork")
        wait_until(lambda: len(raxdash.rows(TOLD)) == 3, lambda: f"{provider.asked} {raxdash.log('worker')}")
        _, closing, after = provider.asked
        assert -3.5 < closing.seconds < 0
        assert provider.whole - closing.tokens < 3.5 * A_SECOND
        assert (closing.tells_old, after.tells_old) == (True, False)
        ((told,),) = raxdash.rows("SELECT clock_difference FROM usage_meter")
        assert told == pytest.approx(-AHEAD.total_seconds(), abs=1)
