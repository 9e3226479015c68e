"""What people are called now, looked up once for all that a page asks about."""

from collections.abc import Mapping, Set

from django.db.models import Exists, OuterRef, Q, QuerySet

from common.database.together import Reading, ask, read
from teams.models import Team, User
from usage.models import LocalUsage


class People:
    """Names of people who used something, or by whom a question filters."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._used: set[str] = set()
        self._filtered: set[str] = set()
        self._called: dict[str, str] = {}

    def look_up(self, used: Set[str], filtered: Set[str]) -> Reading[None]:
        """Look up names by ids. One step, none where all of them were looked up before."""
        if not (used <= self._used and filtered <= self._filtered):
            self._used |= used
            self._filtered |= filtered
            self._called = {str(pk): name or email for pk, name, email in (yield from ask(self._known()))}

    def called(self, used: Set[str], filtered: Set[str]) -> Mapping[str, str]:
        """The names of people by their ids. One query, none where all of them were looked up before."""
        read(self.look_up(used, filtered))
        return self._called

    def _known(self) -> QuerySet[User, tuple[int, str, str]]:
        # An address may name anybody: who is filtered by is told where they belong to the team, or spent.
        numbers = [int(value) for value in self._filtered if value.isdecimal()]
        spent = LocalUsage.objects.filter(team=self._team, member_id=OuterRef("pk"))
        is_of_team = Q(teams=self._team) | Q(Exists(spent))
        known = User.objects.filter(Q(pk__in=self._used) | Q(pk__in=numbers) & is_of_team)
        return known.order_by().values_list("pk", "name", "email").distinct()
