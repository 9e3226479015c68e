"""Who is in the demonstration: its people, its team and the keys of that; all of it may be prepared again."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from teams.keys.deeds import KeyDetails, save_key
from teams.members.invitations import accept_as_new, find_open, invite
from teams.models import Key, Membership, Plan, Role, Team, User
from teams.permissions import Access
from teams.sign_in import mailboxes
from teams.start.first_start import Owner, set_up

EMAIL = "demo@example.com"
NAME = "Alex Morgan"
PASSWORD = "raxdash demo"  # noqa: S105  for the demonstration alone, and printed by it
TEAM = "Demo"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the owner invited."""

    email: str
    name: str
    role: Role


PRIYA = Person("priya@example.com", "Priya Raman", Role.ADMIN)
JONAS = Person("jonas@example.com", "Jonas Keller", Role.MEMBER)
MEI = Person("mei@example.com", "Mei Lin", Role.VIEWER)
GUESTS = (PRIYA, JONAS, MEI)


@dataclass(frozen=True, slots=True)
class DemoKey:
    """A simulated key as the team knows it. So long a `step` lies between two polls of its history: coarser
    than real ones, so that it is made in half a minute.
    """

    name: str
    plan: Plan
    secret: str
    step: timedelta = timedelta(minutes=15)


PRODUCTION = DemoKey("Production", Plan.PRO, "rax_demo_pro")
TRIAL = DemoKey("Trial", Plan.FREE, "rax_demo_free")
BATCH = DemoKey("Nightly batch", Plan.PRO, "rax_demo_batch")
MOBILE = DemoKey("Mobile app", Plan.PRO, "rax_demo_mobile", HOUR)
EVALUATION = DemoKey("Evals", Plan.PRO, "rax_demo_evals", HOUR)
SEARCH = DemoKey("Docs search", Plan.FREE, "rax_demo_docs", HOUR)
KEYS = (PRODUCTION, TRIAL, BATCH, MOBILE, EVALUATION, SEARCH)


def prepare() -> Team:
    """Create the owner, the team, the keys and the other people; may be repeated."""
    first, *others = (KeyDetails(key.name, key.secret, settings.SIMULATOR_URL, key.plan) for key in KEYS)
    user, team, _ = set_up(Owner(EMAIL, PASSWORD), TEAM, first)
    User.objects.filter(pk=user.pk, name="").update(name=NAME)
    for details in others:
        # Whose it has become meanwhile stays.
        found = Key.objects.filter(team=team, name=details.name).select_related("owner").first()
        save_key(team, (found and found.owner) or user, details)
    for person in GUESTS:
        let_in(team, person)
    return team


def let_in(team: Team, person: Person) -> None:
    """Invite somebody who has no account yet, and let them follow the link."""
    if User.objects.filter(email=person.email).exists():
        return
    token = invite(access_of(team, EMAIL), person.role).rstrip("/").rpartition("/")[2]
    if invitation := find_open(token):
        member = accept_as_new(invitation, person.email, person.name, PASSWORD)
        mailboxes.prove(user=member.user)


def access_of(team: Team, email: str) -> Access:
    """Return what one of the people asks with."""
    return Access(team, Membership.objects.select_related("user", "team").get(team=team, user__email=email))


def is_member(team: Team, email: str) -> bool:
    """Tell whether one of the people is still there."""
    return Membership.objects.filter(team=team, user__email=email).exists()
