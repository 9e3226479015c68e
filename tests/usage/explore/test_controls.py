import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.test import Client

from teams.models import Label, User
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PART, PERIOD, USAGE, headline, plain
from tests.usage.explore.reading import page_by_value as page
from tests.usage.polled import answer, make_meter, run
from usage.books.ingest import store
from usage.explore.query.dimensions import Dimension
from usage.explore.query.reader import read_query
from usage.models import Meter

pytestmark = pytest.mark.usefixtures("noon")

HOUR = timedelta(hours=1)


@pytest.fixture
def meter(cast: Cast) -> Meter:
    """A meter that was polled every hour for two days."""
    meter = make_meter(cast.key, NOON)
    counters = ({"rax-4.0": (100 * hours, hours), "rax-4.5": (300 * hours, hours)} for hours in range(49))
    store(answer(meter, NOON - HOUR * (48 - n), used, *PERIOD) for n, used in enumerate(counters))
    return meter


def controls(html: str) -> str:
    return html.partition('id="controls"')[2].partition('class="chart-in"')[0]


def links(html: str) -> dict[str, str]:
    """{what a control says: its query}."""
    found = re.findall(r'<a [^>]*?href="\?([^"]*)"[^>]*>(.*?)</a>', controls(html), re.DOTALL)
    return {plain(words): query for query, words in found}


