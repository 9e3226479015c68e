"""Somebody who said their password, just now or eleven minutes ago, and what is asked of them then."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from tests.cast import PASSWORD, Cast

AGAIN = "/accounts/reauthenticate/"
ELEVEN_MINUTES = 660


def sign_in_alice(cast: Cast) -> Client:
    """Give Alice a password and sign her in with it, whatever other tests tried before."""
    cache.clear()
    cast.alice.set_password(PASSWORD)
    cast.alice.save(update_fields=["password"])
    client = Client()
    client.post("/accounts/login/", {"login": cast.alice.email, "password": PASSWORD})
    return client


def let_pass(monkeypatch: pytest.MonkeyPatch, seconds: float = ELEVEN_MINUTES) -> None:
    """Set the clock on, or back."""
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + seconds)


def asks(answer: Any) -> bool:
    """Tell whether an answer leads to the password."""
    return urlsplit(answer.headers.get("Location", "")).path == AGAIN


def say(client: Client, answer: Any, password: str = PASSWORD) -> Any:
    """Say the password where an answer asked for it."""
    wanted = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    return client.post(AGAIN, {"password": password, "next": wanted})
