"""What a team should know of its models: which are gone, or retire, though keys use them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from usage.catalogue.page.use import Lately, Use
from usage.models import CatalogueModel, ModelOffer
from usage.models.catalogue import SPOKEN_OF

# So many keys are named.
MOST = 3


@dataclass(frozen=True, slots=True)
class Gone:
    """A model that is on offer no more, for all or `for_key` alone, and the keys that used it lately."""

    model: CatalogueModel
    today: date
    uses: Sequence[Use]
    for_key: str = ""

    @property
    def users(self) -> list[tuple[str, str]]:
        """(key, when it used the model last) of the first of them."""
        return [(use.key, days_ago(self.today - use.last)) for use in self.uses[:MOST]]

    @property
    def others(self) -> int:
        """How many more there are."""
        return len(self.uses[MOST:])


@dataclass(frozen=True, slots=True)
class Retiring:
    """A model that retires soon, or was to, and how many keys used it this week; `by` typed the day."""

    model: CatalogueModel
    on: date
    today: date
    keys: int
    by: str = ""

    @property
    def days(self) -> int:
        """In how many days; less than none where it was to."""
        return (self.on - self.today).days

    @property
    def when(self) -> str:
        """`in 23 days`, `today`, `3 days ago`."""
        return days_ago(self.today - self.on) if self.days <= 0 else f"in {self.days} day{plural(self.days)}"


def plural(count: int) -> str:
    """The ending of a word that is counted."""
    return "" if count == 1 else "s"


def days_ago(length: timedelta) -> str:
    """`today`, `yesterday`, `3 days ago`."""
    days = length.days
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def is_spoken_of(day: date | None, today: date) -> bool:
    """Tell whether a retirement is near enough to be shown."""
    return day is not None and abs(day - today) <= SPOKEN_OF


def gone(models: Iterable[CatalogueModel], missed: Iterable[ModelOffer], lately: Lately) -> list[Gone]:
    """The models that are gone though they were used lately: for all keys, then for single ones."""
    found = [Gone(model, lately.today, lately.of(model.base_url, model.name)) for model in models]
    for offer in missed:
        uses = [use for use in lately.of(offer.model.base_url, offer.model.name) if use.key == offer.key.name]
        found.append(Gone(offer.model, lately.today, uses, offer.key.name))
    return [each for each in found if each.uses]


def retiring(models: Iterable[CatalogueModel], typed_by: Mapping[int, str], lately: Lately) -> list[Retiring]:
    """The models on offer that retire soon, the next one first."""
    found = [
        Retiring(
            model,
            model.retirement,
            lately.today,
            lately.this_week(model.base_url, model.name),
            typed_by.get(model.pk, "") if model.typed_retires_on else "",
        )
        for model in models
        if model.retirement is not None and is_spoken_of(model.retirement, lately.today)
    ]
    return sorted(found, key=lambda each: (each.on, each.model.name))
