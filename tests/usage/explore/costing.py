"""Use tokens on days of a team, and read what the usage page says of their cost."""

import random
import re
import uuid
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from teams.models import Key
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import answer
from usage.books.ingest import store
from usage.books.local_usage import record_local_usage
from usage.models import LocalUsage, Meter

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 22)
DAYS = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
ALL = f"?start={FIRST}&end={LAST}"
MODELS = ["rax-4.0", "rax-4.5"]


def use(meter: Meter, used: dict[date, dict[str, int]]) -> None:
    """Poll a meter at ten and at noon of its team's days, between which it uses something."""
    counters: dict[str, int] = defaultdict(int)
    answers = []
    for day in sorted(used):
        for hour in (10, 12):
            for model, tokens in used[day].items() if hour == 12 else ():
                counters[model] += tokens
            at = datetime.combine(day, time(hour), meter.team.zone)
            told_of = {model: (tokens, 1) for model, tokens in counters.items()}
            answers.append(answer(meter, at, told_of, *PERIOD))
    store(answers)


def some(seed: int, least: int = 1) -> dict[date, dict[str, int]]:
    """Tokens of two models on each day, in multiples of `least`."""
    chance = random.Random(seed)
    return {day: {model: least * chance.randrange(1, 90) for model in MODELS} for day in DAYS}


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def cost(html: str) -> str:
    """What the page says of the cost: its words, then its note."""
    found = re.search(r'<span id="total-cost"[^>]*>(.*?)</span>', html)
    return found[1] if found else ""


def note(html: str) -> str:
    found = re.search(r'id="cost-note"><b>[^<]*</b> (.*?)</p>', html)
    return re.sub("<[^>]*>", "", found[1]).removesuffix(" Prices").removesuffix(".") if found else ""


def spend(key: Key, model: str, read: int, written: int) -> None:
    record_local_usage(
        team_id=key.team_id,
        key_id=key.pk,
        member_id=key.owner_id,
        source=LocalUsage.Source.PLAYGROUND,
        run=uuid.uuid4(),
        model=model,
        prompt_tokens=read,
        completion_tokens=written,
        is_reported=True,
        at=NOON - 2 * DAY,
    )
