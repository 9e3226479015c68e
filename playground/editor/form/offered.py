"""Whether a key is offered a model: a slip of the fingers is told before anything is sent."""

from collections.abc import Collection
from difflib import SequenceMatcher, get_close_matches
from heapq import nlargest

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from playground.editor.form.choices import Choices
from teams.models import Key
from usage.models import CatalogueModel, ModelOffer

# So many models are named where none is like the one that was typed.
NAMED = 5
ALIKE = str.maketrans("ol_", "01-")
# Of however many names so many are compared thoroughly: two long ones can take 30 ms.
COMPARED = 10


def why_not_offered(choices: Choices, key: Key, model: str) -> str:
    """Return why `key` cannot be expected to know `model`, in the user's words.

    Empty where it is offered the model, and where nobody knows what it is offered: not every server tells.
    """
    offers = ModelOffer.objects.open()
    if offers.filter(key=key, model__name=model).exists():
        return ""
    known = names_offered(choices, offers, key)
    if not known or model in known:
        return ""
    return was_offered(choices, key, model) or f"{key.name} is not offered “{model}”. {advice(model, known)}"


def names_offered(choices: Choices, offers: QuerySet[ModelOffer], key: Key) -> set[str]:
    """Return the models of a key; those of its address where the key itself was not asked yet."""
    own = set(offers.filter(key=key).values_list("model__name", flat=True))
    return own or {model.name for model in choices.models if model.base_url == key.base_url}


def was_offered(choices: Choices, key: Key, model: str) -> str:
    """Return who is offered the model, or since when nobody is; empty where nobody ever was."""
    others = ModelOffer.objects.open().filter(model__name=model, key__in=choices.spendable)
    if other := others.select_related("key").order_by("key__name").first():
        return f"{key.name} is not offered {model}; {other.key.name} is: choose that key."
    gone = CatalogueModel.objects.for_team(key.team).filter(base_url=key.base_url, name=model)
    if last := gone.exclude(gone_at=None).values_list("gone_at", flat=True).first():
        return f"{model} is no longer offered since {date_format(localtime(last), 'j F Y, H:i')}."
    return ""


def advice(model: str, known: Collection[str]) -> str:
    """Return which model may have been meant, or some of those that there are."""
    by_look = {look(name): name for name in known}
    if near := get_close_matches(look(model), likely(look(model), by_look), n=1):
        return f"Did you mean {by_look[near[0]]}?"
    some = sorted(known)
    more = f" and {len(some) - NAMED} more" if len(some) > NAMED else ""
    return f"It is offered {', '.join(some[:NAMED])}{more}."


def likely(typed: str, names: Collection[str]) -> list[str]:
    """Return the names that share most letters with what was typed."""
    comparing = SequenceMatcher(b=typed)

    def shared(name: str) -> float:
        comparing.set_seq1(name)
        return comparing.quick_ratio()

    return nlargest(COMPARED, names, key=shared)


def look(name: str) -> str:
    """Return what a name looks like, with one letter for those that are mistaken for each other."""
    return name.casefold().translate(ALIKE)
