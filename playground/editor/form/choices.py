"""What a member can choose from: the keys to spend on, and the models of their catalogues."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import BigIntegerField, QuerySet

from common.database.prepared import TEAM, Given, PreparedModels
from playground.editor.form.identifiers import uuid_of
from rax import DEFAULT_BASE_URL
from teams.acts import TeamAct
from teams.models import Key, Membership
from teams.models.keys import KeyQuerySet
from usage.models import CatalogueModel

# The documented maximum, where the Rax API's catalogue names none.
RAX_MAX_TOKENS = 4096
# A menu of more keys is no choice but a search: their names are typed, and these many are proposed.
LONGEST_MENU = 100
PROPOSED = 20


MEMBER = Given("member", BigIntegerField())


@PreparedModels
def _keys() -> QuerySet[Key]:
    """As many keys as a menu shows, and one more."""
    return Key.objects.open_to(MEMBER, TEAM).oldest_first()[: LONGEST_MENU + 1]


@PreparedModels
def _models() -> QuerySet[CatalogueModel]:
    """The models that are on offer where these keys ask."""
    addresses = Key.objects.open_to(MEMBER, TEAM).values("base_url").distinct()
    return CatalogueModel.objects.for_team(TEAM).on_offer().filter(base_url__in=addresses)


@dataclass(frozen=True, slots=True)
class Choices:
    """The usable keys, oldest first, as many as a menu shows and one more; and the models on offer."""

    member: Membership
    keys: list[Key]
    models: list[CatalogueModel]
    # What was searched for among many keys, by the id or name that was asked for.
    _found: dict[str, Key | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, member: Membership) -> "Choices":
        """Return what this member can choose from. Two queries, or none where they may not spend."""
        if not member.may(TeamAct.SPEND):
            return cls(member, [], [])
        given = {MEMBER.name: member.pk, TEAM.name: member.team_id}
        keys, models = _keys.all(given), _models.all(given)
        for key in keys:
            key.team = member.team
        return cls(member, keys, models)

    @property
    def spendable(self) -> KeyQuerySet:
        """All the keys."""
        return Key.objects.for_team(self.member.team).spendable_by(self.member)

    @property
    def is_long(self) -> bool:
        """Tell whether there are more keys than a menu can show."""
        return len(self.keys) > LONGEST_MENU

    @property
    def proposed(self) -> list[str]:
        """Return the names that are proposed before anything is typed."""
        return self.names("")

    def names(self, words: str) -> list[str]:
        """Return the names of some keys that have these words in their name."""
        found = self.spendable.filter(name__icontains=words.replace("\0", "")[:80]).by_name()
        return list(found.values_list("name", flat=True)[:PROPOSED])

    @property
    def model_names(self) -> list[str]:
        """The models' ids, each once."""
        return sorted({model.name for model in self.models})

    @property
    def key_names(self) -> dict[str, str]:
        """The names of the keys of a menu by their ids."""
        return {str(key.pk): key.name for key in self.keys}

    def key(self, identifier: str) -> Key | None:
        """Return the usable key of this id, or, of many, of this name; the first one where none is named."""
        if not identifier:
            return self.keys[0] if self.keys else None
        listed = next((key for key in self.keys if str(key.pk) == identifier), None)
        return listed or (self._search(identifier) if self.is_long else None)

    def shown_name(self, identifier: str) -> str:
        """Return the name of the key of this id, or what was typed to find one."""
        if key := self.key(identifier):
            return key.name
        return "" if uuid_of(identifier) else identifier

    def _search(self, identifier: str) -> Key | None:
        """Return the key of this id or name, whichever it is; the database is asked once for each."""
        sought = identifier.replace("\0", "").strip()
        if sought not in self._found:
            named = uuid_of(sought)
            key = self.spendable.filter(**({"pk": named} if named else {"name": sought})).first()
            self._found.update({sought: key} | ({str(key.pk): key} if key else {}))
        return self._found[sought]

    def most_tokens(self, key: Key, model_name: str) -> int | None:
        """Return how many tokens the model writes at most, or None where nobody says."""
        for model in self.models:
            if model.name == model_name and model.base_url == key.base_url and model.max_tokens:
                return model.max_tokens
        return RAX_MAX_TOKENS if key.base_url in {DEFAULT_BASE_URL, settings.RAX_BASE_URL} else None
