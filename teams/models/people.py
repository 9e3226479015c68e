"""Who works here: users, teams and the roles that join them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.text import slugify

from common.zones import zone_names
from teams.acts import Act
from teams.roles import Role


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address; there is no user name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save a user with this address (compared without case) and a hashed password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_team = models.ForeignKey("Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


def validate_time_zone(value: str) -> None:
    """Refuse a name that the time zone database does not know."""
    if value not in zone_names():
        raise ValidationError(f"{value} is not a time zone. Write one such as Europe/Berlin.")


class TeamQuerySet(models.QuerySet["Team"]):
    """Answers which teams somebody may see."""

    def for_user(self, user: User | Combinable) -> Self:
        """Return the teams this person belongs to."""
        return self.filter(memberships__user=user, deleted_at=None)


class Weekday(models.IntegerChoices):
    """A day of the week, numbered as Python numbers them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class Team(models.Model):
    """A group of people who share keys, runs and numbers."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    # The provider's day for daily limits; UTC unless the provider says otherwise.
    quota_time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    # 0 is Monday.
    week_start = models.PositiveSmallIntegerField(choices=Weekday.choices, default=0, db_default=0)
    # Raised in the transaction that changes the team's numbers: caches keyed by it are honest everywhere.
    generation = models.PositiveBigIntegerField(default=0, editable=False)
    # How many days prompts and answers are kept; 0 keeps them. The numbers stay in any case.
    keep_prompts_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    # And how many days what servers sent, line by line; 0 keeps it as long as the answers.
    keep_raw_lines_days = models.PositiveSmallIntegerField(default=7, db_default=7)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # A deleted team has no members and no secrets; its row stays, because its numbers do.
    deleted_at = models.DateTimeField(null=True, editable=False)
    users = models.ManyToManyField(User, through="Membership", related_name="teams")

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this team's days, weeks and months begin."""
        return ZoneInfo(self.time_zone)

    def day_of(self, moment: datetime) -> date:
        """Return the local day of an aware moment."""
        return moment.astimezone(self.zone).date()

    def today(self) -> date:
        """Return the local day that it is now."""
        return self.day_of(timezone.now())

    @property
    def quota_zone(self) -> ZoneInfo:
        """The zone in which the provider's daily limits begin."""
        return ZoneInfo(self.quota_time_zone)

    @classmethod
    def free_slug(cls, name: str) -> str:
        """Return a slug made from `name` that no team has yet: `acme`, then `acme-2`."""
        base = slugify(name)[:50] or "team"
        taken = set(cls.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
        return next(slug for slug in candidates if slug not in taken)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Answers who belongs to teams, as what."""

    def who_may(self, act: Act) -> Self:
        """Return the members whose role lets them do this."""
        return self.filter(role__in=act.roles)

    def matching(self, words: str) -> Self:
        """Return the members who have `words` in their name or address."""
        found = models.Q(user__name__icontains=words) | models.Q(user__email__icontains=words)
        return self.filter(found) if words else self

    def by_name(self) -> Self:
        """Return the members by name; those who have none come first, by address."""
        return self.order_by("user__name", "user__email")

    def addressed(self, addresses: Iterable[str]) -> Self:
        """Return the members whose accounts have these addresses, in any case."""
        return self.filter(user__email__in={address.strip().lower() for address in addresses})


class Membership(models.Model):
    """A person's place in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Whatever the team starts with.
    starts_in_playground = models.BooleanField(default=False, db_default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_team_and_user"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"

    def may(self, act: Act) -> bool:
        """Tell whether this member's role lets them do this."""
        return Role(self.role).includes(act.least)
