"""Which keys the page shows: found by words and by how they are doing; its address says it all."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from common.filters import Choice
from common.lists import ListAddress, ListPage
from teams.keys.listing import key_list
from teams.models import Key, Team
from teams.models.keys import KeyQuerySet
from usage.keys.states import TROUBLES, WORDS, State, by_state, with_state


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a team's keys, and how many keys of the team are in each state."""

    page: ListPage[Key]
    counts: Mapping[State, int]

    @property
    def troubles(self) -> list[tuple[State, int]]:
        """(state, how many) of what needs a look."""
        return [(state, self.counts[state]) for state in TROUBLES if self.counts[state]]

    @property
    def in_use(self) -> int:
        """How many keys are not retired."""
        return sum(count for state, count in self.counts.items() if state != State.RETIRED)


def listed(team: Team, query: Mapping[str, str], now: datetime) -> Listed:
    """Read the address, and the keys that it shows; a few queries, however many keys there are."""
    states = with_state(Key.objects.filter(team=team), now).values_list("state").order_by()
    counts = Counter({State(state): count for state, count in states.annotate(count=Count("pk"))})

    def narrowed(keys: KeyQuerySet, address: ListAddress) -> KeyQuerySet:
        found = with_state(keys, now)
        if word := address["state"]:
            found = found.filter(state=WORDS[word])
        return by_state(found) if address["sort"] == "state" else found

    return Listed(key_list(team, query, choice(counts), narrowed=narrowed), counts)


def choice(counts: Mapping[State, int]) -> Choice:
    """The states by which keys can be found, each with how many there are."""
    options = [(state.word, f"{state.label} ({counts[state]:,})") for state in State]
    return Choice("state", "State", [("", "Any state"), *options])
