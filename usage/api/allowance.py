"""How much each token may ask: so many requests a minute, told in headers of every answer."""

import time
from dataclasses import dataclass

from django.conf import settings

from teams.models import TeamToken
from teams.sign_in.rates import Rate
from usage.api.problems import Problem

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a token's minute, and in how many seconds it begins anew."""

    limit: int
    left: int
    resets_in: int

    @property
    def headers(self) -> dict[str, str]:
        """Its headers."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.resets_in),
        }


def take(token: TeamToken) -> tuple[Allowance, bool]:
    """Count one more request of a token; return what is left, and whether it may be answered."""
    rate = Rate("api", settings.API_REQUESTS_PER_MINUTE, SECONDS)
    count, since = rate.count(token.pk)
    resets_in = max(int(since + SECONDS - time.time()) + 1, 1)
    allowance = Allowance(rate.most, max(rate.most - count, 0), min(resets_in, SECONDS))
    return allowance, count <= rate.most


def exceeded(allowance: Allowance) -> Problem:
    """Why one more is not answered."""
    words = f"A token may ask {allowance.limit} times a minute. Try again in {allowance.resets_in} seconds."
    return Problem(429, words, Retry_After=str(allowance.resets_in))
