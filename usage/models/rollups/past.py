"""What billing periods that are over come to, so that pages over months read a row for each period, not one
for each period of each key.
"""

from django.db import models

from teams.models import Team


class PastSums(models.Model):
    """The billing periods of a team's accounts that ended in (since, until], and what was noted then, summed
    up as pages tell them (`usage.books.past`); None where that is too much for a row. Times in microseconds.

    They hold as long as `generation` is that of the team's numbers: a poll that changes nothing of that time
    raises both together, whatever else changes numbers only the team's. So nothing has to know of them.
    """

    team = models.OneToOneField(Team, primary_key=True, on_delete=models.CASCADE, related_name="past_sums")
    generation = models.BigIntegerField()
    since = models.BigIntegerField()
    until = models.BigIntegerField()
    periods = models.JSONField(null=True)
    notes = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "past sums"

    def __str__(self) -> str:
        return f"{self.team_id} until {self.until}"
