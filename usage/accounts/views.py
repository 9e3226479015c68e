"""The accounts page: which keys seem to share an account, how accounts are counted, and what people say."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.database.together import read
from common.lists import ListAddress
from common.templatetags.names import isolated
from teams.acts import TeamAct
from teams.changes import Refused
from teams.http import FORM, Request, go_on
from teams.jobs import shown_jobs
from teams.keys.deeds import living_key
from teams.permissions import Access, get_access
from usage.accounts import deeds, fold_again, overview, recount, resets
from usage.acts import UsageAct
from usage.models import SharingSuggestion

Decision = SharingSuggestion.Decision
# The job that follows is shown below it.
ANEW = " The numbers are being counted anew."
ONCE = "{} are counted as one account now." + ANEW
NO_FALL = "That was said already, or the counter of {} did not fall then. Nothing was changed."
DECIDED = {
    Decision.COUNTED_ONCE: "{} were already counted as one account. Nothing was changed.",
    Decision.KEPT_APART: "{} were already said to be different accounts. Nothing was changed.",
    Decision.OPEN: "{} are in doubt already. Nothing was changed.",
}


type Page[**Given] = Callable[Concatenate[Request, str, Given], HttpResponse]


def in_turn[**Given](view: Page[Given]) -> Page[Given]:
    """Ask for patience where another account of the team is being counted anew."""

    @wraps(view)
    def wait(request: Request, slug: str, *args: Given.args, **options: Given.kwargs) -> HttpResponse:
        try:
            return view(request, slug, *args, **options)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return go_on(request, "usage:accounts", slug=slug)

    return wait


@require_safe
def accounts(request: Request, slug: str) -> HttpResponse:
    """Show the doubts, the accounts as they are counted, and the doubts that were dismissed."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    context = {
        **read(overview.doubted(access.team)),
        "falls": resets.falls(access.team),
        "accounts": overview.counted(access.team, ListAddress(request.GET)),
        "jobs": shown_jobs(access.team, recount.KIND, fold_again.KIND),
        "may_steer": access.may(TeamAct.STEER_JOBS),
        "may_decide": access.may(UsageAct.DECIDE_ACCOUNTS),
    }
    return render(request, "usage/accounts/accounts.html", context)


@FORM
@in_turn
def count_once(request: Request, slug: str, suggestion_id: int) -> HttpResponse:
    """Say what will change, then count the account of two keys once."""
    access = get_access(request, slug, UsageAct.DECIDE_ACCOUNTS)
    suggestion = deeds.find(access.team, suggestion_id)
    if request.method != "POST" and suggestion.state == Decision.OPEN:
        context = {"suggestion": suggestion, "merging": overview.merging(suggestion, timezone.now())}
        return render(request, "usage/accounts/count_once.html", context)
    if request.method == "POST":
        return decide(access, request, suggestion, deeds.count_once, ONCE)
    return already_decided(request, slug, suggestion)


@require_POST
def keep_apart(request: Request, slug: str, suggestion_id: int) -> HttpResponse:
    """Keep two accounts apart."""
    access = get_access(request, slug, UsageAct.DECIDE_ACCOUNTS)
    suggestion = deeds.find(access.team, suggestion_id)
    return decide(access, request, suggestion, deeds.keep_apart, "{} stay two accounts.")


@require_POST
def ask_again(request: Request, slug: str, suggestion_id: int) -> HttpResponse:
    """Take back that two accounts are different."""
    access = get_access(request, slug, UsageAct.DECIDE_ACCOUNTS)
    suggestion = deeds.find(access.team, suggestion_id)
    return decide(access, request, suggestion, deeds.ask_again, "{} are in doubt again.")


