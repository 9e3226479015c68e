"""What people are called now, looked up once for all that a page asks about."""

from collections.abc import Mapping, Set

from django.db.models import Q

from teams.models import Team, User


class People:
    """Names of people who used something, or by whom a question filters."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._used: set[str] = set()
        self._filtered: set[str] = set()
        self._called: dict[str, str] = {}

    def called(self, used: Set[str], filtered: Set[str]) -> Mapping[str, str]:
        """The names of people by their ids. One query, none where all of them were looked up before."""
        if not (used <= self._used and filtered <= self._filtered):
            self._used |= used
            self._filtered |= filtered
            self._called = self._names()
        return self._called

    def _names(self) -> dict[str, str]:
        # An address may name anybody: who is filtered by is told only where they belong to the team.
        numbers = [int(value) for value in self._filtered if value.isdecimal()]
        known = User.objects.filter(Q(pk__in=self._used) | Q(pk__in=numbers, teams=self._team))
        return {str(user.pk): str(user) for user in known.distinct()}
