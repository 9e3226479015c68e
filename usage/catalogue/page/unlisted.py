"""Models that a team used though no key's list names them: hidden ones, and those of servers without any."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from teams.models import Team
from usage.books.answers.breakdown import RESERVED
from usage.catalogue.page.sentences import MOST, days_ago
from usage.catalogue.page.use import Lately, Use
from usage.catalogue.page.weeks import Weeks, WeeksOf
from usage.models import CatalogueModel, TeamModel


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A model that was used and never listed: the keys that used it lately, the latest first; its weeks."""

    name: str
    uses: Sequence[Use]
    weeks: Weeks
    lately: Lately

    @property
    def users(self) -> list[tuple[str, str]]:
        """(key, when it used the model last) of the first of them."""
        return [(use.key, days_ago(self.lately.today - use.last)) for use in self.uses[:MOST]]

    @property
    def others(self) -> int:
        """How many more there are."""
        return len(self.uses[MOST:])


def unlisted(team: Team, words: str = "") -> Any:
    """The names of such models, those with some words in them: what was used first comes last."""
    listed = CatalogueModel.objects.filter(team=team, name=OuterRef("model"))
    used = TeamModel.objects.filter(~Exists(listed), team=team, model__icontains=words)
    named = used.exclude(model__in=RESERVED)
    return named.order_by("-pk").values_list("model", flat=True)


def unlisted_rows(names: Sequence[str], lately: Lately, weeks: WeeksOf) -> list[Unlisted]:
    """Some of them, each with who used it lately and its weeks."""
    return [Unlisted(name, lately.anywhere(name), weeks.of(name), lately) for name in names]
