"""The models each provider offered a team, and every change of them."""

from typing import Self

from django.db import models

from teams.models import Team


class CatalogueModelQuerySet(models.QuerySet["CatalogueModel"]):
    """Answers what a team can choose from."""

    def for_team(self, team: Team) -> Self:
        """Return all models the team was ever offered, those on offer first."""
        return self.filter(team=team).order_by(models.F("gone_at").asc(nulls_first=True), "name", "base_url")

    def on_offer(self) -> Self:
        """Return the models still listed."""
        return self.filter(gone_at=None)


class CatalogueModel(models.Model):
    """One model at one provider address; absent numbers are None: the provider did not say."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="catalogue")
    base_url = models.CharField(max_length=300)
    name = models.CharField(max_length=200)
    owned_by = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    context_window = models.PositiveBigIntegerField(null=True)
    max_tokens = models.PositiveBigIntegerField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    objects = CatalogueModelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "base_url", "name"], name="catalogue_model_once")
        ]

    def __str__(self) -> str:
        return self.name


class ModelChange(models.Model):
    """A model came, went, came back, or one of its figures changed."""

    class Kind(models.TextChoices):
        """What happened."""

        APPEARED = "appeared", "Appeared"
        DISAPPEARED = "disappeared", "Disappeared"
        RETURNED = "returned", "Returned"
        CHANGED = "changed", "Changed"

    model = models.ForeignKey(CatalogueModel, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    field = models.CharField(max_length=20, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["model", "at"], name="model_change_history")]

    def __str__(self) -> str:
        return f"{self.model} {self.kind}"

    @property
    def field_words(self) -> str:
        """The name of the figure that changed, as people read it."""
        return self.field.replace("_", " ")
