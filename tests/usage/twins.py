"""Two keys of one account, polled until it was noticed, and the pages that tell of it."""

from datetime import UTC, datetime, timedelta
from html import unescape

from django.test import Client
from django.urls import reverse

from tests.cast import Cast, make_key
from tests.usage.polled import answer, make_meter
from usage.accounts import sharing
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.models import Meter, SharingSuggestion

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PERIOD = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PAGE = "/t/acme/usage/accounts/"
# What the account used.
ONCE = 500 + 100 * 5


def make_twins(cast: Cast) -> SharingSuggestion:
    """Poll two keys together, and notice it."""
    for name in ("Twin one", "Twin two"):
        meter = make_meter(make_key(cast.team, cast.alice, name), NOON)
        store(told(meter, minutes) for minutes in range(6))
    sharing.look(cast.team, NOON)
    return sharing.suggestions(cast.team).get()


def told(meter: Meter, number: int) -> Answer:
    """One of six answers, the last of them five minutes ago."""
    at = NOON - MINUTE * (30 - 5 * number)
    return answer(meter, at, {"rax-4.0": (500 + 100 * number, 10 + number)}, *PERIOD)


def page(client: Client, path: str = PAGE) -> str:
    """A page as text in one line."""
    response = client.get(path, follow=True)
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def act(name: str, suggestion: SharingSuggestion) -> str:
    """The address of what can be done about a suggestion."""
    return reverse(f"usage:{name}", args=["acme", suggestion.pk])


def total(client: Client) -> str:
    """The tokens that the usage page shows."""
    html = page(client, "/t/acme/usage/?period=billing")
    return html.partition('id="total-tokens">')[2].partition("<")[0]
