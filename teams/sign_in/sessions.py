"""Sessions in the database, as Django keeps them; every request asks for its own, by a prepared question."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.db.models import CharField, QuerySet
from django.utils import timezone

from common.database.prepared import NOW, Given, PreparedModels

SESSION = Given("session", CharField())


@PreparedModels
def _session() -> QuerySet[Session]:
    """A session that has not ended."""
    return Session.objects.filter(session_key=SESSION, expire_date__gt=NOW)


class SessionStore(db.SessionStore):
    """One session; the name is Django's."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = _session.first({SESSION.name: self.session_key, NOW.name: timezone.now()})
        if found is None:
            self._session_key = None
        return found
