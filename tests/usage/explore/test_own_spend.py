"""Our own spend beside the provider's total: who it was, what came from elsewhere, and where it is more."""

import random
import re
import uuid
from collections import Counter
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from teams.keys.attributes import change_attributes
from teams.keys.timelines import Changes
from teams.models import Key, Label
from teams.models.attributes import Owner
from tests.cast import Cast, make_key
from tests.usage.explore.proven import body, rows, spend, told, words
from tests.usage.explore.reading import NOON, PART, PERIOD, headline, page, plain
from tests.usage.polled import make_meter
from usage.books.local_usage import record_local_usage
from usage.models import LocalUsage, Meter

pytestmark = pytest.mark.usefixtures("noon")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def kinds_of_bars(html: str) -> str:
    """The legend of how what is drawn was seen."""
    return plain(html.partition('class="chart-kinds"')[2].partition("</p>")[0].partition(">")[2])


def sentence(client: Client, query: str = "?period=billing") -> str:
    html = body(client, f"proof/own/{query}")
    return words(html.partition('id="own">')[2].partition("</p>")[0])


def test_it_says_how_much_came_from_here_by_whom_and_that_the_rest_did_not(cast: Cast, alice: Client) -> None:
    told(make_meter(cast.key, NOON), NOON - HOUR, 1_000)
    spend(cast.key, cast.alice.pk, NOON - 3 * HOUR, 200)
    spend(cast.key, cast.bob.pk, NOON - 2 * HOUR, 100)
    assert sentence(alice) == (
        "Of 1,000 tokens, 300 (30 %) came from this playground: Alice 200, Bob 100; "
        "the rest came from elsewhere with key Main key."
    )


def test_the_usage_page_asks_for_the_sentence_and_each_name_leads_on(cast: Cast, alice: Client) -> None:
    told(make_meter(cast.key, NOON), NOON - HOUR, 1_000)
    spend(cast.key, cast.alice.pk, NOON - 3 * HOUR, 200)
    page = unescape(alice.get("/t/acme/usage/?period=billing&by=key").content.decode())
    (address,) = re.findall(r'id="own-line" hx-get="([^"]*)"', page)
    line = unescape(alice.get(address, headers=PART).content.decode())
    assert words(line) == (
        "Of 1,000 tokens, 200 (20 %) came from this playground: Alice 200; "
        "the rest came from elsewhere with key Main key. By key"
    )
    (theirs,) = re.findall(r'href="(/t/acme/usage/\?[^"]*)"', line)
    assert headline(unescape(alice.get(theirs).content.decode())) == "200"
    assert 'id="own-line"' not in alice.get(theirs).content.decode()


def test_the_keys_with_which_the_rest_was_spent_are_named_or_counted(cast: Cast, alice: Client) -> None:
    spend(cast.key, cast.alice.pk, NOON - 3 * HOUR, 20)
    for name, end in (
        ("", "with key Main key."),
        ("Second", "with keys Main key and Second."),
        ("Third", "with these 3 keys."),
    ):
        key = make_key(cast.team, cast.alice, name) if name else cast.key
        told(make_meter(key, NOON), NOON - HOUR, 100)
        assert sentence(alice).endswith(f"; the rest came from elsewhere {end}")
    # In the row of a key it stands already.
    row = rows(body(alice, "proof/own/?period=billing"), "own-keys")[0]
    assert row[3].endswith("with this key.")


def test_nothing_from_here_is_said_too(cast: Cast, alice: Client) -> None:
    told(make_meter(cast.key, NOON), NOON - HOUR, 1_000)
    assert sentence(alice) == "None of 1,000 tokens came from raxdash."


