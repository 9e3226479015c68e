"""What several meters used together, by time: whose it is says each model that is made of these."""

from django.db import models


class QuarterSum(models.Model):
    """What was used of a model in a quarter."""

    metric = models.CharField(max_length=10)
    number = models.IntegerField()
    model = models.CharField(max_length=200)
    amount = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.model} {self.metric} in quarter {self.number}"


class DaySum(models.Model):
    """What was used of a model on a day of the team's zone."""

    metric = models.CharField(max_length=10)
    day = models.DateField()
    model = models.CharField(max_length=200)
    amount = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.model} {self.metric} on {self.day}"
