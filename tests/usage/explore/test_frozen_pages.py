"""A page that somebody froze shows what it did then, whatever is learned later; that stands beside it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from teams.models import AuditEntry
from tests.cast import Cast
from tests.directions import without_directions
from tests.usage.explore.frozen_page import make_frozen
from tests.usage.explore.proven import told, words
from tests.usage.explore.reading import NOON, USAGE, figure, page, page_by_value, plain
from tests.usage.explore.test_tables import listed
from tests.usage.notes.writing import make_note
from tests.usage.polled import at_once
from tests.usage.prices.priced import make_price
from usage.explore import freezing
from usage.models import FrozenReport, Meter

pytestmark = pytest.mark.usefixtures("noon")

HOUR = timedelta(hours=1)
FROZEN = f"{USAGE}frozen/"
WHOLE = "?start=2026-11-20&end=2026-11-23&by=key,model&compare=previous"


@pytest.fixture
def used(meter: Meter) -> Meter:
    with at_once():
        for hours in range(72):
            told(meter, NOON - (72 - hours) * HOUR, 1_000 + 100 * hours)
    return meter


def freeze(client: Client, query: str = WHOLE) -> str:
    """Press the button of a page; the address of what is frozen."""
    shown = page(client, query)
    (action,) = re.findall(r'<form class="freeze" method="post" action="([^"]*)"', shown)
    return client.post(unescape(action))["Location"]


def opened(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return without_directions(unescape(answer.content.decode()))


def stats(html: str) -> list[str]:
    return [plain(found) for found in re.findall(r'<b class="stat-n">(.*?)</b>', html)]


def test_it_shows_what_was_shown_to_whoever_has_the_link(cast: Cast, used: Meter, alice: Client) -> None:
    shown = page(alice, WHOLE)
    html = opened(cast.client("vera"), freeze(alice))
    assert stats(html) == stats(shown) == ["at least 7,100", "at least 71", "≈ 100"]
    assert figure(html) == figure(shown)
    assert "by Alice" in html
    assert [row[0] for row in listed(html)] == ["Main key", "Total"]
    assert "Days are in UTC" in html
    (again,) = re.findall(r'href="(/t/acme/usage/\?[^"]*)">Ask the same now', html)
    assert stats(page(alice, again.removeprefix(USAGE))) == stats(shown)


def test_what_comes_later_stands_beside_it_and_never_within(used: Meter, alice: Client) -> None:
    address = freeze(alice, f"{WHOLE}&step=15min")
    before = opened(alice, address)
    assert "changed-since" not in before
    told(used, NOON + HOUR, 9_000)
    assert "changed-since" not in opened(alice, address)
    # An answer from the middle of an hour that was frozen comes late: most was used in its first half.
    told(used, NOON - 30.5 * HOUR, 5_190)
    html = opened(alice, address)
    assert stats(html) == stats(before)
    assert figure(html) == figure(before)
    beside = words(html.partition('id="changed-since"')[2].partition("</ul>")[0])
    assert "Main key, 22 Nov, 05:00: 25 tokens then, 45 now" in beside
    assert "Main key, 22 Nov, 05:45: 25 tokens then, 5 now" in beside


def test_cost_is_frozen_as_it_was_shown(cast: Cast, used: Meter, alice: Client) -> None:
    price = make_price(cast.team, price="1000")
    address = freeze(alice, f"{WHOLE}&measure=cost")
    html = opened(alice, address)
    assert [number for number in stats(html) if "USD" in number] == ["at least ≈ 7.10 USD"]
    price.delete()
    assert stats(opened(alice, address)) == stats(html)


def test_what_it_was_compared_with_is_kept_and_why(cast: Cast, used: Meter, alice: Client) -> None:
    make_price(cast.team, price="1000")
    days = "?start=2026-11-22&end=2026-11-22&compare=previous&by=key"
    shown = page_by_value(alice, days)
    html = opened(alice, freeze(alice, days))
    changes = [
        [plain(found) for found in re.findall(r'<span class="stat-d">(.*?)</span>', each)]
        for each in (shown, html)
    ]
    assert changes[0] == changes[1] != []
    (why, *_) = re.findall(r'data-copy-text="([^"]*)"', shown.partition('id="why"')[2])
    assert without_directions(unescape(why)) in html
    name, _, *told_of, _ = listed(without_directions(shown))[0]
    assert listed(html)[0] == [name, *told_of]
    assert re.findall(r'<th scope="col"[^>]*>([^<]*)', html)[-3:] == [
        "Requests",
        "Tokens a request",
        "Estimated, USD",
    ]


def test_a_page_of_before_comparisons_were_kept_reads_the_same(cast: Cast, alice: Client) -> None:
    kept = make_frozen(cast.team, cast.alice)
    html = opened(alice, f"/t/acme/usage/frozen/{kept.pk}/")
    assert stats(html) == ["0"]
    assert "stat-d" not in html


def test_notes_are_not_kept_as_who_removes_one_removes_it(cast: Cast, used: Meter, alice: Client) -> None:
    make_note(cast.team, cast.bob, "Secret launch.", first=NOON.date())
    assert "Secret launch." in page(alice, WHOLE)
    assert "Secret launch." not in opened(alice, freeze(alice))


def test_where_nothing_is_known_there_is_nothing_to_be_frozen(used: Meter, alice: Client) -> None:
    assert 'class="freeze"' not in page(alice, "?start=2020-01-01&end=2020-01-02")
    answer = alice.post(f"{FROZEN}new/?start=2020-01-01&end=2020-01-02", follow=True)
    assert "Here is nothing to be frozen" in answer.content.decode()
    assert not FrozenReport.objects.exists()


def test_they_are_listed_and_their_author_or_an_admin_removes_them(cast: Cast) -> None:
    mine, theirs = make_frozen(cast.team, cast.bob), make_frozen(cast.team, cast.alice)
    bob, adam = cast.client("bob"), cast.client("adam")
    assert opened(bob, FROZEN).count("Remove") == 1
    assert bob.post(f"{FROZEN}{theirs.pk}/remove/").status_code == 302
    assert "What happens" in opened(bob, f"{FROZEN}{mine.pk}/remove/")
    bob.post(f"{FROZEN}{mine.pk}/remove/")
    assert [one.pk for one in FrozenReport.objects.all()] == [theirs.pk]
    adam.post(f"{FROZEN}{theirs.pk}/remove/")
    assert not FrozenReport.objects.exists()
    told_of = [str(entry) for entry in AuditEntry.objects.all()]
    assert told_of == ["Adam removed the frozen page Tokens by model, Mon 23 Nov 2026"]


def test_viewers_open_and_never_freeze_and_outsiders_see_nothing(cast: Cast, used: Meter) -> None:
    kept = make_frozen(cast.team, cast.bob)
    vera, charlie = cast.client("vera"), cast.client("charlie")
    assert 'class="freeze"' not in page(vera, WHOLE)
    assert vera.post(f"{FROZEN}new/{WHOLE}").status_code == 403
    assert charlie.get(f"{FROZEN}{kept.pk}/").status_code == 404
    assert charlie.get(f"/t/others/usage/frozen/{kept.pk}/").status_code == 404


def test_a_team_keeps_so_many(
    cast: Cast, used: Meter, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_frozen(cast.team, cast.bob)
    monkeypatch.setattr(freezing, "MOST_FROZEN", 1)
    answer = alice.post(f"{FROZEN}new/{WHOLE}", follow=True)
    assert "the most there can be. Remove one first." in answer.content.decode()
    assert FrozenReport.objects.count() == 1


def test_names_that_are_markup_stay_text_and_the_name_of_who_left_stays(
    cast: Cast, used: Meter, alice: Client
) -> None:
    cast.key.name = "</script><b>key"
    cast.key.save()
    address = freeze(alice)
    raw = alice.get(address).content.decode()
    assert "</script><b>key" not in raw
    # As the browser reads it: nothing of a script is unescaped.
    assert "</script><b>key" in "".join(label for label, _ in figure(raw)["layout"]["meta"]["columns"])
    kept = FrozenReport.objects.get()
    FrozenReport.objects.filter(pk=kept.pk).update(author=None)
    assert "by Alice" in opened(alice, address)
