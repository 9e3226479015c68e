"""Ask a provider for past days of one key, one request at a time, within the key's limits."""

from datetime import date, datetime, timedelta

from rax import Client, Connections, RateLimitError, RaxError, UsageAnswer
from teams.encryption import SealBroken
from teams.models import Key
from teams.upstream import ask_upstream
from usage.models import Meter
from usage.polls.asking import TIMEOUTS
from usage.quota import limiter

# Where a provider says "too often" and not for how long.
PAUSE = timedelta(seconds=60)
SOURCE = "poll"

NO_KEY = "Its key is gone, or points to another server now."
NO_SECRET = "The stored secret cannot be opened."  # noqa: S105 no password


class Unaskable(Exception):
    """This key cannot be asked at all; the text tells a person why."""


class Later(Exception):
    """Nothing may be asked with this key before a time."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def ask(meter: Meter, first: date, last: date, now: datetime) -> UsageAnswer:
    """Return what a meter's provider tells of days. Raises `Unaskable`, `Later`, or the provider's error."""
    key = meter.key
    if key is None or key.base_url != meter.base_url:
        raise Unaskable(NO_KEY)
    try:
        secret = key.reveal_secret()
    except SealBroken:
        raise Unaskable(NO_SECRET) from None
    if until := limiter.acquire_for_polls({key.pk: 1}, now).get(key.pk):
        raise Later(until)
    return _asked(key, secret, first, last, now)


def _asked(key: Key, secret: str, first: date, last: date, now: datetime) -> UsageAnswer:
    async def usage(connections: Connections) -> UsageAnswer:
        client = Client(
            secret, base_url=key.base_url, connections=connections, timeouts=TIMEOUTS, get_retries=0
        )
        return await client.usage(first, last)

    try:
        answer = ask_upstream(usage)
    except RateLimitError as error:
        pause = timedelta(seconds=error.retry_after_seconds) if error.retry_after_seconds else PAUSE
        limiter.observe(key.pk, error.limits, SOURCE, is_refusal=True)
        raise Later(now + pause) from None
    except RaxError as error:
        limiter.observe(key.pk, error.limits, SOURCE)
        raise
    limiter.observe(key.pk, answer.limits, SOURCE)
    return answer
