"""How allauth behaves here: no open sign-up, links that begin with PUBLIC_URL, mail that fails in words."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """People come by first start or invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse everybody: accounts are made by set-up and by invitations."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of the reset mail; it never follows the Host header of who asked."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.PUBLIC_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; where the server does not take it, say so instead of failing the page."""
        try:
            super().send_mail(template_prefix, email, {"public_url": settings.PUBLIC_URL, **context})
        except (SMTPException, OSError) as error:
            logger.error("A mail could not be sent: %s", type(error).__name__)
            messages.error(self.request, "The mail server did not take the mail. Try again later.")
