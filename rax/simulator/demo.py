"""The keys of the demonstration: a large team with corrections now and then, a small one, night batches, and
three that are smaller still.

What they spend depends on the calendar and on the day on which the demonstration began: a model had come six
weeks before it, another one went two weeks before. So history made on that day and counters polled next week
agree.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from rax.simulator.catalogue import DEFAULT_MODELS, Model
from rax.simulator.keys import FREE, PRO, Key
from rax.simulator.usage.load import Correction, Load, ModelLoad

FIRST_YEAR, LAST_YEAR = 2024, 2040
OLD = Model("rax-3.5", "The one before.", context_window=4096, max_tokens=2048, price_per_thousand=800)
NEW = Model("rax-5-mini", "Small and quick.", context_window=32_768, max_tokens=8192, price_per_thousand=300)
# The first of the usual models is told to retire so long after the demonstration began.
RETIRING, RETIRES_AFTER = DEFAULT_MODELS[0], timedelta(days=60)
# More than it uses in two of the coarsest polls: a counter that has caught up by then was never seen to fall.
TAKEN_BACK = 640_000
# The small key stops a little before the limit of its plan.
SMALL_MOST = 98_500


def parse_day(text: str) -> date:
    """`2026-11-24`, or nothing for today's UTC day. Raises ValueError that says what is wrong."""
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError:
        raise ValueError(f"a day is written such as 2026-11-24, not {text!r}") from None


def new_since(day: date) -> datetime:
    """When `NEW` came, for a demonstration that began on a UTC day."""
    return datetime.combine(day - timedelta(weeks=6), time(9), UTC)


def old_until(day: date) -> datetime:
    """When `OLD` went, for a demonstration that began on a UTC day."""
    return datetime.combine(day - timedelta(weeks=2), time(16), UTC)


def retires_on(day: date) -> date:
    """When `RETIRING` retires, for a demonstration that began on a UTC day."""
    return day + RETIRES_AFTER


def demo_models(day: date) -> tuple[Model, ...]:
    """What is on offer now, for a demonstration that began on a UTC day; `OLD` is not any more."""
    shutdown = {"shutdown_date": retires_on(day).isoformat()}
    usual = (replace(model, extra=shutdown) if model is RETIRING else model for model in DEFAULT_MODELS)
    return *usual, NEW


def demo_keys(day: date) -> tuple[Key, ...]:
    """The large key, the small one, that of night batches and the others, for a demonstration that began on a
    UTC day.
    """
    return large(day), SMALL, BATCH, mobile(day), EVALUATION, SEARCH


def large(day: date) -> Key:
    """A key of a team whose work moves from `OLD` to `NEW`."""
    return Key(
        "rax_demo_pro",
        PRO,
        load=Load(
            (
                ModelLoad("rax-4.0", 5_200, seed="large", tokens_per_request=940, bursty=True),
                ModelLoad("rax-4.5", 2_300, seed="large", tokens_per_request=1_650, bursty=True),
                ModelLoad(
                    OLD.id, 1_300, seed="large", tokens_per_request=610, until=old_until(day), bursty=True
                ),
                ModelLoad(
                    NEW.id, 1_700, seed="large", tokens_per_request=480, since=new_since(day), bursty=True
                ),
            ),
            _corrections("rax-4.0", TAKEN_BACK, 680),
        ),
    )


def mobile(day: date) -> Key:
    """A key of an application that grows since `NEW` came."""
    return Key(
        "rax_demo_mobile",
        PRO,
        load=Load(
            (
                ModelLoad("rax-4.0", 1_900, seed="mobile", tokens_per_request=560),
                ModelLoad(NEW.id, 1_400, seed="mobile", tokens_per_request=310, since=new_since(day)),
            )
        ),
    )


def _corrections(model: str, tokens: int, requests: int) -> tuple[Correction, ...]:
    """Tokens taken back on the 9th of every odd month: any ninety days hold one at least."""
    return tuple(
        Correction(datetime(year, month, 9, 14, 20, tzinfo=UTC), model, tokens, requests)
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for month in range(1, 13, 2)
    )


SMALL = Key(
    "rax_demo_free",
    FREE,
    load=Load(
        (
            ModelLoad(
                "rax-4.0", 1_000, shape="early", seed="small", tokens_per_request=520, most_per_day=SMALL_MOST
            ),
        )
    ),
)
BATCH = Key(
    "rax_demo_batch",
    PRO,
    load=Load(
        (
            ModelLoad("rax-4.5", 6_400, shape="night", seed="batch", tokens_per_request=3_100, bursty=True),
            ModelLoad("rax-4.0", 120, seed="batch", tokens_per_request=700),
        )
    ),
)
EVALUATION = Key(
    "rax_demo_evals",
    PRO,
    load=Load((ModelLoad("rax-4.5", 1_100, shape="night", seed="evals", tokens_per_request=1_690),)),
)
SEARCH = Key(
    "rax_demo_docs",
    FREE,
    load=Load(
        (ModelLoad("rax-4.0", 60, shape="flat", seed="docs", tokens_per_request=400, most_per_day=62_000),)
    ),
)
