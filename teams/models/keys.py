"""The provider's secrets: encrypted, owned, limited, and never shown again."""

import uuid
from collections.abc import Iterable, Sequence
from hmac import compare_digest
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from common.database.prepared import Given
from teams import encryption
from teams.acts import TeamAct
from teams.models.attributes import KeyAttributes, Label, folded
from teams.models.deadlines import DeadlineColumns
from teams.models.people import Membership, Team
from teams.models.plans import AttributeColumns, Plan

HINTED_CHARS = 12
BY_NAME = Lower("name"), "pk"


def hint_of(secret: str) -> str:
    """Return the end of a secret, by which its owner knows it; nothing of one so short that it would tell."""
    return secret[-4:] if len(secret) >= HINTED_CHARS else ""


class KeyQuerySet(models.QuerySet["Key"]):
    """Answers which keys can be used, and by whom."""

    def for_team(self, team: Team) -> Self:
        """Return the team's keys, oldest first."""
        return self.filter(team=team).oldest_first()

    def oldest_first(self) -> Self:
        """Return the keys in the order in which they were added."""
        return self.order_by("created_at", "pk")

    def usable(self) -> Self:
        """Return the keys that have a secret, are not retired, and that the provider accepts."""
        return self.filter(status=Key.Status.ACTIVE).exclude(ciphertext=b"")

    def spendable_by(self, membership: Membership) -> Self:
        """Return the usable keys of the member's team that this member may spend on."""
        if not membership.may(TeamAct.SPEND):
            return self.none()
        return self.open_to(membership.pk, membership.team_id)

    def open_to(self, membership: int | Given, team: int | Given) -> Self:
        """Return the usable keys of a team, by its id, that a membership which may spend may do so on."""
        listed = Key.spenders.through.objects.filter(membership=membership).values("key")
        return self.usable().filter(models.Q(only_spenders=False) | models.Q(pk__in=listed), team=team)

    def matching(self, words: str) -> Self:
        """Return the keys that have `words` in their name, owner, project or a present label."""
        if not words:
            return self
        owner = models.Q(owner__name__icontains=words) | models.Q(owner__email__icontains=words)
        own = models.Q(name__icontains=words) | models.Q(project__icontains=words)
        labelled = KeyAttributes.objects.newest().filter(labels__folded__contains=folded(words))
        return self.filter(own | owner | models.Q(pk__in=labelled.values("key")))

    def by_state(self) -> Self:
        """Return the keys that need a look first and the retired ones last, each by name."""
        refused = models.When(status=Key.Status.REFUSED, then=0)
        retired = models.When(status=Key.Status.RETIRED, then=3)
        without_secret = models.When(ciphertext=b"", then=1)
        rank = models.Case(refused, retired, without_secret, default=2)
        return self.order_by(rank, *BY_NAME)

    def by_name(self) -> Self:
        """Return the keys by name; capitals count as small letters."""
        return self.order_by(*BY_NAME)

    def newest_first(self) -> Self:
        """Return the keys that were added last first."""
        return self.order_by("-created_at", "pk")

    def with_labels(self) -> Self:
        """Return the keys with the labels that they have now, in two queries for all of them."""
        newest = KeyAttributes.objects.newest().prefetch_related("labels")
        return self.prefetch_related(models.Prefetch("attributes", newest, to_attr="newest_attributes"))


class Key(AttributeColumns, DeadlineColumns):
    """A secret of the provider, with what the team says about it.

    Owner, project, plan and limits are those of now; what they were on other days, and the labels, stand in
    `KeyAttributes`. Both are written by teams/keys/attributes.py alone. The secret is sealed with
    AES-256-GCM, bound to this row (see teams/encryption.py).
    """

    class Status(models.TextChoices):
        """Whether the provider takes the key."""

        ACTIVE = "active", "Active"
        REFUSED = "refused", "Refused by the provider"
        RETIRED = "retired", "Retired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="keys")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="owned_keys"
    )
    name = models.CharField(max_length=80)
    base_url = models.CharField(max_length=300)
    ciphertext = models.BinaryField(default=b"", editable=False)
    encryption_key_id = models.CharField(max_length=40, blank=True, editable=False)
    hint = models.CharField(max_length=8, blank=True, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField(max_length=200, blank=True)
    refused_at = models.DateTimeField(null=True, editable=False)
    # Where true only `spenders` may spend, and nobody when the last of them has left the team.
    only_spenders = models.BooleanField(default=False, db_default=False)
    spenders = models.ManyToManyField(Membership, blank=True, related_name="spendable_keys")
    secret_set_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = KeyQuerySet.as_manager()

    # Sentences of other apps about it; lists of keys fill them in (see teams/keys/notes.py).
    notes: Sequence[str] = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="key_name_is_unique_in_team"),
            models.CheckConstraint(condition=models.Q(plan__in=Plan.values), name="key_plan_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def set_secret(self, secret: str) -> None:
        """Seal `secret` into this row (not saved yet)."""
        sealed = encryption.seal(secret, row=self.seal_row)
        self.ciphertext, self.encryption_key_id = sealed.ciphertext, sealed.key_id
        self.hint, self.secret_set_at = hint_of(secret), timezone.now()

    def holds(self, secret: str) -> bool:
        """Tell whether this very secret is stored for this very address."""
        try:
            return bool(self.ciphertext) and compare_digest(self.reveal_secret().encode(), secret.encode())
        except encryption.SealBroken:
            return False

    def move_to(self, base_url: str) -> None:
        """Point the key at another server (not saved yet); its secret is erased and must be set again."""
        base_url = base_url.rstrip("/")
        if base_url != self.base_url:
            self.base_url, self.ciphertext, self.hint, self.secret_set_at = base_url, b"", "", None

    def reveal_secret(self) -> str:
        """Return the secret, for a call to the provider only.

        Raises `teams.encryption.SealBroken` where the ciphertext is not this row's or the key is gone.
        """
        sealed = encryption.Sealed(key_id=self.encryption_key_id, ciphertext=bytes(self.ciphertext))
        return encryption.unseal(sealed, row=self.seal_row)

    @property
    def labels(self) -> list[Label]:
        """The labels that the key has now, in order."""
        newest: Iterable[KeyAttributes] | None = getattr(self, "newest_attributes", None)
        rows = self.attributes.newest() if newest is None else newest
        return [label for row in rows for label in row.labels.all()]

    def mark_refused(self, reason: str) -> None:
        """Remember that the provider no longer takes the key, unless it was retired meanwhile."""
        Key.objects.filter(pk=self.pk, status=self.Status.ACTIVE).update(
            status=self.Status.REFUSED, status_reason=reason[:200], refused_at=timezone.now()
        )

    def mark_accepted(self) -> None:
        """Use the key again after the provider took it, unless it was retired meanwhile."""
        Key.objects.filter(pk=self.pk, status=self.Status.REFUSED).update(
            status=self.Status.ACTIVE, status_reason="", refused_at=None
        )

    def retire(self) -> None:
        """Erase the secret and stop all use; the numbers stay."""
        self.status, self.status_reason, self.ciphertext = self.Status.RETIRED, "", b""
        self.refused_at = None
        self.save(update_fields=["status", "status_reason", "ciphertext", "refused_at"])

    @property
    def seal_row(self) -> str:
        """What its secret is bound to."""
        # The address is part of the seal: a secret can never travel to another server.
        return f"teams.key:{self.pk}:{self.base_url}"
