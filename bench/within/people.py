"""Members of Acme and of more teams like it, and keys without limits."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from bench.people import team_of
from teams.models import Key, Membership, Plan, Role, Team, TeamToken, User
from teams.tokens.scopes import TokenScope
from tests.installation import PASSWORD


def found() -> None:
    """Make the team, Acme, and its owner."""
    team = Team.objects.create(name="Acme", slug="acme")
    alice = User.objects.create_user("alice@example.com", name="Alice")
    Membership.objects.create(team=team, user=alice, role=Role.OWNER)


def add(count: str) -> None:
    """Add members, `member0@example.com` and so on, all with the tests' `PASSWORD`: some to each team."""
    acme, password = Team.objects.get(), make_password(PASSWORD)
    for number in range(int(count)):
        team = Team.objects.filter(slug=team_of(number)).first() or team_like(acme, team_of(number))
        user = User(email=f"member{number}@example.com", name=f"Member {number}", password=password)
        user.save()
        Membership.objects.create(team=team, user=user, role=Role.MEMBER)


def team_like(team: Team, slug: str) -> Team:
    """Make one more team, with a key like each that this team has."""
    keys = list(team.keys.all())
    other = Team.objects.create(name=slug.title(), slug=slug)
    for key in keys:
        twin = Key(team=other, owner=key.owner, name=key.name, base_url=key.base_url, plan=key.plan)
        twin.set_secret(f"{key.reveal_secret()}_{slug}")
        twin.save()
    return other


def unlimit() -> None:
    """Take all limits from the keys: a benchmark asks more in a minute than a plan allows."""
    limits = {"requests_per_minute": None, "tokens_per_day": None, "tokens_per_period": None}
    Key.objects.update(plan=Plan.OWN, **limits)


def token() -> str:
    """Make a token of the first member for everything, and return it."""
    place = Membership.objects.select_related("team", "user").get(user__email="member0@example.com")
    made = TeamToken(team=place.team, membership=place, created_by=place.user, name="Bench")
    made.scopes, made.expires_at = list(TokenScope.values), timezone.now() + timedelta(days=1)
    secret = made.renew()
    made.save()
    return secret