def hidden(html: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with this name, or of the one to type in."""
    form = next(form for form in html.split("<form ")[1:] if action in form.partition("</form>")[0])
    return dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form.partition("</form>")[0]))


@pytest.mark.parametrize(
    "query",
    [
        "?start=2026-11-20&end=2026-11-21&by=label,owner&attributes=today&filter.owner=none",
        *(
            pytest.param(query, marks=pytest.mark.chaos)
            for query in (
                "",
                "?measure=requests&by=key,model&period=24h&step=hour&compare=previous&view=cumulative",
                "?period=billing&until=2026-11-23&hide=1",
            )
        ),
    ],
)
def test_every_control_leads_to_a_question_that_is_answered(meter: Meter, alice: Client, query: str) -> None:
    for address in set(links(page(alice, query)).values()):
        asked, problems = read_query(parse_qs(address))
        assert problems == []
        assert asked.address() == address
        # Nobody knows before it is asked whether there was an earlier billing period, or a whole day.
        is_sure = "last-billing" not in address and "complete" not in address
        assert not is_sure or '<p class="note note-warn"' not in page(alice, f"?{address}", **PART)


def test_a_control_changes_one_part_and_keeps_the_rest(meter: Meter, alice: Client) -> None:
    found = links(page(alice, "?measure=requests&by=key&period=30d&step=week&compare=year&filter.owner=none"))
    assert found["90 days"] == "measure=requests&by=key&filter.owner=none&period=90d&step=week&compare=year"
    assert found["Period before"].endswith("period=30d&step=week&compare=previous")
    assert found["6 hours"].endswith("period=30d&step=6h&compare=year")
    assert found["Cumulative"].endswith("compare=year&view=cumulative")


def test_chosen_days_keep_the_rest_of_the_question(meter: Meter, alice: Client) -> None:
    html = page(alice, "?measure=requests&by=key,model&period=30d&filter.owner=!none")
    assert hidden(html, "First day<") == {
        "measure": "requests",
        "by": "key,model",
        "filter.owner": "!none",
    }


def test_a_step_is_kept_where_it_can_be_drawn(meter: Meter, alice: Client) -> None:
    found = links(page(alice, "?period=24h&step=hour"))
    assert found["7 days"] == "period=7d&step=hour"
    assert found["90 days"] == "period=90d"


def test_what_is_typed_becomes_an_address(meter: Meter, alice: Client) -> None:
    answered = alice.get(f"{USAGE}?by=key&typed=20 nov - 22 nov")
    assert answered.headers["Location"] == f"{USAGE}?by=key&start=2026-11-20&end=2026-11-22"
    assert alice.get(f"{USAGE}?typed=last 14 days").headers["Location"] == f"{USAGE}?period=14d"


def test_what_is_typed_and_cannot_be_read_is_said(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=24h&typed=some day")
    assert "“some day” could not be read: write a period such as “1 nov - 5 nov”" in html
    assert "Last 24 hours" in controls(html)


def test_what_cannot_be_read_leaves_the_days_and_stays_to_be_mended(meter: Meter, alice: Client) -> None:
    html = page(alice, "?by=key&start=2026-11-20&end=2026-11-21")
    form = html.partition('id="period-menu"')[2].partition('id="typed"')[0]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form))
    assert fields == {"by": "key", "start": "2026-11-20", "end": "2026-11-21"}
    again = alice.get(USAGE, {**fields, "typed": "20 nov \N{RIGHTWARDS ARROW} 22 nov"}).content.decode()
    assert "20 – 21 Nov" in controls(again)
    assert 'value="20 nov \N{RIGHTWARDS ARROW} 22 nov"' in again
    answered = alice.get(USAGE, {**fields, "typed": "22 nov"})
    assert answered.headers["Location"] == f"{USAGE}?by=key&start=2026-11-22&end=2026-11-22"


def test_days_to_compare_with_become_an_address(meter: Meter, alice: Client) -> None:
    answered = alice.get(f"{USAGE}?period=7d&compare-start=2026-09-21&compare-end=2026-09-27")
    assert answered.headers["Location"] == f"{USAGE}?period=7d&compare=2026-09-21..2026-09-27"


def test_no_button_leads_before_the_first_numbers_or_beyond_now(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=30d")
    assert 'rel="prev"' not in html
    assert 'rel="next"' not in html
    assert 'rel="prev"' in page(alice, "?period=today")
    assert 'rel="next"' in page(alice, "?period=yesterday")


def test_a_larger_question_is_told_so_with_the_step_that_fits(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=90d&step=15min")
    assert "One bar for each 15 minutes makes 8,640, more than the 400 that a page draws" in html
    assert "step=15min" not in controls(html)
    assert "15 minutes" in links(page(alice, "?period=24h"))


def test_of_cost_there_is_no_tab_where_nobody_knows_it(meter: Meter, alice: Client) -> None:
    html = page(alice, "?measure=cost")
    assert "No provider tells what this cost, and no price is set: here are tokens." in html
    assert "Cost" not in links(html)


def test_the_step_and_the_groups_are_those_of_the_address(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=24h&step=6h&by=key,model&table=time")
    assert html.count('<th scope="row">') == len(["18:00", "00:00", "06:00", "total"]) + 1
    assert "Main key · rax-4.0" in html


def test_a_filter_counts_only_what_it_leaves(meter: Meter, cast: Cast, alice: Client) -> None:
    second = make_meter(make_key(cast.team, cast.alice, "Second"), NOON)
    store([answer(second, NOON - HOUR, {"rax-4.0": (7, 1)}, *PERIOD)])
    html = page(alice, f"?period=billing&filter.key={second.key_id}")
    assert headline(html) == "7"
    assert "<bdi>Second</bdi>" in controls(html)
    assert links(html)["is"].endswith(
        f"filter.key=%21{second.key_id}".replace("%21", "!") + "&period=billing"
    )
    without = page(alice, f"?period=billing&filter.key=!{second.key_id}")
    assert headline(without) == f"{400 * 48:,}"


def test_filters_that_leave_no_key_say_so(meter: Meter, alice: Client) -> None:
    """An owner or a label of no key, or of another team: nobody looked, and there was nothing to be seen."""
    for question in ("filter.owner=999999", "filter.label=999999", "filter.project==nobody's"):
        html = page(alice, f"?{question}")
        assert "The filters leave no key" in html
        assert "seen all the time" not in html


def test_people_are_named_in_a_filter_and_strangers_are_not(meter: Meter, cast: Cast, alice: Client) -> None:
    assert f"<bdi>{cast.bob}</bdi>" in controls(page(alice, f"?filter.member={cast.bob.pk}"))
    stranger = controls(page(alice, f"?filter.owner={cast.charlie.pk}"))
    assert f"<bdi>{cast.charlie.pk}</bdi>" in stranger
    assert str(cast.charlie) not in stranger


def test_who_left_is_listed_and_named_as_long_as_there_are_numbers(
    meter: Meter, cast: Cast, alice: Client
) -> None:
    run(cast.key, NOON - HOUR, 5, member_id=cast.bob.pk)
    cast.team.memberships.filter(user=cast.bob).delete()
    assert f"<bdi>{cast.bob}</bdi>" in values(alice, "member")
    assert f"<bdi>{cast.bob}</bdi>" in controls(page(alice, f"?filter.member={cast.bob.pk}"))
    assert str(cast.charlie) not in values(alice, "member")


def values(client: Client, dimension: str, query: str = "") -> str:
    answered = client.get(f"{USAGE}filter/{dimension}/?{query}")
    assert answered.status_code == 200
    return unescape(answered.content.decode())


@pytest.mark.parametrize("dimension", list(Dimension))
def test_every_dimension_lists_its_values_by_id(
    meter: Meter, cast: Cast, alice: Client, dimension: Dimension
) -> None:
    Label.objects.named(cast.team, ["sandbox"])
    for address in re.findall(r'href="/t/acme/usage/\?([^"]*filter[^"]*)"', values(alice, dimension)):
        asked, problems = read_query(parse_qs(address))
        assert problems == []
        assert [each.dimension for each in asked.filters] == [dimension]


def test_who_asks_stands_first_among_members(meter: Meter, alice: Client, cast: Cast) -> None:
    found = re.findall(
        r"<bdi>([^<]*)</bdi>( \(you\))?", values(cast.client("bob"), "member").partition("filter-list")[2]
    )
    assert found[0] == (str(cast.bob), " (you)")
    assert [name for name, own in found if own] == [str(cast.bob)]


def test_a_value_is_put_to_the_filter_and_taken_from_it(meter: Meter, cast: Cast, alice: Client) -> None:
    other = make_meter(make_key(cast.team, cast.alice, "Second"), NOON)
    first, second = sorted((str(meter.key_id), str(other.key_id)))
    html = values(alice, "key", f"period=30d&filter.key={first}")
    assert f'href="/t/acme/usage/?filter.key={first}&filter.key={second}&period=30d"' in html
    assert 'href="/t/acme/usage/?period=30d"' in html


def test_of_many_values_some_are_listed_and_others_found(cast: Cast, alice: Client) -> None:
    Label.objects.named(cast.team, [f"label {number:03}" for number in range(60)])
    html = values(alice, "label")
    assert "There are more: type a part of the name." in html
    assert "label 055" not in html
    assert "label 055" in values(alice, "label", "q=055")


def test_values_of_other_teams_are_not_listed(cast: Cast, alice: Client) -> None:
    Label.objects.named(cast.other_team, ["theirs"])
    make_meter(make_key(cast.other_team, cast.charlie, "Their key"), NOON)
    assert "theirs" not in values(alice, "label")
    assert "Their key" not in values(alice, "key")


def test_what_is_no_dimension_has_no_values(alice: Client) -> None:
    assert alice.get(f"{USAGE}filter/mood/").status_code == 404


def test_mine_is_a_filter_that_is_pressed_again_to_leave_it(meter: Meter, cast: Cast) -> None:
    bob = cast.client("bob")
    run(cast.key, NOON - HOUR, 7, member_id=cast.bob.pk)
    run(cast.key, NOON - HOUR, 90, member_id=cast.alice.pk)
    words = "Mine: what I ran in raxdash"
    mine = links(page(bob, "?period=24h&by=key"))[words]
    assert mine == f"by=key&filter.member={cast.bob.pk}&period=24h"
    html = page(bob, f"?{mine}")
    assert (headline(html), links(html)[words]) == ("7", "by=key&period=24h")
    # With others it is another filter.
    both = links(page(bob, f"?filter.member={cast.bob.pk}&filter.member={cast.alice.pk}&period=7d"))
    assert both[words] == f"filter.member={cast.bob.pk}&period=7d"


def test_whose_account_was_deleted_is_a_former_member(meter: Meter, cast: Cast, alice: Client) -> None:
    gone = User.objects.create_user("gone@example.com", name="Gone")
    run(cast.key, NOON - HOUR, 5, member_id=gone.pk)
    number = gone.pk
    gone.delete()
    assert f"<bdi>Former member {number}</bdi>" in values(alice, "member", "q=former")
    assert f"<bdi>Former member {number}</bdi>" in controls(page(alice, f"?filter.member={number}"))
    assert (
        f"<bdi>Former member {number}</bdi>"
        in page(alice, "?period=24h&by=member").partition('id="numbers"')[2]
    )
