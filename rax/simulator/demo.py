"""Three keys for the demonstration: a large team with corrections now and then, a small one, night batches.

Everything here depends on the calendar alone, so history made today and counters polled next week agree.
"""

from datetime import UTC, datetime

from rax.simulator.keys import FREE, PRO, Key
from rax.simulator.load import Correction, Load, ModelLoad

FIRST_YEAR, LAST_YEAR = 2024, 2040


def _corrections(model: str, tokens: int, requests: int) -> tuple[Correction, ...]:
    """Tokens taken back on the 9th of every odd month: any ninety days hold one at least."""
    return tuple(
        Correction(datetime(year, month, 9, 14, 20, tzinfo=UTC), model, tokens, requests)
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for month in range(1, 13, 2)
    )


LARGE = Key(
    "rax_demo_pro",
    PRO,
    load=Load(
        (
            ModelLoad("rax-4.0", 5_200, seed="large", tokens_per_request=940),
            ModelLoad("rax-4.5", 2_300, seed="large", tokens_per_request=1_650),
        ),
        _corrections("rax-4.0", 240_000, 255),
    ),
)
SMALL = Key(
    "rax_demo_free", FREE, load=Load((ModelLoad("rax-4.0", 90, seed="small", tokens_per_request=520),))
)
BATCH = Key(
    "rax_demo_batch",
    PRO,
    load=Load(
        (
            ModelLoad("rax-4.5", 6_400, shape="night", seed="batch", tokens_per_request=3_100),
            ModelLoad("rax-4.0", 120, seed="batch", tokens_per_request=700),
        )
    ),
)

DEMO_KEYS = (LARGE, SMALL, BATCH)
