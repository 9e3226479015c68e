"""By what the history is filtered: what its address says, as a question to the search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from common.filters import Choice, Day, Filter, Search
from common.lists import ListAddress
from playground.models import ENDED_STATES, Rating
from playground.models.search_texts import place_of
from playground.search.entries import LIVE
from playground.search.questions import BEGINNING, END, Question, read_parameters
from playground.search.terms import Fact, fact_term
from teams.models import Key, Membership, Team
from teams.permissions import Access
from usage.models import CatalogueModel, LocalUsage

type Options = Sequence[tuple[str, str]]

# Among more a name is typed.
LONGEST_MENU = 100
LONGEST_QUERY = 500
SEARCH = Search("q", "Search", longest=LONGEST_QUERY)
WHOSE = Choice("by", "Whose runs", [("", "Everybody's"), ("me", "Mine")], is_switch=True)
STATES = [(LIVE, "Still running"), *((str(state), str(state.label)) for state in ENDED_STATES)]
UNRATED = "none"
RATINGS = [*Rating.Verdict.choices, (UNRATED, "Not rated")]
ANY = ("", "All")
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class HistoryFilters:
    """What the history of a team can be filtered by."""

    team: Team
    models: Options
    keys: Options
    members: Options

    @classmethod
    def of(cls, team: Team, query: Mapping[str, str]) -> "HistoryFilters":
        """Return what there is to choose from; a model that an address names may be one that is gone."""
        names = set(CatalogueModel.objects.for_team(team).values_list("name", flat=True).distinct())
        if named := query.get("model", "").replace("\0", "")[:200]:
            names.add(named)
        keys = Key.objects.for_team(team).by_name().values_list("pk", "name")[: LONGEST_MENU + 1]
        people = Membership.objects.filter(team=team).select_related("user").order_by("user__name", "pk")
        return cls(
            team,
            [(name, name) for name in sorted(names)],
            [(str(pk), name) for pk, name in keys],
            [(str(one.user_id), str(one.user)) for one in people[: LONGEST_MENU + 1]],
        )

    def address(self, query: Mapping[str, str]) -> ListAddress:
        """Return what an address says of the list."""
        return ListAddress(query, SEARCH, WHOSE, *self.declared())

    def declared(self) -> list[Filter]:
        """Return the filters that are folded away until somebody wants them."""
        return [
            Choice("model", "Model", [ANY, *self.models]),
            menu_or_name("key", "Key", self.keys),
            menu_or_name("member", "Member", self.members),
            Choice("state", "State", [ANY, *STATES]),
            Choice("rating", "Rating", [ANY, *RATINGS]),
            Choice("source", "Source", [ANY, *LocalUsage.Source.choices]),
            Day("start", "From"),
            Day("end", "Until"),
            Search("parameters", "Parameters"),
        ]

    def question(self, address: ListAddress, access: Access) -> Question:
        """Return what an address asks of the search."""
        since, before = times_of(address["start"], address["end"], self.team.zone)
        is_unrated = address["rating"] == UNRATED
        unrated = [fact_term(Fact.RATING, verdict) for verdict in Rating.Verdict] if is_unrated else []
        facts = [fact_term(fact, value) for fact, value in self.facts(address, access) if value]
        return replace(
            Question.read(address["q"]),
            facts=(*facts, *read_parameters(address["parameters"])),
            other_facts=tuple(unrated),
            since=since,
            before=before,
        )

    def facts(self, address: ListAddress, access: Access) -> list[tuple[Fact, object]]:
        """Return the facts that an address names, some of them empty."""
        rating = "" if address["rating"] == UNRATED else address["rating"]
        return [
            (Fact.MODEL, address["model"]),
            (Fact.KEY, self.key(address["key"])),
            (Fact.MEMBER, self.member(address["member"])),
            (Fact.MEMBER, access.membership.user_id if address["by"] == "me" else ""),
            (Fact.STATE, address["state"]),
            (Fact.RATING, rating),
            (Fact.SOURCE, address["source"]),
        ]

    def key(self, value: str) -> str:
        """Return the id of a key that was chosen, or whose name was typed."""
        if not value or len(self.keys) <= LONGEST_MENU:
            return value
        found = Key.objects.for_team(self.team).filter(name=value).values_list("pk", flat=True).first()
        return str(found or NOBODY)

    def member(self, value: str) -> str:
        """Return the id of a member who was chosen, or whose name was typed."""
        if not value or len(self.members) <= LONGEST_MENU:
            return value
        people = Membership.objects.filter(team=self.team)
        named = people.filter(user__name=value) | people.filter(user__email__iexact=value)
        return str(named.values_list("user_id", flat=True).first() or NOBODY)


def menu_or_name(name: str, label: str, options: Options) -> Filter:
    """Return a menu, or of many options a field to type a name into."""
    return Choice(name, label, [ANY, *options]) if len(options) <= LONGEST_MENU else Search(name, label)


def times_of(start: str, end: str, zone: ZoneInfo) -> tuple[int, int]:
    """Return the places between which runs of these local days stand; empty days bound nothing."""
    since = midnight_place(start, 0, zone) if start else BEGINNING
    return since, midnight_place(end, 1, zone) if end else END


def midnight_place(day: str, later: int, zone: ZoneInfo) -> int:
    """Return the place of the midnight with which a day begins, or one so many days later."""
    try:
        midnight = datetime.combine(date.fromisoformat(day) + timedelta(days=later), time(), zone)
        return min(max(place_of(midnight), BEGINNING), END)
    except OverflowError:
        return END
