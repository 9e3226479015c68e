"""The provider's plans, what they allow, and the columns in which a key and its history keep them."""

from dataclasses import dataclass
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models


class Plan(models.TextChoices):
    """The provider's tiers. It names none; Free and Pro are our words for the documented limits."""

    FREE = "free", "Free"
    PRO = "pro", "Pro"
    OWN = "own", "Own numbers"


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """What the plan allows; None means no limit."""

    requests_per_minute: int | None = None
    tokens_per_day: int | None = None
    tokens_per_period: int | None = None


NO_LIMITS = KeyLimits()
# Past days are read with these numbers too: whoever changes one gives the old one to the days before.
PLAN_LIMITS = {
    Plan.FREE: KeyLimits(requests_per_minute=60, tokens_per_day=100_000),
    Plan.PRO: KeyLimits(requests_per_minute=600, tokens_per_day=None),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """A plan, and the numbers of one's own that count with the plan of that name."""

    plan: Plan = Plan.FREE
    own: KeyLimits = NO_LIMITS

    @classmethod
    def of(cls, plan: str, own: KeyLimits | None = None) -> Self:
        """Return the terms of a plan; `own` is left out where it does not count."""
        return cls(Plan(plan), own if own and plan == Plan.OWN else NO_LIMITS)

    def limits(self) -> KeyLimits:
        """Return the limits that count."""
        return self.own if self.plan == Plan.OWN else PLAN_LIMITS[self.plan]


class AttributeColumns(models.Model):
    """The columns that a key, as it is now, and each row of its history have in common."""

    project = models.CharField(max_length=80, blank=True)
    plan = models.CharField(max_length=10, choices=Plan.choices, default=Plan.FREE)
    requests_per_minute = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)]
    )
    tokens_per_day = models.PositiveBigIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    tokens_per_period = models.PositiveBigIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        abstract = True

    def terms(self) -> Terms:
        """Return the plan with the limits of one's own, where these count."""
        return Terms.of(self.plan, self.limits())

    def limits(self) -> KeyLimits:
        """Return the limits that count."""
        if self.plan == Plan.OWN:
            return KeyLimits(self.requests_per_minute, self.tokens_per_day, self.tokens_per_period)
        return PLAN_LIMITS[Plan(self.plan)]
