"""A session counts as long as it is there and has not ended, however often it was asked for."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from teams.sign_in.sessions import SessionStore
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(cast: Cast) -> Client:
    """Bob's browser, which was just answered."""
    client = Client()
    client.force_login(cast.bob)
    assert client.get("/t/acme/keys/").status_code == 200
    return client


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_what_was_kept_is_read_again_by_one_query(bob: Client, cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert SessionStore(key_of(bob))["_auth_user_id"] == str(cast.bob.pk)
    assert len(queries) == 1


def test_a_session_that_was_ended_elsewhere_is_over_at_once(bob: Client) -> None:
    SessionStore(key_of(bob)).delete()
    assert bob.get("/t/acme/keys/").status_code == 302


def test_a_session_is_over_in_time(bob: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert bob.get("/t/acme/keys/").status_code == 302


def test_a_session_that_is_not_there_has_nothing_and_no_name(cast: Cast) -> None:
    store = SessionStore("a" * 32)
    assert store.get("_auth_user_id") is None
    assert store.session_key is None
