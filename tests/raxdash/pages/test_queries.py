"""No page of usage takes more than twelve queries: all of the registry, of a team with much to tell."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from raxdash.routes import ROUTES
from tests.cast import Cast, make_key
from tests.look.pages import NOT_PAGES
from tests.raxdash.conftest import Objects
from tests.usage.explore.crowded import crowd
from tests.usage.explore.reading import NOON
from usage.models import SavedView

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
PAGES = [
    route.name
    for route in ROUTES
    if route.name.startswith("usage:") and route.is_page and route.name not in NOT_PAGES
]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def test_each_page_of_usage_takes_twelve_queries_at_most(cast: Cast, team_objects: Objects) -> None:
    for view in SavedView.objects.all():
        view.call(f"{view.name} {view.pk}")
        view.save()
    crowd(replace(cast, key=make_key(cast.team, cast.bob, "Largest")))
    alice, found = cast.client("alice"), {}
    alice.get("/t/acme/keys/")
    for name in PAGES:
        path = reverse(name, kwargs={"slug": "acme"} | team_objects.get(name, {}))
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(path).status_code in (200, 302), path
        found[name] = len(queries)
    assert len(found) > 30
    assert {name: number for name, number in found.items() if number > MOST_QUERIES} == {}
