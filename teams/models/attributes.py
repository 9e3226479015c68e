"""What a team says about a key, and from which day: its usage is grouped and measured by it."""

import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db import models

from teams.models.people import Team, User
from teams.models.plans import AttributeColumns, KeyLimits, Plan, Terms

LONGEST_LABEL = 40
# The day from which the first row of every key is valid: its attributes hold for all that was ever used.
ALWAYS = date.min


def folded(name: str) -> str:
    """Return a label's name as names are compared: without case, in one Unicode form."""
    return unicodedata.normalize("NFC", name.casefold())


class LabelQuerySet(models.QuerySet["Label"]):
    """Answers which labels there are."""

    def named(self, team: Team, names: Iterable[str]) -> tuple["Label", ...]:
        """Return the team's labels of these names, in order; those that are new are created as typed."""
        typed = {folded(name): name for name in names}
        known = set(self.filter(team=team, folded__in=typed).values_list("folded", flat=True))
        new = [self.model(team=team, name=typed[key], folded=key) for key in typed.keys() - known]
        # Somebody may create one of them at this moment: both go on with the same row.
        self.bulk_create(new, ignore_conflicts=True)
        return tuple(self.filter(team=team, folded__in=typed))


class Label(models.Model):
    """A word by which a team groups its keys; kept as it was typed first."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=LONGEST_LABEL)
    # `folded` may be several times as long as the name.
    folded = models.CharField(max_length=10 * LONGEST_LABEL, editable=False)

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ["folded"]
        constraints = [
            models.UniqueConstraint(fields=["team", "folded"], name="label_is_unique_in_team"),
        ]

    def __str__(self) -> str:
        return self.name


FREE = Terms()


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owned a key: the id of an account, which may be gone, and a name to show. Equal by the id."""

    id: int
    name: str = field(compare=False)

    @classmethod
    def of(cls, user: User | None) -> Self | None:
        """Return a person as an owner; None for nobody."""
        return cls(user.pk, str(user)) if user else None


@dataclass(frozen=True, slots=True)
class Attributes:
    """All that is dated about a key, as it was on one day."""

    owner: Owner | None = None
    project: str = ""
    labels: tuple[Label, ...] = ()
    terms: Terms = FREE

    def limits(self) -> KeyLimits:
        """Return the limits that counted."""
        return self.terms.limits()

    @property
    def plan(self) -> Plan:
        """The plan, which knows its label."""
        return self.terms.plan


def columns_of(**values: Any) -> dict[str, Any]:
    """Return some of the values of `Attributes` as columns of a key; labels have none."""
    columns = {name: value for name, value in values.items() if name == "project"}
    if "owner" in values:
        columns["owner_id"] = values["owner"].id if values["owner"] else None
    if "terms" in values:
        columns |= {"plan": values["terms"].plan} | asdict(values["terms"].own)
    return columns


class KeyAttributesQuerySet(models.QuerySet["KeyAttributes"]):
    """Answers what was valid when."""

    def during(self, first: date, last: date) -> Self:
        """Return the rows that are valid on at least one of these local days, both included."""
        replaced = self._later().filter(valid_from__lte=first)
        return self.filter(~models.Exists(replaced), valid_from__lte=last)

    def on(self, day: date) -> Self:
        """Return the row of each key that is valid on this local day."""
        return self.during(day, day)

    def newest(self) -> Self:
        """Return the row of each key that says how it is now."""
        return self.filter(~models.Exists(self._later()))

    @staticmethod
    def _later() -> "KeyAttributesQuerySet":
        own = models.OuterRef("key"), models.OuterRef("valid_from")
        return KeyAttributes.objects.filter(key=own[0], valid_from__gt=own[1])


class KeyAttributes(AttributeColumns):
    """A key's attributes from a local day of its team on, until the day of the key's next row.

    The first row of a key is valid since `ALWAYS`. Only teams/keys/attributes.py writes here.
    """

    key = models.ForeignKey("teams.Key", on_delete=models.CASCADE, related_name="attributes")
    valid_from = models.DateField()
    # No foreign key: who it was is told apart from others, and by name, also when the account is gone.
    owner_id = models.BigIntegerField(null=True)
    owner_name = models.CharField(max_length=254, blank=True)
    labels = models.ManyToManyField(Label, blank=True, related_name="+")

    objects = KeyAttributesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "key attributes"
        constraints = [
            # Also the index for a key's rows in order.
            models.UniqueConstraint(fields=["key", "valid_from"], name="key_attributes_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(plan__in=Plan.values), name="key_attributes_plan_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key_id} from {self.valid_from}"

    @classmethod
    def holding(cls, key_id: UUID, valid_from: date, attributes: Attributes) -> Self:
        """Return a row that says this (not saved yet, and without its labels)."""
        owner = attributes.owner
        columns = columns_of(owner=owner, project=attributes.project, terms=attributes.terms)
        return cls(key_id=key_id, valid_from=valid_from, owner_name=owner.name if owner else "", **columns)

    def values(self) -> Attributes:
        """Return what the row says; ask for `labels` ahead where there are many rows."""
        owner = None if self.owner_id is None else Owner(self.owner_id, self.owner_name)
        return Attributes(owner, self.project, tuple(self.labels.all()), self.terms())
