"""The prices of a team: their table, and the forms that add, change, end and remove one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.templatetags.names import isolated
from teams.changes import attempt
from teams.http import FORM, Request, go_on, show_form
from teams.permissions import Access, get_access
from usage.acts import UsageAct
from usage.models import TeamModel
from usage.prices import deeds
from usage.prices.forms import AmountsForm, CurrencyForm, EndForm, PriceForm, initial_of
from usage.prices.overview import overview
from usage.prices.tables import currency_of

# So many names of models are proposed while one is typed.
MOST_PROPOSED = 200


@require_safe
def prices(request: Request, slug: str) -> HttpResponse:
    """Show what a million tokens cost, now and before, and which models have no price."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    context = {
        "prices": overview(access.team, request.GET),
        "currency": currency_of(access.team),
        "may_set": access.may(UsageAct.SET_PRICES),
    }
    return render(request, "usage/prices/prices.html", context)


@FORM
def add_price(request: Request, slug: str) -> HttpResponse:
    """Add a price; the address may name its model."""
    access = get_access(request, slug, UsageAct.SET_PRICES)
    initial = {"model": request.GET.get("model", "")[:200], "valid_from": access.team.today()}
    form = PriceForm(_posted(request), initial=initial)
    if done := attempt(
        form, lambda data: deeds.add(access, data["model"], data["valid_from"], form.rate), "valid_from"
    ):
        return _go_on(request, access, f"{isolated(done)} has a price.")
    names = TeamModel.objects.filter(team=access.team).order_by("model").values_list("model", flat=True)
    return _show(request, access, form, "Add a price", names=names[:MOST_PROPOSED])


@FORM
def change_price(request: Request, slug: str, price_id: int) -> HttpResponse:
    """Correct a price, or the day from which it holds."""
    access = get_access(request, slug, UsageAct.SET_PRICES)
    price = deeds.find_amount(access.team, price_id)
    form = AmountsForm(_posted(request), initial=initial_of(price))
    if done := attempt(
        form, lambda data: deeds.change_price(access, price_id, data["valid_from"], form.rate), "valid_from"
    ):
        return _go_on(request, access, f"The price of {isolated(done)} was changed.")
    return _show(request, access, form, "Change a price", price=price)


@FORM
def end_price(request: Request, slug: str, price_id: int) -> HttpResponse:
    """Say from which day on a price holds no more."""
    access = get_access(request, slug, UsageAct.SET_PRICES)
    price = deeds.find_amount(access.team, price_id)
    form = EndForm(_posted(request), initial={"day": access.team.today()})
    if done := attempt(form, lambda data: deeds.end(access, price_id, data["day"]), "day"):
        return _go_on(request, access, f"{isolated(done)} has no price from that day on.")
    return _show(request, access, form, "End a price", price=price)


@FORM
def remove_price(request: Request, slug: str, price_id: int) -> HttpResponse:
    """Ask, then take a price away, or the end of one."""
    access = get_access(request, slug, UsageAct.SET_PRICES)
    price = deeds.find(access.team, price_id)
    if request.method != "POST":
        return render(request, "usage/prices/remove.html", {"price": price})
    deeds.remove(access, price_id)
    return _go_on(request, access, "Removed.")


@FORM
def currency(request: Request, slug: str) -> HttpResponse:
    """Choose the currency of all prices."""
    access = get_access(request, slug, UsageAct.SET_PRICES)
    form = CurrencyForm(_posted(request), initial={"currency": currency_of(access.team)})
    if form.is_valid():
        deeds.change_currency(access, form.cleaned_data["currency"])
        return _go_on(request, access, f"Prices are in {form.cleaned_data['currency']}.")
    return _show(request, access, form, "Currency of prices")


def _posted(request: Request) -> QueryDict | None:
    """What was posted, however little; None where a form is only to be shown."""
    return request.POST if request.method == "POST" else None


def _show(request: Request, access: Access, form: forms.Form, title: str, **context: Any) -> HttpResponse:
    """Answer with a form, and the currency that prices are in."""
    context |= {"title": title, "currency": currency_of(access.team)}
    return show_form(request, "usage/prices/price.html", "price-form", form, **context)


def _go_on(request: Request, access: Access, words: str) -> HttpResponse:
    """Say what was done, above all prices."""
    messages.success(request, words)
    return go_on(request, "usage:prices", slug=access.team.slug)
