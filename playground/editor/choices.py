"""What a member can choose from: the keys to spend on, and the models of their catalogues."""

from dataclasses import dataclass

from django.conf import settings

from rax import DEFAULT_BASE_URL
from teams.models import Key, Membership
from usage.models import CatalogueModel

# The documented maximum, where the Rax API's catalogue names none.
RAX_MAX_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class Choices:
    """The usable keys, oldest first, and the models on offer."""

    keys: list[Key]
    models: list[CatalogueModel]

    @classmethod
    def of(cls, member: Membership) -> "Choices":
        """Return what this member can choose from."""
        keys = list(Key.objects.for_team(member.team).spendable_by(member))
        addresses = {key.base_url for key in keys}
        models = CatalogueModel.objects.for_team(member.team).on_offer().filter(base_url__in=addresses)
        return cls(keys, list(models))

    @property
    def model_names(self) -> list[str]:
        """The models' ids, each once."""
        return sorted({model.name for model in self.models})

    def key(self, identifier: str) -> Key | None:
        """Return the usable key of this id; the first one where none is named."""
        if not identifier:
            return self.keys[0] if self.keys else None
        return next((key for key in self.keys if str(key.pk) == identifier), None)

    def most_tokens(self, key: Key, model_name: str) -> int | None:
        """Return how many tokens the model writes at most, or None where nobody says."""
        for model in self.models:
            if model.name == model_name and model.base_url == key.base_url and model.max_tokens:
                return model.max_tokens
        return RAX_MAX_TOKENS if key.base_url in {DEFAULT_BASE_URL, settings.RAX_BASE_URL} else None
