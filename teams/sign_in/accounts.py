"""How allauth behaves here: no open sign-up, our own limits, links of PUBLIC_URL, mail that fails softly."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from teams.models import User
from teams.sign_in import attempts

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """People come by first start or invitation only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": (
            "Too many failed login attempts from here. Wait five minutes, or choose a new password by mail."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse everybody: accounts are made by set-up and by invitations."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose password this is; refuse to look where too many were wrong."""
        attempt = attempts.begin(request, credentials.get("email", ""))
        if attempt is None:
            raise self.validation_error("too_many_login_attempts")
        user: User | None = super().authenticate(request, **credentials)
        if user:
            attempt.succeeded()
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """Tell whether this is the password of who is signed in; refuse to look where too many were wrong."""
        attempt = attempts.begin_again(self.request, user)
        if attempt is None:
            raise self.validation_error("too_many_login_attempts")
        is_right = user.check_password(password)
        if is_right:
            attempt.succeeded()
        return is_right

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of the reset mail; it never follows the Host header of who asked."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.PUBLIC_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail, but no more than a few to one address; where the server does not take it, say so.

        Whoever asks for one too many is told the same as ever: who has an account is nobody's business.
        """
        if not attempts.may_mail(self.request, email):
            logger.warning("A mail was not sent: its address was sent enough of them this hour.")
            return
        try:
            super().send_mail(template_prefix, email, {"public_url": settings.PUBLIC_URL, **context})
        except (SMTPException, OSError) as error:
            attempts.MAILS.give_back(email.lower())
            logger.error("A mail could not be sent: %s", type(error).__name__)
            messages.error(self.request, "The mail server did not take the mail. Try again later.")
