"""How often somebody may try: strangers are slowed down, and cannot use up what an account's owner has left.

Wrong passwords count for the account and the address together. Wider bounds stand over one address and over
one account; a browser in which the account signed in before has a count of its own and passes both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teams.models import User
from teams.sign_in.browsers import known_as
from teams.sign_in.places import place_of
from teams.sign_in.rates import Rate

PER_ACCOUNT_AND_ADDRESS = Rate("wrong passwords", 5, 300)
PER_KNOWN_BROWSER = Rate("wrong passwords of a browser", 10, 300)
PER_ADDRESS = Rate("wrong passwords of an address", 10, 60)
PER_ACCOUNT = Rate("wrong passwords of an account", 100, 3600)
PER_SESSION = Rate("wrong passwords of a session", 5, 300)
# Mails to one address, whoever asks; and what its owner's own browser may ask beside them.
MAILS = Rate("mails", 5, 3600)
MAILS_OF_KNOWN_BROWSER = Rate("mails of a browser", 5, 3600)

# What a page takes in a minute, right or wrong, from one address or one person.
REQUESTS = {
    "account_login": Rate("sign-ins", 30, 60),
    "account_reset_password": Rate("reset requests", 20, 60),
    "account_reauthenticate": Rate("passwords again", 10, 60),
    "account_change_password": Rate("password changes", 5, 60),
}

type View = Callable[..., HttpResponse]
type Counts = list[tuple[Rate, tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A password that is being tried: it counts as wrong until it proves right."""

    counts: Counts

    def succeeded(self) -> None:
        """Count it no longer."""
        for rate, who in self.counts:
            rate.give_back(*who)


def begin(request: HttpRequest, email: str) -> Attempt | None:
    """Count an attempt to sign in as `email`; None where that was one too many.

    What the first bound refuses does not count for the next: one address cannot use up an account's.
    """
    counts = counts_of(request, email.strip().lower())
    return Attempt(counts) if all(rate.take(*who) for rate, who in counts) else None


def begin_again(request: HttpRequest, user: User) -> Attempt | None:
    """Count an attempt of who is signed in to say their password again; strangers have no part in it."""
    counts: Counts = [(PER_SESSION, (user.pk, request.session.session_key))]
    return Attempt(counts) if all(rate.take(*who) for rate, who in counts) else None


def counts_of(request: HttpRequest, email: str) -> Counts:
    """Return what an attempt counts for, the narrowest first."""
    if browser := known_as(request, email):
        return [(PER_KNOWN_BROWSER, (email, browser))]
    place = place_of(request)
    return [(PER_ACCOUNT_AND_ADDRESS, (email, place)), (PER_ADDRESS, (place,)), (PER_ACCOUNT, (email,))]


def forgive(request: HttpRequest, user: User, **_: Any) -> None:
    """Forget what strangers tried: whoever chose a new password by mail holds the mailbox."""
    PER_ACCOUNT.forget(user.email)
    PER_ACCOUNT_AND_ADDRESS.forget(user.email, place_of(request))


def may_mail(request: HttpRequest, email: str) -> bool:
    """Count a mail that somebody who is not signed in asks for; tell whether it may be sent.

    The links of those before still work: whoever holds the mailbox loses nothing.
    """
    if MAILS.take(email.lower()):
        return True
    browser = known_as(request, email)
    return bool(browser) and MAILS_OF_KNOWN_BROWSER.take(email.lower(), browser)


def limited(view: View, rate: Rate) -> View:
    """Return the view with a bound on what is posted to it from one address, or by one person.

    A browser that knows the account it names is not held up by others at its address.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not rate.take(*asker(request)):
            return render(request, "429.html", status=429)
        return view(request, *args, **kwargs)

    return guarded


def asker(request: HttpRequest) -> tuple[object, ...]:
    """Return who posts: a person, a known browser, or an address."""
    if request.user.is_authenticated:
        return ("person", request.user.pk)
    email = request.POST.get("login", "") or request.POST.get("email", "")
    browser = known_as(request, email)
    return ("browser", browser, email.lower()) if browser else ("address", place_of(request))
