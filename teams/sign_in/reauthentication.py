"""Ask for the password again before what cannot be undone, if it was said more than ten minutes ago.

A stolen session, or a browser left open, may look and work, but not delete a team or make an owner. What was
typed goes on after the password: until then it lies sealed in the session, for it may be a provider's secret.
Programs that hold a token of a team have no password to say: such deeds are none of theirs.
"""

import base64
import json
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.http import urlencode

from common.clock import TOLERANCE
from teams.encryption import SealBroken, Sealed, seal, unseal
from teams.http import Request, go_on
from teams.models import User

CALLBACK = f"{__name__}.resume"
LONGEST_KEPT = 100_000


def ask(request: Request, page: str = "") -> HttpResponse | None:
    """Return the way to the password for a deed that is posted, or None where it was said lately.

    Whoever turns back, or takes longer than the password counts, comes to `page`, else where it was posted.
    """
    if request.method != "POST" or not is_needed(request):
        return None
    page = page or request.get_full_path()
    keep(request, page)
    return go_on(request, f"{reverse('account_reauthenticate')}?{urlencode({'next': page})}")


def is_needed(request: Request) -> bool:
    """Tell whether the password was said too long ago; who has none, signs in elsewhere."""
    if not request.user.has_usable_password():
        return False
    records = get_authentication_records(request, request.user)
    said = [record["at"] for record in records if record.get("method") == "password"]
    return not said or not is_fresh(said[-1])


def is_fresh(moment: float) -> bool:
    """Tell whether a password of this moment still counts; what lies ahead is a wrong clock's."""
    age = time.time() - moment
    return -TOLERANCE.total_seconds() <= age < app_settings.REAUTHENTICATION_TIMEOUT


def password_was_said(request: HttpRequest, user: User) -> None:
    """Write down that somebody chose or said their password just now."""
    record_authentication(request, user, method="password")


def keep(request: Request, page: str) -> None:
    """Keep what was posted in the session, sealed for this person and page, and nothing of before."""
    request.session.pop(STATE_SESSION_KEY, None)
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = json.dumps([request.path_info, request.META.get("QUERY_STRING", ""), typed.urlencode()])
    if len(text) > LONGEST_KEPT:
        return
    sealed = seal(text, row=row_of(request, page))
    state = {
        "page": page,
        "at": time.time(),
        "key_id": sealed.key_id,
        "sealed": base64.b64encode(sealed.ciphertext).decode(),
    }
    request.session[STATE_SESSION_KEY] = {"state": state, "callback": CALLBACK}


def row_of(request: HttpRequest, page: str) -> str:
    """Return what the seal is bound to."""
    return f"reauthentication of {request.user.pk} for {page}"


def resume(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Go on with what was posted, now that the password is said; called by allauth.

    Whoever comes back for something else, or much later, does not do it unawares: they come to the page.
    """
    wanted = get_next_redirect_url(request, "next") or reverse("home")
    if wanted != state["page"] or not is_fresh(state["at"]):
        return redirect(wanted)
    sealed = Sealed(state["key_id"], base64.b64decode(state["sealed"]))
    try:
        path, query, typed = json.loads(unseal(sealed, row=row_of(request, state["page"])))
    except SealBroken:  # the key that sealed it was taken out meanwhile
        return redirect(wanted)
    return post_again(request, path, query, typed)


def post_again(request: HttpRequest, path: str, query: str, typed: str) -> HttpResponse:
    """Answer as the view does that was posted to; it looks at roles and values again."""
    request.path = request.path_info = path
    request.META["QUERY_STRING"] = query
    request.GET, request.POST = QueryDict(query), QueryDict(typed)
    request.resolver_match = match = resolve(path)
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer
