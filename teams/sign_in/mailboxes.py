"""Whose mailbox an address is: an account only claims it, until a link that was mailed there is opened."""

from typing import Any

from allauth.account.models import EmailAddress

from teams.models import User


def claim(user: User) -> None:
    """Write down that an account was made with this address, and nothing shows yet whose it is."""
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)


def prove(user: User, **_: Any) -> None:
    """Write down that the mailbox is theirs: a link mailed to it was opened, or the operator says so."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def is_proven(user: User) -> bool:
    """Tell whether nothing speaks against the address being theirs."""
    return not unproven([user])


def unproven(users: list[User]) -> set[int]:
    """Return the ids of those whose address is only claimed."""
    claims = EmailAddress.objects.filter(user__in=users, verified=False, primary=True)
    return set(claims.values_list("user_id", flat=True))
