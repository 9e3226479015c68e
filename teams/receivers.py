"""What this app does when the framework deletes a row of its own, or lets somebody in."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import pre_delete
from django.http import HttpRequest

from teams.keys.attributes import disown
from teams.models import User
from teams.sign_in import attempts, browsers, mailboxes, reauthentication


def connect() -> None:
    """Hear of accounts that go, by whatever way, and of people who come in."""
    pre_delete.connect(end_ownership, sender=User)
    for signal in (user_logged_in, password_changed, password_reset):
        signal.connect(browsers.came_in, sender=User)
    password_changed.connect(say_again, sender=User)
    password_reset.connect(attempts.forgive, sender=User)
    password_reset.connect(mailboxes.prove, sender=User)


def say_again(request: HttpRequest, user: User, **_: Any) -> None:
    """Whoever changes the password has just said the old one."""
    reauthentication.password_was_said(request, user)


def end_ownership(sender: Any, instance: User, **_: Any) -> None:
    """Write down until when the keys were the person's; the database alone would only empty the column."""
    disown(instance)
