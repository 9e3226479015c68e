"""Messages that wait for the next page, in a cookie of this host alone (long ones: in the session)."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django's, under a name of ours."""

    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class NoticeStorage(FallbackStorage):
    """Django's way: the cookie, then the session."""

    storage_classes = (HostCookieStorage, SessionStorage)
