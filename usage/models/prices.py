"""What a team pays for a million tokens of a model, from which of its days on. Empty at first."""

from typing import Self

from django.db import models
from django.db.models import Q

from teams.models import Team

DIGITS, PLACES = 13, 6


class PriceList(models.Model):
    """In which currency a team's prices are, by its code of ISO 4217."""

    team = models.OneToOneField(
        Team, primary_key=True, on_delete=models.CASCADE, related_name="usage_price_list"
    )
    currency = models.CharField(max_length=3)

    def __str__(self) -> str:
        return self.currency


class PriceQuerySet(models.QuerySet["Price"]):
    """Answers what a team pays, and paid."""

    def for_team(self, team: Team) -> Self:
        """Return all rows of the team by model, the newest day first."""
        return self.filter(team=team).order_by("model", "-valid_from")

    def amounts(self) -> Self:
        """Return those that are prices, not ends of one."""
        return self.filter(per_million__isnull=False)


class Price(models.Model):
    """What a million tokens of a model cost from the local day `valid_from` on, until the next row's day.

    `per_million` is that of the provider's counters, which tell input and output together; a row without it
    says that there is no price from that day on. Input and output are for runs of raxdash's own, which know
    both; where they are None, `per_million` holds for these too.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="usage_prices", db_index=False)
    model = models.CharField(max_length=200)
    valid_from = models.DateField()
    per_million = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    input_per_million = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    output_per_million = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)

    objects = PriceQuerySet.as_manager()

    class Meta:
        constraints = [
            # Also serves the table of a team.
            models.UniqueConstraint(fields=["team", "model", "valid_from"], name="price_once_per_day"),
            models.CheckConstraint(
                condition=Q(input_per_million=None, output_per_million=None)
                | Q(
                    per_million__isnull=False,
                    input_per_million__isnull=False,
                    output_per_million__isnull=False,
                ),
                name="price_of_input_and_output",
            ),
        ]

    def __str__(self) -> str:
        return self.model

    @property
    def is_end(self) -> bool:
        """Tell whether it says that there is no price from its day on."""
        return self.per_million is None