def test_more_than_the_provider_counts_is_said_with_reasons(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    told(meter, NOON - HOUR, 1_000)
    Meter.objects.filter(pk=meter.pk).update(next_poll_at=NOON + HOUR)
    spend(cast.key, cast.alice.pk, NOON - 2 * HOUR, 900, is_reported=False)
    spend(cast.key, cast.alice.pk, NOON - HOUR / 2, 400)
    text = sentence(alice)
    assert text.startswith(
        "1,300 tokens came from this playground, 300 tokens more than the provider counts: Alice 1,300. "
        "Possible reasons: 400 tokens came after the provider's last answer; "
        "900 tokens are estimated, for their answers told none; "
    )
    assert text.endswith(
        "Of what came from this playground, 900 tokens are estimated: their answers told none."
    )


def test_what_no_provider_tells_stands_apart(cast: Cast, alice: Client) -> None:
    told(make_meter(cast.key, NOON), NOON - HOUR, 1_000)
    untold = make_key(cast.team, cast.alice, "Local server")
    make_meter(untold, NOON, status=Meter.Status.NO_USAGE)
    spend(untold, cast.bob.pk, NOON - HOUR, 70)
    html = body(alice, "proof/own/?period=billing")
    assert "With keys of which no provider tells, 70 tokens more came from raxdash: Bob 70." in words(html)
    assert sentence(alice).startswith("None of 1,000 tokens")


def test_somebody_who_is_gone_or_was_never_named_is_counted(cast: Cast, alice: Client) -> None:
    told(make_meter(cast.key, NOON), NOON - HOUR, 1_000)
    spend(cast.key, 10**6, NOON - 2 * HOUR, 20)
    spend(cast.key, None, NOON - 2 * HOUR, 10, source=LocalUsage.Source.SUITE)
    assert "came from raxdash: a former member 20, nobody that raxdash knows 10; the rest" in sentence(alice)


def test_sums_by_key_and_member_are_those_of_the_lines(cast: Cast, alice: Client) -> None:
    """A random ledger of ours, added up here line by line."""
    chance, people = random.Random(7), {"Alice": cast.alice.pk, "Bob": cast.bob.pk, "Vera": cast.vera.pk}
    keys = [make_key(cast.team, cast.alice, f"Key {n}") for n in range(3)]
    expected: dict[str, Counter[str]] = {key.name: Counter() for key in keys}
    for key in keys:
        told(make_meter(key, NOON), NOON - HOUR, 10**6)
    for _ in range(200):
        key, name = chance.choice(keys), chance.choice(list(people))
        at, tokens = NOON - chance.randrange(1, 60 * 24) * HOUR, chance.randrange(1, 3_000)
        spend(key, people[name], at, tokens)
        if at >= PERIOD[0]:
            expected[key.name][name] += tokens
    found = {row[0]: row for row in rows(body(alice, "proof/own/?period=billing"), "own-keys")}
    for name, spent in expected.items():
        assert found[name][1:3] == ["1,000,000", f"{spent.total():,}"]
        parts = ", ".join(f"{who} {amount:,}" for who, amount in spent.most_common())
        assert f": {parts}; the rest" in found[name][3]


@pytest.fixture
def varied(cast: Cast) -> tuple[Key, Key]:
    """Two keys with runs on two days; the second one changed owner, project and label between them."""
    first, second = (make_key(cast.team, cast.alice, name) for name in ("First", "Second"))
    for key in (first, second):
        told(make_meter(key, NOON), NOON - HOUR, 10_000)
        spend(key, cast.alice.pk, NOON - 5 * DAY, 1 if key == first else 4)
        spend(key, cast.bob.pk, NOON - DAY, 2 if key == first else 8, "rax-4.0")
    labels = Label.objects.named(cast.team, ["batch"])
    later = Changes(owner=Owner.of(cast.bob), project="night", labels=labels)
    change_attributes([second], (NOON - 2 * DAY).date(), later)
    return first, second


@pytest.mark.parametrize(
    ("asked", "total"),
    [
        ("", 15),
        ("filter.key={second}", 12),
        ("filter.key=!{second}", 3),
        ("filter.member={bob}", 10),
        ("filter.member=!{bob}", 5),
        ("filter.source=playground", 15),
        ("filter.source=!playground", 0),
        ("filter.owner={bob}", 8),
        ("filter.owner=!{bob}", 7),
        ("filter.owner={bob}&filter.member={alice}", 0),
        ("filter.project==night", 8),
        ("filter.project=none", 7),
        ("filter.label={label}", 8),
        ("filter.label=!{label}", 7),
        ("filter.label=none", 7),
        ("filter.account={account}", 12),
        ("filter.owner={bob}&attributes=today", 12),
        ("filter.project==night&attributes=today", 12),
        ("filter.label=!{label}&attributes=today", 3),
    ],
)
def test_it_respects_filters_by_the_attributes_of_the_day(
    cast: Cast, varied: tuple[Key, Key], alice: Client, asked: str, total: int
) -> None:
    second = varied[1]
    ids = {
        "second": second.pk,
        "bob": cast.bob.pk,
        "alice": cast.alice.pk,
        "label": Label.objects.get().pk,
        "account": Meter.objects.get(key=second).pk,
    }
    html = body(alice, f"proof/own/?period=billing&{asked.format(**ids)}")
    assert sum(int(row[2].replace(",", "")) for row in rows(html, "own-keys")) == total


def test_requests_are_counted_as_requests(cast: Cast, alice: Client) -> None:
    told(make_meter(cast.key, NOON), NOON - HOUR, 1_000)
    spend(cast.key, cast.alice.pk, NOON - 2 * HOUR, 900, is_reported=False)
    assert sentence(alice, "?period=billing&metric=requests") == (
        "Of 10 requests, 1 (10 %) came from this playground: Alice 1; "
        "the rest came from elsewhere with key Main key."
    )


def test_a_run_is_recorded_as_the_pages_read_it(cast: Cast, alice: Client) -> None:
    told(make_meter(cast.key, NOON), NOON - HOUR, 1_000)
    record_local_usage(
        team_id=cast.team.pk,
        key_id=cast.key.pk,
        member_id=cast.bob.pk,
        source=LocalUsage.Source.PLAYGROUND,
        run=uuid.uuid4(),
        model="rax-4.5",
        prompt_tokens=30,
        completion_tokens=12,
        is_reported=True,
        at=NOON - 2 * HOUR,
    )
    assert "42 (4.2 %) came from this playground: Bob 42" in sentence(alice)


def test_where_only_own_runs_are_shown_that_is_said_beside_their_total(cast: Cast, alice: Client) -> None:
    told(make_meter(cast.key, NOON), NOON - HOUR, 1_000)
    spend(cast.key, cast.alice.pk, NOON - 3 * HOUR, 200)
    alone = "Only what was run in raxdash is counted here: who used the keys elsewhere, no provider tells."
    for query in ("?period=billing&by=source", f"?period=24h&filter.member={cast.alice.pk}"):
        html = page(alice, query)
        assert headline(html) == "200"
        assert alone in html
    assert alone not in page(alice, "?period=billing&by=key")


def test_no_counter_is_said_to_have_measured_what_was_run_here(cast: Cast, alice: Client) -> None:
    """And a bar that goes on is no kind of its own while it is empty."""
    told(make_meter(cast.key, NOON), NOON - HOUR, 1_000)
    spend(cast.key, cast.alice.pk, NOON - DAY, 200)
    assert kinds_of_bars(page(alice, "?period=7d&step=day&by=source")) == ""
    spend(cast.key, cast.alice.pk, NOON - HOUR, 7)
    assert kinds_of_bars(page(alice, "?period=7d&step=day&by=source")) == "run in raxdash in progress"
