"""The people of the stories, as rows: one per role in Acme, and one of another team."""

from dataclasses import dataclass

from django.test import Client

from teams.models import Key, Membership, Plan, Role, Team, User

PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Cast:
    """Alice owns Acme, Adam administers it, Bob belongs to it, Vera may look, Charlie must see nothing."""

    team: Team
    key: Key
    alice: User
    adam: User
    bob: User
    vera: User
    charlie: User
    other_team: Team

    def client(self, name: str) -> Client:
        """Return a test client signed in as this person; `stranger` is signed in as nobody."""
        client = Client()
        if name != "stranger":
            client.force_login(
                getattr(self, name), backend="allauth.account.auth_backends.AuthenticationBackend"
            )
        return client


def make_key(
    team: Team, owner: User, name: str = "Main key", secret: str = "rax_demo_pro", **fields: object
) -> Key:
    """Save a key with a sealed secret."""
    key = Key(
        team=team, owner=owner, name=name, base_url="http://127.0.0.1:9/api/v1", plan=Plan.PRO, **fields
    )
    key.set_secret(secret)
    key.save()
    return key


def make_cast() -> Cast:
    """Save everybody."""
    team = Team.objects.create(name="Acme", slug="acme")
    other_team = Team.objects.create(name="Others", slug="others")
    people = {}
    for name, place, role in [
        ("alice", team, Role.OWNER),
        ("adam", team, Role.ADMIN),
        ("bob", team, Role.MEMBER),
        ("vera", team, Role.VIEWER),
        ("charlie", other_team, Role.OWNER),
    ]:
        people[name] = User.objects.create_user(f"{name}@example.com", name=name.title())
        Membership.objects.create(team=place, user=people[name], role=role)
    return Cast(team=team, other_team=other_team, key=make_key(team, people["alice"]), **people)
