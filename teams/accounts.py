"""How allauth behaves here: no open sign-up, addresses without case."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """People come by first start or invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse everybody: accounts are made by set-up and by invitations."""
        return False
