"""What the provider offered the keys, as its answers to `/models` would have told it over the months."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db import transaction

from rax import Model
from rax.simulator.catalogue import DEFAULT_MODELS
from rax.simulator.catalogue import Model as SimulatedModel
from rax.simulator.demo import NEW, OLD, RETIRING, retires_on
from raxdash.demonstration.cast import KEYS
from raxdash.demonstration.story import Story
from teams.models import Key, Team
from usage.catalogue.answers import take_answer
from usage.catalogue.steps import GONE_AFTER
from usage.models import CatalogueModel

# The windows of the models that always were there had been half as wide until some morning.
WIDENED_DAYS_AGO, WIDENED_AT = 31, time(10)
# When one of them was said to retire.
ANNOUNCED_DAYS_AGO, ANNOUNCED_AT = 9, time(11)
# Asked last while a model was on offer, and first when it has been gone for long enough.
BEFORE, AFTER = timedelta(minutes=30), GONE_AFTER + timedelta(hours=1)


def fill(story: Story) -> None:
    """Tell the catalogue of a team that has none what was on offer when; then what is now, in any case."""
    keys = list(Key.objects.filter(team=story.team, name__in=[key.name for key in KEYS]))
    if not CatalogueModel.objects.filter(team=story.team).exists():
        for at in filter(story.holds, sorted(asked_at(story))):
            tell(story.team, keys, on_offer(story, at), at)
    tell(story.team, keys, on_offer(story, story.now), story.now)


def asked_at(story: Story) -> Iterator[datetime]:
    """When an answer told something new, or the last of what was before."""
    yield story.start
    yield story.new_since
    yield story.at(WIDENED_DAYS_AGO, WIDENED_AT)
    yield story.at(ANNOUNCED_DAYS_AGO, ANNOUNCED_AT)
    yield from (story.old_until - BEFORE, story.old_until + AFTER)


def on_offer(story: Story, at: datetime) -> list[Model]:
    """The models that were listed at an instant."""
    listed = [*DEFAULT_MODELS]
    if at < story.at(WIDENED_DAYS_AGO, WIDENED_AT):
        listed = [replace(model, context_window=model.context_window // 2) for model in listed]
    if at < story.old_until:
        listed.append(OLD)
    if at >= story.new_since:
        listed.append(NEW)
    is_announced = at >= story.at(ANNOUNCED_DAYS_AGO, ANNOUNCED_AT)
    last_days = {RETIRING.id: retires_on(story.day)} if is_announced else {}
    return [as_told(model, last_days.get(model.id)) for model in listed]


def as_told(model: SimulatedModel, retires: date | None) -> Model:
    """A model as the client reads it."""
    return Model(
        model.id,
        owned_by="raxcore",
        context_window=model.context_window,
        max_tokens=model.max_tokens,
        retires_on=retires,
    )


@transaction.atomic
def tell(team: Team, keys: Iterable[Key], models: list[Model], at: datetime) -> None:
    """Take an answer of `/models` to each of these keys."""
    for key in keys:
        take_answer(team, key, models, at)
