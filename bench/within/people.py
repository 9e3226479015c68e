"""Members of the one team there is, and keys without limits."""

from django.contrib.auth.hashers import make_password

from teams.models import Key, Membership, Plan, Role, Team, User
from tests.installation import PASSWORD


def found() -> None:
    """Make the team, Acme, and its owner."""
    team = Team.objects.create(name="Acme", slug="acme")
    alice = User.objects.create_user("alice@example.com", name="Alice")
    Membership.objects.create(team=team, user=alice, role=Role.OWNER)


def add(count: str) -> None:
    """Add members: `member0@example.com` and so on, all with the tests' `PASSWORD`."""
    team, password = Team.objects.get(), make_password(PASSWORD)
    for number in range(int(count)):
        user = User(email=f"member{number}@example.com", name=f"Member {number}", password=password)
        user.save()
        Membership.objects.create(team=team, user=user, role=Role.MEMBER)


def unlimit() -> None:
    """Take all limits from the keys: a benchmark asks more in a minute than a plan allows."""
    limits = {"requests_per_minute": None, "tokens_per_day": None, "tokens_per_period": None}
    Key.objects.update(plan=Plan.OWN, **limits)
