"""The first start: nobody is there yet, so a token in the printed address lets one person in."""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from teams import audit
from teams.keys.deeds import KeyDetails, save_key
from teams.models import Deed, Key, Membership, Role, Team, User
from teams.sign_in import mailboxes


def is_first_start() -> bool:
    """Tell whether nobody has an account yet."""
    return not User.objects.exists()


def token() -> str:
    """Return the token of the first start: derived from SECRET_KEY, so only the operator knows it."""
    return hmac.new(settings.SECRET_KEY.encode(), b"raxdash first start", hashlib.sha256).hexdigest()[:32]


def token_is_right(given: str) -> bool:
    """Compare a token in constant time."""
    return constant_time_compare(given, token())


def address() -> str:
    """Return the address to open: `/setup/` with its token at the first start, else the site."""
    if is_first_start():
        return f"{settings.PUBLIC_URL}{reverse('setup')}?token={token()}"
    return f"{settings.PUBLIC_URL}/"


@dataclass(frozen=True, slots=True)
class Owner:
    """The person of the first start."""

    email: str
    password: str


@transaction.atomic
def set_up(
    owner: Owner, team_name: str, key: KeyDetails, *, time_zone: str = "UTC", by_shell: bool = True
) -> tuple[User, Team, Key]:
    """Create what is missing of owner, team and key, and return them; repeating it changes only what differs.

    The owner is found by e-mail address, the team by its name among the owner's, the key by its name in the
    team. The password and the key's secret, plan and address are set to what is given. The audit trail names
    the owner, or whoever runs raxdash where it was done `by_shell`.
    """
    user = User.objects.filter(email=owner.email.strip().lower()).first() or User.objects.create_user(
        owner.email
    )
    if not user.check_password(owner.password):
        user.set_password(owner.password)
        user.save(update_fields=["password"])
    # TOTP and passkeys want a verified address; the operator vouches for this one.
    mailboxes.prove(user=user)
    team = Team.objects.filter(memberships__user=user, name=team_name).first()
    actor = None if by_shell else user
    if team is None:
        team = Team.objects.create(name=team_name, slug=Team.free_slug(team_name), time_zone=time_zone)
        audit.record(team, Deed.TEAM_CREATED, by=actor, about=team)
    Membership.objects.update_or_create(team=team, user=user, defaults={"role": Role.OWNER})
    is_new = not Key.objects.filter(team=team, name=key.name).exists()
    saved = save_key(team, user, key)
    audit.record(team, Deed.KEY_ADDED if is_new else Deed.KEY_SECRET_REPLACED, by=actor, about=saved)
    return user, team, saved
