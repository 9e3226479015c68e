"""Set, change, end and remove prices. Every deed is in the audit trail."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F
from django.shortcuts import get_object_or_404

from common.templatetags.names import isolated
from teams import audit
from teams.changes import Refused, change
from teams.models import Membership, Team
from teams.permissions import Access
from usage.acts import UsageAct
from usage.models import Price, PriceList
from usage.prices.money import price_words
from usage.prices.pricing import Rate
from usage.prices.tables import currency_of

TAKEN = "{} has a price from {} on already. Change that one."


class Deed(models.TextChoices):
    """What was done to prices, in words that follow a person's name."""

    PRICE_ADDED = "price.added", "added a price of"
    PRICE_CHANGED = "price.changed", "changed a price of"
    PRICE_ENDED = "price.ended", "ended the price of"
    PRICE_REMOVED = "price.removed", "removed a price of"
    CURRENCY_CHANGED = "price.currency_changed", "changed the currency of all prices"


def find(team: Team, price_id: int) -> Price:
    """Return a row of the team's prices; 404 otherwise."""
    return get_object_or_404(Price, team=team, pk=price_id)


def find_amount(team: Team, price_id: int) -> Price:
    """The same, of those that are no ends."""
    return get_object_or_404(Price.objects.amounts(), team=team, pk=price_id)


def add(access: Access, model: str, day: date, rate: Rate) -> Price:
    """Let a price hold from a day on. Raises `Refused` where another one begins on it."""
    with change(access, UsageAct.SET_PRICES) as actor:
        _require_free(actor.team, model, day)
        fields = {**asdict(rate), "valid_from": day}
        price = _write(actor.team, model, fields)
        _record(access, actor, Deed.PRICE_ADDED, price, **told(price))
    return price


def change_price(access: Access, price_id: int, day: date, rate: Rate) -> Price:
    """Correct a price or its first day. Raises `Refused` where another one begins on that."""
    with change(access, UsageAct.SET_PRICES) as actor:
        price = find_amount(actor.team, price_id)
        _require_free(actor.team, price.model, day, but=price)
        before = told(price)
        Price.objects.filter(team=actor.team, model=price.model, valid_from=day).exclude(pk=price.pk).delete()
        for name, value in {**asdict(rate), "valid_from": day}.items():
            setattr(price, name, value)
        price.save()
        if differences := audit.differences(before, told(price)):
            _record(access, actor, Deed.PRICE_CHANGED, price, **differences)
    return price


def end(access: Access, price_id: int, day: date) -> Price:
    """Let a price hold no more from a day on. Raises `Refused` where it does not hold on that day."""
    with change(access, UsageAct.SET_PRICES) as actor:
        price = find_amount(actor.team, price_id)
        if day <= price.valid_from:
            raise Refused(f"The price begins on {_said(price.valid_from)}: it can end after that day only.")
        following = Price.objects.filter(team=actor.team, model=price.model, valid_from__gt=price.valid_from)
        later = following.order_by("valid_from").first()
        if later and later.valid_from <= day:
            raise Refused(f"From {_said(later.valid_from)} on it does not hold any more.")
        _write(actor.team, price.model, {"valid_from": day})
        _record(access, actor, Deed.PRICE_ENDED, price, no_price_from=day.isoformat())
    return price


def remove(access: Access, price_id: int) -> Price:
    """Take a row away, as if nobody had said it."""
    with change(access, UsageAct.SET_PRICES) as actor:
        price = find(actor.team, price_id)
        _record(access, actor, Deed.PRICE_REMOVED, price, **told(price))
        Price.objects.filter(pk=price.pk).delete()
    return price


def change_currency(access: Access, currency: str) -> None:
    """Let all prices be in another currency; their amounts stay."""
    with change(access, UsageAct.SET_PRICES) as actor:
        before = currency_of(actor.team)
        PriceList.objects.update_or_create(team=actor.team, defaults={"currency": currency})
        if before != currency:
            _record(access, actor, Deed.CURRENCY_CHANGED, None, currency=[before, currency])


def told(price: Price) -> dict[str, str]:
    """What the audit trail tells of a row."""
    if price.is_end:
        return {"no_price_from": price.valid_from.isoformat()}
    amounts = {"per_million": price.per_million}
    if price.input_per_million is not None:
        amounts |= {"input": price.input_per_million, "output": price.output_per_million}
    words = {name: price_words(amount) for name, amount in amounts.items()}
    return {**words, "from": price.valid_from.isoformat()}


def _require_free(team: Team, model: str, day: date, but: Price | None = None) -> None:
    """Raise `Refused` where another price begins on the day; an end of one gives way."""
    others = Price.objects.amounts().filter(team=team, model=model, valid_from=day)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise Refused(TAKEN.format(isolated(model), _said(day)))


def _write(team: Team, model: str, fields: Mapping[str, Any]) -> Price:
    """Save a row, over one that ends a price on its day."""
    empty = {"per_million": None, "input_per_million": None, "output_per_million": None}
    defaults = empty | dict(fields)
    price, _ = Price.objects.update_or_create(
        team=team, model=model, valid_from=defaults.pop("valid_from"), defaults=defaults
    )
    return price


def _record(access: Access, actor: Membership, deed: Deed, price: Price | None, **details: Any) -> None:
    """Write the deed down; what is estimated by prices changes with them, as it does with a poll."""
    audit.record(actor.team, deed, by=actor.user, about=price, ip=access.ip, **details)
    Team.objects.filter(pk=actor.team.pk).update(generation=F("generation") + 1)


def _said(day: date) -> str:
    return f"{day:%-d %b %Y}"
