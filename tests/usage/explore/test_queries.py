"""No page takes more than twelve queries, whatever it is asked, of a team of which there is much to say.

`tests/raxdash/pages/test_queries.py` walks all pages of usage as they open.
"""

from itertools import combinations, product
from random import Random

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.usage.explore.crowded import crowd
from tests.usage.explore.reading import PERIOD
from usage.explore.query.dimensions import Dimension
from usage.models import Period, RawPoll

pytestmark = pytest.mark.usefixtures("noon")

MOST_QUERIES = 12
DIMENSIONS = [one.value for one in Dimension]
PAIRS = ["key,model", "label,owner", "member,model"]
# What each control of the page may be set to; the first is how the page opens.
CONTROLS: dict[str, list[str]] = {
    "by": ["", *(f"by={one}" for one in (*DIMENSIONS, *PAIRS))],
    "period": ["", "period=billing", "period=last-billing", "period=30d", "period=24h", "period=90d"],
    "filter": ["", "account", "member", "owner", "!model", "label project key"],
    "compare": ["", "compare=previous", "compare=month", "compare=2026-10-20..2026-10-24"],
    "view": ["", "view=cumulative"],
    "measure": ["", "measure=requests", "measure=cost"],
    "anchor": ["", "anchor"],
    "attributes": ["", "attributes=today"],
    "complete": ["", "complete=1"],
    "hide": ["", "hide"],
    "table": ["", "table=time", "rows=all"],
}
PEOPLE = ("alice", "vera", "bob")


def covering(controls: dict[str, list[str]], seed: int = 7) -> list[dict[str, str]]:
    """Settings of all controls, so that each two values of any two controls stand together in one of them."""
    dice, names = Random(seed), list(controls)
    missing = {
        frozenset({(one, a), (other, b)})
        for one, other in combinations(names, 2)
        for a, b in product(controls[one], controls[other])
    }
    chosen = []
    while missing:
        setting = dict(dice.choice(sorted(map(sorted, missing))))
        for name in dice.sample(names, len(names)):
            if name not in setting:
                setting[name] = max(
                    dice.sample(controls[name], len(controls[name])),
                    key=lambda value: sum(
                        frozenset({(name, value), each}) in missing for each in setting.items()
                    ),
                )
        missing -= {frozenset(pair) for pair in combinations(setting.items(), 2)}
        chosen.append(setting)
    return chosen


def address(setting: dict[str, str], ids: dict[str, str]) -> str:
    """The query of a setting; `ids` are values to filter by."""
    filters = [
        f"filter.{name.removeprefix('!')}={'!' if name[0] == '!' else ''}{ids[name.removeprefix('!')]}"
        for name in setting["filter"].split()
    ]
    named = {"anchor": f"anchor={ids['account']}", "hide": f"hide={ids['model']}"}
    return "&".join(
        [
            *filters,
            *(named.get(value, value) for name, value in setting.items() if value and name != "filter"),
        ]
    )


def count(client: Client, path: str) -> int:
    """How many queries a page takes that somebody looks at again."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    return len(queries)


def test_the_page_takes_twelve_queries_at_most_however_it_is_set(cast: Cast) -> None:
    ids, settings = crowd(cast), covering(CONTROLS)
    people = {name: cast.client(name) for name in PEOPLE}
    found = {}
    for number, setting in enumerate(settings):
        query = address(setting, ids)
        client = people[PEOPLE[number % len(PEOPLE)]]
        if number < len(PEOPLE):
            client.get("/t/acme/usage/?saved=none")
        found[query] = count(client, f"/t/acme/usage/?{query or 'saved=none'}")
    assert {query: number for query, number in found.items() if number > MOST_QUERIES} == {}


def test_so_do_its_proof_and_mine_however_they_are_filtered(cast: Cast) -> None:
    ids = crowd(cast)
    bob = cast.client("bob")
    filters = ["", *(f"&filter.{name}={value}" for name, value in ids.items())]
    filters.append("&" + "&".join(f"filter.{name}={value}" for name, value in ids.items()))
    filters.append(f"&filter.model={ids['model']}&page=99")
    # Periods that begin within a quarter of an hour are parted there.
    Period.objects.filter(meter__team=cast.team).update(start=F("start") + 1_000_000)
    periods = ["period=billing", "period=30d&attributes=today", "period=billing&measure=cost"]
    paths = [
        *(f"{page}?{period}{each}" for page in ("mine/",) for period in ("period=30d",) for each in filters),
        *(
            f"proof/{part}?{period}{each}"
            for part in ("", "seen/", "own/")
            for place, period in enumerate(periods)
            for each in (filters if place == 0 else filters[-2:])
        ),
        *(f"proof/?{period}&page=99" for period in periods),
        f"proof/{ids['account']}/{int(PERIOD[0].timestamp() + 1) * 1_000_000}/",
        f"proof/answers/{RawPoll.objects.filter(meter__team=cast.team).latest('pk').pk}/",
        *(f"filter/{one}/?by=key" for one in DIMENSIONS),
    ]
    bob.get("/t/acme/usage/notes/")
    found = {path: count(bob, f"/t/acme/usage/{path}") for path in paths}
    assert {path: number for path, number in found.items() if number > MOST_QUERIES} == {}
