"""The tables below the chart, read from the page; what is expected is summed here."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from teams.models import Key
from tests.cast import Cast, make_key
from tests.usage.explore.reading import (
    NOON,
    PERIOD,
    USAGE,
    footer,
    headline,
    id_of,
    page,
    page_by_value,
    plain,
)
from tests.usage.polled import answer, make_meter
from usage.books.ingest import store

pytestmark = pytest.mark.usefixtures("noon")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = NOON.replace(day=12, hour=2)


def used(key: Key, **models: tuple[int, int]) -> None:
    """Each day from the 13th on, between ten and two, a key uses so much of each model: tokens, requests."""
    told = {
        name.replace("_", "."): [(tokens * day, requests * day) for day in range(12)]
        for name, (tokens, requests) in models.items()
    }
    use(key, told)


def use(key: Key, told: dict[str, list[tuple[int, int]]]) -> None:
    """Poll a key every four hours from the 12th on; by the night of each day a model has used so much in all,
    all of it between ten and two.
    """
    meter = make_meter(key, NOON)
    at, answers = FIRST, []
    while at < NOON:
        days = max(at.day - FIRST.day - (at.hour < 14), 0)
        counters = {name: sums[min(days, len(sums) - 1)] for name, sums in told.items()}
        answers.append(answer(meter, at, counters, *PERIOD))
        at += 4 * HOUR
    store(answers)


def listed(html: str) -> list[list[str]]:
    """The rows of the table by value: words without tags, cell by cell."""
    table = html.partition('id="numbers"')[2].partition("</table>")[0]
    body = table.partition("</thead>")[2]
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>"))
    return [[plain(cell) for cell in row] for row in cells if row]


def link(html: str, name: str) -> str:
    """The address that the row of a name leads to."""
    found = re.search(rf'<a href="([^"]*)"[^>]*><bdi>{re.escape(name)}</bdi>', html)
    assert found, name
    return unescape(found[1])


LAST_TEN = "?start=2026-11-13&end=2026-11-22"


def test_each_value_says_its_amount_share_requests_and_average(cast: Cast, alice: Client) -> None:
    used(cast.key, rax_4=(300, 3), rax_5=(100, 4))
    html = page_by_value(alice, LAST_TEN)
    assert listed(html) == [
        ["rax.4", "3,000", "75 %", "30", "100", ""],
        ["rax.5", "1,000", "25 %", "40", "25", ""],
        ["Total", "4,000", "", "70", "57", ""],
    ]
    assert (headline(html), headline(html, "requests"), headline(html, "average")) == ("4,000", "70", "57")


def test_each_key_opens_into_its_models_and_names_its_owner(cast: Cast, alice: Client) -> None:
    other = make_key(cast.team, cast.bob, "Other")
    used(cast.key, rax_4=(300, 3), rax_5=(100, 4))
    used(other, rax_4=(600, 6))
    html = page_by_value(alice, f"{LAST_TEN}&by=key,model")
    alice_name, bob_name = str(cast.alice), str(cast.bob)
    assert [row[:5] for row in listed(html)] == [
        ["Other", bob_name, "6,000", "60 %", "60"],
        ["rax.4", "", "6,000", "60 %", "60"],
        [cast.key.name, alice_name, "4,000", "40 %", "70"],
        ["rax.4", "", "3,000", "30 %", "30"],
        ["rax.5", "", "1,000", "10 %", "40"],
        ["Total", "", "10,000", "", "130"],
    ]


def test_a_name_asks_about_it_alone_one_level_deeper_until_the_days(cast: Cast, alice: Client) -> None:
    used(cast.key, rax_4=(300, 3))
    used(make_key(cast.team, cast.bob, "Other"), rax_4=(600, 6), rax_5=(5, 1))
    models = page_by_value(alice, f"{LAST_TEN}&step=day")
    keys = page_by_value(alice, link(models, "rax.4"))
    assert [row[0] for row in listed(keys)] == ["Other", cast.key.name, "Total"]
    days = page_by_value(alice, link(keys, "Other"))
    assert footer(days) == [6_000, 6_000]
    assert "Fri 13 Nov 2026" in days
    assert link(keys, "Other").count("start=2026-11-13&end=2026-11-22&step=day") == 1


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["b", "a", "c"]),
        ("-tokens", ["c", "a", "b"]),
        ("name", ["a", "b", "c"]),
        ("-name", ["c", "b", "a"]),
        ("requests", ["c", "a", "b"]),
        ("average", ["b", "a", "c"]),
        ("nonsense", ["b", "a", "c"]),
    ],
)
def test_rows_are_sorted_by_what_the_address_says(
    cast: Cast, alice: Client, sort: str, names: list[str]
) -> None:
    used(cast.key, a=(200, 2), b=(300, 1), c=(100, 9))
    html = page_by_value(alice, f"{LAST_TEN}&sort={sort}")
    assert [row[0] for row in listed(html)][:-1] == names
    # The order goes on with every link, and a head that is pressed again turns it round.
    if sort == "requests":
        assert 'href="?period=7d&sort=requests"' in html
        assert re.search(r'aria-sort="descending"><a href="[^"]*sort=-requests"', html)


def test_a_change_stands_beside_what_is_compared(cast: Cast, alice: Client) -> None:
    # Two days with 100 and 0, then two with 125 and 40.
    told = {"old": [(0, 0), (100, 1), (200, 2), (325, 3), (450, 4)]}
    told["new"] = [(0, 0), (0, 0), (0, 0), (40, 1), (80, 2)]
    use(cast.key, told)
    html = page_by_value(alice, "?start=2026-11-15&end=2026-11-16&compare=previous")
    assert [(row[0], row[3]) for row in listed(html)] == [
        ("old", "+25 %"),
        ("new", "new"),
        ("Total", "+65 %"),
    ]
    assert re.search(r"<b>\+65 %</b> from 200<", html)
    # As a number too.
    assert "(+130)" in plain(html.partition('id="total-tokens"')[2].partition("</a>")[0])
    assert re.findall(r'<td class="num" title="([^"]*)">', html) == ["+50", "+80"]


def test_others_open_and_are_listed_a_page_at_a_time(cast: Cast, alice: Client) -> None:
    used(cast.key, **{f"m{number}": (100 + number, 1) for number in range(60)})
    html = page_by_value(alice, LAST_TEN)
    rows = listed(html)
    assert len(rows) == 10
    assert rows[8][:2] == ["Other models (52)", f"{10 * sum(range(100, 152)):,}"]
    assert rows[9][1] == f"{10 * sum(range(100, 160)):,}"
    opened = page_by_value(alice, link(html, "Other models"))
    shown = [row[0] for row in listed(opened)][:-1]
    assert shown == [f"m{number}" for number in range(59, 34, -1)]
    assert "Page 1 of 3" in opened
    last = page_by_value(alice, f"{LAST_TEN}&rows=all&page=99")
    assert [row[0] for row in listed(last)][:-1] == [f"m{number}" for number in range(9, -1, -1)]


@pytest.mark.parametrize(("by", "ours"), [("model", "Other models"), ("key,model", "Other models")])
def test_no_two_rows_are_called_the_same(cast: Cast, alice: Client, by: str, ours: str) -> None:
    """A model may be called as raxdash itself calls those that stand together, or those without a name."""
    hostile = {"Other models": 900, "other models": 800, "Unattributed": 700, "Models not told apart": 600}
    models = {name: (amount, 1) for name, amount in hostile.items()}
    used(cast.key, **models, **{f"m{number}": (100 + number, 1) for number in range(20)})
    html = page_by_value(alice, f"{LAST_TEN}&by={by}")
    rows = [row[0] for row in listed(html)]
    assert f"{ours} (16)" in rows
    assert {f"“{name}”" for name in hostile} <= set(rows)
    # Below a key it leads nowhere: then its number stands apart all the same.
    assert by == "model" or f'<span class="value-part"><bdi>{ours}</bdi> (16)</span>' in html
    legend = re.findall(r'<a id="legend-[^>]*>.*?<bdi>([^<]*)</bdi>', html)
    assert len(legend) == len(set(legend)) == 9


def test_a_trend_has_a_point_for_each_bucket_that_has_passed(cast: Cast, alice: Client) -> None:
    used(cast.key, rax_4=(300, 3))
    html = page_by_value(alice, f"{LAST_TEN}&step=day")
    path = re.search(r'class="spark[^>]*>\s*<path d="([^"]*)"', html)
    assert path
    # Ten equal days: a level line at the top.
    assert re.fullmatch(r"M0\.0 1\.0( L\d+\.\d 1\.0){9}", path[1])


def test_a_row_with_many_parts_has_its_trend_before_smaller_rows_have_theirs(
    cast: Cast, alice: Client
) -> None:
    """The smallest part of the largest row is smaller than all parts of forty other rows."""
    use(cast.key, {"big": [(0, 0), (9_000, 9)], "tiny": [(0, 0), (2, 1)]})
    for number in range(40):
        other = make_key(cast.team, cast.alice, f"Key {number}")
        use(other, {"big": [(0, 0), (90 + number, 1)]})
    html = page_by_value(alice, "?start=2026-11-13&end=2026-11-15&by=key,model&step=day")
    (row,) = [row for row in html.partition('id="numbers"')[2].split("<tbody>") if "Main key" in row]
    own = row.partition('class="sub"')[0]
    assert '<path d="M' in own


def test_usage_that_was_taken_back_is_no_part_of_a_whole(cast: Cast, alice: Client) -> None:
    use(cast.key, {"down": [(900, 9), (900, 9), (400, 9)], "up": [(0, 0), (100, 1), (200, 2), (300, 3)]})
    html = page_by_value(alice, "?start=2026-11-14&end=2026-11-15")
    assert {tuple(row[:3]) for row in listed(html)[:-1]} == {("up", "200", "–"), ("down", "−500", "–")}
    # Bars are beside the longest, and none is below nothing.
    assert re.findall(r'<rect width="([^"]*)"', html) == ["40.00", "0.00"]


def test_values_of_a_name_that_is_markup_stay_text(cast: Cast, alice: Client) -> None:
    used(cast.key, **{"<b>x": (300, 3)})
    assert b"<b>x" not in alice.get(f"{USAGE}{LAST_TEN}").content


@pytest.mark.parametrize("query", ["", "&by=key", "&rows=all"])
def test_tables_take_few_queries(
    cast: Cast, alice: Client, django_assert_max_num_queries, query: str
) -> None:
    used(cast.key, rax_4=(300, 3), rax_5=(5, 5))
    page_by_value(alice, LAST_TEN + query)
    with django_assert_max_num_queries(12):
        page_by_value(alice, LAST_TEN + query)


def test_a_hidden_series_leaves_the_table(cast: Cast, alice: Client) -> None:
    used(cast.key, rax_4=(300, 3), rax_5=(100, 4))
    html = page_by_value(alice, f"{LAST_TEN}&hide={id_of('rax.5')}")
    assert [row[:3] for row in listed(html)] == [["rax.4", "3,000", "100 %"], ["Total", "3,000", ""]]


def test_a_key_keeps_its_trend_when_one_of_its_models_is_used_no_more(cast: Cast, alice: Client) -> None:
    """From the 13th to the 16th it used both, and then one alone."""
    told = {
        "gone": [(100 * min(day, 4), min(day, 4)) for day in range(12)],
        "rax": [(day, day) for day in range(12)],
    }
    use(cast.key, told)
    html = page_by_value(alice, "?start=2026-11-17&end=2026-11-20&compare=previous&by=key,model&step=day")
    assert [row[0] for row in listed(html)] == [cast.key.name, "rax", "gone", "Total"]
    assert html.partition('id="numbers"')[2].count('class="spark') == 2


def test_a_table_by_time_is_wider_than_the_page_only_within_itself(cast: Cast, alice: Client) -> None:
    """It has a column for each of ten series: who has no room for all moves it, by keys too."""
    used(cast.key, a=(200, 2))
    before = page(alice, LAST_TEN).partition(' id="numbers"')[0]
    assert (
        before[before.rindex("<div") :].partition(">")[0].startswith('<div class="tbl-scroll" tabindex="0"')
    )
