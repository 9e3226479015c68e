"""The models each provider offered a team, every change of them, and which key was offered which."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery

from common.database.prepared import Given
from teams.models import Key, Team
from usage.ledger import TOKENS
from usage.models.rollups.series import Series
from usage.models.rollups.teams import TeamModel

# Retirements are spoken of within so long, before and after their day.
SPOKEN_OF = timedelta(days=180)
# Of one address so many are kept, those that are gone too: a server may name others every hour.
MOST_MODELS = 10_000
# So many changes of the models of an address are kept, beside that each of them appeared, and so many offers
# of a key that ended: a server may tell others of thousands of models every hour.
MOST_CHANGES = 10_000
MOST_ENDED = 10_000
RETIREMENT_FIELDS = ("retires_on", "typed_retires_on")


class CatalogueModelQuerySet(models.QuerySet["CatalogueModel"]):
    """Answers what a team can choose from."""

    def for_team(self, team: Team | Given) -> Self:
        """Return all models the team was ever offered, those on offer first."""
        return self.filter(team=team).order_by(models.F("gone_at").asc(nulls_first=True), "name", "base_url")

    def on_offer(self) -> Self:
        """Return the models still listed."""
        return self.filter(gone_at=None)

    def full(self) -> models.QuerySet[Any, Any]:
        """Return the `team` and `base_url` of each address of which as many are kept as are."""
        counted = self.order_by().values("team", "base_url").annotate(count=Count("pk"))
        return counted.filter(count__gte=MOST_MODELS)

    def in_the_way(self, before: datetime) -> Self:
        """Return those that were gone before, that nobody used, and of which nobody typed anything."""
        used = TeamModel.objects.filter(team=OuterRef("team"), model=OuterRef("name"))
        return self.filter(~Exists(used), gone_at__lt=before, typed_retires_on=None)


class CatalogueModel(models.Model):
    """One model at one provider address; absent numbers are None: the provider did not say."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="catalogue")
    base_url = models.CharField(max_length=300)
    name = models.CharField(max_length=200)
    owned_by = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    context_window = models.PositiveBigIntegerField(null=True)
    max_tokens = models.PositiveBigIntegerField(null=True)
    # When it retires: what the provider told last, and what an admin typed, which counts before that.
    retires_on = models.DateField(null=True)
    typed_retires_on = models.DateField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    objects = CatalogueModelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "base_url", "name"], name="catalogue_model_once")
        ]
        # When an address was looked at first is asked of every change: a server may list thousands.
        indexes = [models.Index(fields=["team", "base_url", "first_seen_at"], name="catalogue_first_seen")]

    def __str__(self) -> str:
        return self.name

    @property
    def retirement(self) -> date | None:
        """The day on which it retires, as far as anybody said."""
        return self.typed_retires_on or self.retires_on


class ModelChangeQuerySet(models.QuerySet["ModelChange"]):
    """Answers what changed of what a team was offered."""

    def spoken_of(self, today: date) -> Self:
        """Return all but the announcements of retirements that are far away, or long over."""
        near = Q(after="") | Q(
            after__range=((today - SPOKEN_OF).isoformat(), (today + SPOKEN_OF).isoformat())
        )
        return self.filter(~Q(field__in=RETIREMENT_FIELDS) | near)

    def bounded(self) -> Self:
        """Return those of which an address has only so many: none that was typed, and no first appearance."""
        return self.filter(by="").exclude(kind=ModelChange.Kind.APPEARED)

    def beyond(self, team: Team, base_url: str) -> Self:
        """Return the older ones of an address, of which more are stored than are kept."""
        told = self.bounded().filter(model__team=team, model__base_url=base_url)
        # The same ones in whatever order the answers of one instant were taken.
        return told.order_by("-at", "-model__name", "-kind", "-field", "-pk")[MOST_CHANGES:]

    def cut(self, team: Team) -> models.QuerySet[Any, Any]:
        """Return the `base_url` of each address of which as many are kept as are, and `since` when."""
        told = self.bounded().filter(model__team=team).order_by().values("model__base_url")
        counted = told.annotate(count=Count("pk"), since=Min("at"), base_url=F("model__base_url"))
        return counted.filter(count__gte=MOST_CHANGES).order_by("base_url").values("base_url", "since")

    def between(self, team: Team, start: datetime, end: datetime) -> Self:
        """Return what changed in [start, end); what the first look at an address found is no change."""
        listed = CatalogueModel.objects.filter(team=team, base_url=OuterRef("model__base_url"))
        first = Subquery(listed.order_by("first_seen_at").values("first_seen_at")[:1])
        mine = self.filter(model__team=team, at__gte=start, at__lt=end).spoken_of(end.date())
        return mine.exclude(kind=ModelChange.Kind.APPEARED, at=first)


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
    # Who typed it; empty where the provider told it.
    by = models.CharField(max_length=254, blank=True, db_default="")

    objects = ModelChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["model", "at"], name="model_change_history")]

    def __str__(self) -> str:
        return f"{self.model} {self.kind}"

    @property
    def field_words(self) -> str:
        """The name of the figure that changed, as people read it."""
        return self.field.replace("_", " ")


class ModelOfferQuerySet(models.QuerySet["ModelOffer"]):
    """Answers which keys see which models."""

    def for_team(self, team: Team) -> Self:
        """Return all that the team's keys were ever offered, by model and key."""
        return self.filter(model__team=team).order_by("model__name", "model__base_url", "key__name", "since")

    def open(self) -> Self:
        """Return what has not ended."""
        return self.filter(until=None)

    def current(self) -> Self:
        """Return what keys that can be used see now."""
        return self.open().filter(key__in=Key.objects.usable())

    def at(self, moment: datetime) -> Self:
        """Return what was offered at an aware instant."""
        return self.filter(Q(until=None) | Q(until__gte=moment), since__lte=moment)

    def used(self) -> Self:
        """Return those of models that the account of the key has used, whenever that was."""
        account = Q(meter__key=OuterRef("key")) | Q(meter__merged__key=OuterRef("key"))
        used = Series.objects.filter(account, model=OuterRef("model__name"), metric=TOKENS)
        return self.filter(Exists(used))

    def missed(self) -> Self:
        """Return what ended though it was used, where the key sees it no more: the latest end first."""
        again = ModelOffer.objects.open().filter(key=OuterRef("key"), model=OuterRef("model"))
        ended = self.exclude(until=None).filter(~Exists(again))
        return ended.used().order_by("-until", "pk")

    def beyond(self, key: Key) -> Self:
        """Return the older ones of a key that ended, of which more are stored than are kept."""
        return self.filter(key=key).exclude(until=None).order_by("-until", "-model__name", "-pk")[MOST_ENDED:]


class ModelOffer(models.Model):
    """A model that a key was offered, over one stretch of time: a model that comes back has another row.

    `until` is when the key was last offered it; None where it still is, as far as we know. `told` are its
    figures as the key was told them last: keys of one address may be told different ones. None before they
    were kept.
    """

    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="model_offers")
    model = models.ForeignKey(CatalogueModel, on_delete=models.CASCADE, related_name="offers")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField()
    told = models.JSONField(null=True)

    objects = ModelOfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "model"], condition=Q(until=None), name="model_offer_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} to {self.key}"