@FORM
@in_turn
def count_apart(request: Request, slug: str, meter_id: int) -> HttpResponse:
    """Say what will change, then count a merged account by itself again."""
    access = get_access(request, slug, UsageAct.DECIDE_ACCOUNTS)
    meter = deeds.find_meter(access.team, meter_id)
    if request.method != "POST" and meter.can_be_counted_apart():
        return render(request, "usage/accounts/count_apart.html", {"meter": meter, "root": meter.root()})
    if request.method == "POST" and deeds.count_apart(access, meter_id):
        messages.success(request, f"{isolated(meter.title)} is counted by itself again.{ANEW}")
    else:
        messages.info(
            request, f"{isolated(meter.title)} is counted by itself, or cannot be told from its account."
        )
    return go_on(request, "usage:accounts", slug=slug)


@FORM
@in_turn
def split(request: Request, slug: str, key_id: UUID) -> HttpResponse:
    """Say what will change, then count a key's new secret as another account."""
    access = get_access(request, slug, UsageAct.DECIDE_ACCOUNTS)
    key = living_key(access.membership, key_id)
    if request.method != "POST" and overview.has_new_secret(access.team, key_id):
        return render(request, "usage/accounts/split.html", {"key": key})
    if request.method == "POST" and deeds.split(access, key_id):
        messages.success(
            request, f"The new secret of {isolated(key)} is counted as an account of its own now.{ANEW}"
        )
    else:
        messages.info(
            request, f"What {isolated(key)} uses with its present secret is counted by itself already."
        )
    return go_on(request, "usage:accounts", slug=slug)


@FORM
@in_turn
def reset(request: Request, slug: str, meter_id: int, at: int) -> HttpResponse:
    """Say what will change, then count an account as one whose counter began again."""
    access = get_access(request, slug, UsageAct.DECIDE_ACCOUNTS)
    meter = deeds.find_meter(access.team, meter_id).root()
    reading = None if request.method == "POST" or resets.is_said(meter, at) else resets.reading(meter, at)
    if reading:
        return render(request, "usage/accounts/reset.html", {"meter": meter, "reading": reading})
    if request.method == "POST" and deeds.reset(access, meter_id, at):
        messages.success(
            request, f"The counter of {isolated(meter.title)} is taken as one that began again.{ANEW}"
        )
    else:
        messages.info(request, NO_FALL.format(isolated(meter.title)))
    return go_on(request, "usage:accounts", slug=slug)


@FORM
@in_turn
def take_back_reset(request: Request, slug: str, reset_id: int) -> HttpResponse:
    """Say what will change, then take back that a counter began again."""
    access = get_access(request, slug, UsageAct.DECIDE_ACCOUNTS)
    said = deeds.find_reset(access.team, reset_id)
    if not said.is_kept:
        raise Refused(resets.PRUNED)
    meter = said.account
    if request.method != "POST":
        context = {"said": said, "meter": meter, "reading": resets.reading(meter, said.at)}
        return render(request, "usage/accounts/take_back_reset.html", context)
    deeds.take_back_reset(access, reset_id)
    messages.success(
        request, f"That the counter of {isolated(meter.title)} began again was taken back.{ANEW}"
    )
    return go_on(request, "usage:accounts", slug=slug)


def decide(
    access: Access,
    request: Request,
    suggestion: SharingSuggestion,
    deed: Callable[[Access, int], bool],
    done: str,
) -> HttpResponse:
    """Do what somebody decided about a suggestion and say so, or say that it was decided before."""
    slug = access.team.slug
    if not deed(access, suggestion.pk):
        return already_decided(request, slug, suggestion)
    messages.success(request, done.format(suggestion))
    return go_on(request, "usage:accounts", slug=slug)


def already_decided(request: Request, slug: str, suggestion: SharingSuggestion) -> HttpResponse:
    """Say what became of a suggestion that somebody decided before."""
    suggestion.refresh_from_db(fields=["state"])
    words = DECIDED[Decision(suggestion.state)]
    messages.info(request, words.format(suggestion))
    return go_on(request, "usage:accounts", slug=slug)
