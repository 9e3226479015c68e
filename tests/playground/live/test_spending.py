"""What a run learns of its key's limits."""

from uuid import uuid4

from playground.live.outcome.outcomes import from_error
from playground.live.outcome.spending import Spender, Spending
from rax import Kind, Limits, RateLimitError
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun
from usage.quota.limiter import acquire


def test_a_pause_that_stands_only_in_words_pauses_the_key(cast: Cast, make_run: MakeRun) -> None:
    run = make_run()
    error = RateLimitError(
        "Try again in 20s.", kind=Kind.RATE_LIMITED, retry_after_seconds=20.0, limits=Limits(NOON)
    )
    spending = Spending(Spender.of(run), cast.key, [], None)
    spending.observe(from_error(error, has_text=False))
    refusal = acquire(cast.key, uuid4(), 1, NOON)
    assert refusal
    assert refusal.retry_after_seconds == 21
