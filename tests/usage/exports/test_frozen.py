"""Files of frozen pages are what their link shows; saved views and own spend are questions like others."""

import csv
import io
import re
from collections import Counter
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from common.jobs import worker
from tests.cast import Cast
from tests.usage.explore.frozen_page import NOTHING, make_frozen
from tests.usage.explore.proven import told
from tests.usage.explore.reading import NOON, page
from tests.usage.exports.reading import answer, content, csv_rows
from tests.usage.exports.spreadsheet import cells_of, sheet_rows
from tests.usage.polled import at_once, make_meter, run
from usage.explore import frozen
from usage.exports.picture.words import of_frozen
from usage.models import FrozenReport, Meter

pytestmark = pytest.mark.usefixtures("noon")

HOUR = timedelta(hours=1)
QUESTION = "start=2026-11-22&end=2026-11-23&by=key,model&step=15min"


@pytest.fixture
def meter(cast: Cast) -> Meter:
    cast.key.name = "=1;+1"
    cast.key.save(update_fields=["name"])
    meter = make_meter(cast.key, NOON)
    with at_once():
        for hours in range(36):
            told(meter, NOON - (36 - hours) * HOUR, 1_000 + 100 * hours)
    return meter


def freeze(client: Client) -> str:
    (action,) = re.findall(r'class="freeze" method="post" action="([^"]*)"', page(client, f"?{QUESTION}"))
    return client.post(unescape(action))["Location"]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_frozen_page_is_the_file_that_its_question_was_then(
    cast: Cast, meter: Meter, alice: Client
) -> None:
    """Values are told by name alone, as its link shows them."""
    place, then = freeze(alice), csv_rows(alice, QUESTION)
    told(meter, NOON - 30.5 * HOUR, 1_590)
    assert csv_rows(alice, QUESTION) != then
    vera = cast.client("vera")
    kept = rows(vera.get(f"{place}export.csv").content.decode())
    assert kept == [{name: cell for name, cell in row.items() if not name.endswith("_id")} for row in then]
    assert {row["key"] for row in kept} == {"'=1;'+1"}
    told_json = vera.get(f"{place}export.json").json()
    assert [str(row["amount"]) for row in told_json["rows"] if row["amount"] is not None] == [
        row["amount"] for row in kept if row["amount"]
    ]
    assert (told_json["zone"], told_json["by"], told_json["unit"]) == ("UTC", ["key", "model"], "tokens")
    assert vera.get(f"{place}export.csv?bom=1").content.startswith(b"\xef\xbb\xbfstart")


def test_its_picture_shows_what_its_link_does_and_nothing_learned_since(
    cast: Cast, meter: Meter, alice: Client
) -> None:
    live = content(answer(alice, "svg", QUESTION)).decode()
    place = freeze(alice)
    told(meter, NOON - 30.5 * HOUR, 1_590)
    assert content(answer(alice, "svg", QUESTION)).decode() != live
    kept = cast.client("vera").get(f"{place}export.svg")
    assert (kept["Content-Type"], kept["Content-Disposition"][-5:]) == ("image/svg+xml", '.svg"')
    assert bars(kept.content.decode()) == bars(live)
    words = re.findall("<text[^>]*>([^<]*)", kept.content.decode())
    assert words[:2] == re.findall("<text[^>]*>([^<]*)", live)[:2]
    assert words[-1] == "Frozen 23 Nov 2026, 12:00"
    assert alice.get(f"{place}export.png").content.startswith(b"\x89PNG")


def made(client: Client, place: str) -> str:
    """The page of the workbook of a frozen page, which a worker makes."""
    response = client.post(f"{place}export/new/")
    worker.work()
    return str(response["Location"])


def test_its_workbook_is_its_csv_whatever_is_learned_before_it_is_made(
    cast: Cast, meter: Meter, alice: Client
) -> None:
    place, vera = freeze(alice), cast.client("vera")
    told(meter, NOON - 30.5 * HOUR, 1_590)
    page = made(vera, place)
    assert f'href="{place}"' in vera.get(page).content.decode()
    file = vera.get(f"{page}file/")
    pk = FrozenReport.objects.get().pk
    assert file["Content-Disposition"].endswith(f'"usage-acme-frozen-{pk}.xlsx"')
    lines, kept = sheet_rows(file.content), rows(vera.get(f"{place}export.csv").content.decode())
    assert [str(line["amount"]) for line in lines] == [row["amount"] for row in kept]
    assert [f"{line['start']:%FT%T}{line['offset']}" for line in lines] == [row["start"] for row in kept]
    assert {line["key"] for line in lines} == {"=1;+1"}
    about = dict(line[:2] for line in cells_of(file.content, 2))
    assert about["frozen_at"] == "2026-11-23T12:00:00+00:00"


def test_money_of_a_frozen_page_is_a_number_of_a_workbook(cast: Cast) -> None:
    sheet = NOTHING["sheet"] | {"measure": "cost", "unit": ["EUR", False]}
    sheet["lines"] = [[*line[:4], [["12.3450", "known", None]]] for line in sheet["lines"]]
    alice, kept = cast.client("alice"), make_frozen(cast.team, cast.bob, sheet=sheet)
    page = made(alice, f"/t/acme/usage/frozen/{kept.pk}/")
    (line,) = sheet_rows(alice.get(f"{page}file/").content)
    assert (line["amount"], line["unit"]) == (12.345, "EUR")


def test_one_that_is_removed_takes_its_workbooks_along(cast: Cast, meter: Meter, alice: Client) -> None:
    place = freeze(alice)
    page = made(alice, place)
    assert alice.get(page).status_code == 200
    alice.post(f"{place}remove/")
    assert alice.get(page).status_code == 404
    assert alice.post(f"{place}export/new/").status_code == 404


def bars(svg: str) -> list[str]:
    """The pieces of which bars and lines are drawn."""
    return re.findall(r'<path d="([^"]*)"', svg)


def test_only_what_has_a_sign_in_the_chart_has_a_number_below_it(meter: Meter, alice: Client) -> None:
    freeze(alice)
    kept = FrozenReport.objects.get()
    then = frozen.contents(kept)
    then["page"]["remarks"] = [[1, "The counter fell."], [None, "A poll was missed."]]
    assert of_frozen(kept, then).lines[:2] == ["(1) The counter fell.", "A poll was missed."]


def test_without_a_chart_there_is_no_picture(cast: Cast, alice: Client) -> None:
    kept = make_frozen(cast.team, cast.bob)
    assert alice.get(f"/t/acme/usage/frozen/{kept.pk}/export.csv").status_code == 200
    assert alice.get(f"/t/acme/usage/frozen/{kept.pk}/export.svg").status_code == 404


def test_the_link_has_its_files_and_no_others(cast: Cast, meter: Meter, alice: Client) -> None:
    place = freeze(alice)
    links = re.findall(rf'href="({place}export[^"]*)"', alice.get(place).content.decode())
    assert links == [f"{place}export.{kind}" for kind in ("csv", "csv?bom=1", "json", "svg", "png")]
    assert alice.get(f"{place}export.pdf").status_code == 404
    for kind in ("csv", "json", "svg", "png"):
        assert cast.client("charlie").get(f"{place}export.{kind}").status_code == 404


def test_pages_that_were_frozen_before_there_were_files_have_none(cast: Cast, alice: Client) -> None:
    kept = make_frozen(cast.team, cast.bob, sheet=None)
    assert "export.csv" not in alice.get(f"/t/acme/usage/frozen/{kept.pk}/").content.decode()
    assert alice.get(f"/t/acme/usage/frozen/{kept.pk}/export.csv").status_code == 404
    assert alice.post(f"/t/acme/usage/frozen/{kept.pk}/export/new/").status_code == 404
    assert FrozenReport.objects.count() == 1


def test_one_s_own_spend_is_exported_by_key_and_model(cast: Cast, meter: Meter) -> None:
    for user, tokens in ((cast.bob, 70), (cast.alice, 5)):
        run(cast.key, NOON - 20 * HOUR, tokens, member_id=user.pk, model="rax-4.0")
    bob = cast.client("bob")
    html = bob.get("/t/acme/usage/mine/?period=7d").content.decode()
    (address,) = re.findall(r'href="/t/acme/usage/export/\?([^"]*)">Export', html)
    used = Counter[str]()
    for row in csv_rows(bob, unescape(address)):
        used[row["model"]] += int(row["amount"] or 0)
    assert used == {"rax-4.0": 70}
    assert "period=7d" in address


def test_saved_views_are_exported_from_their_list(cast: Cast, meter: Meter, alice: Client) -> None:
    alice.post(f"/t/acme/usage/views/new/?{QUESTION}", {"name": "Mondays", "whose": "me"})
    html = alice.get("/t/acme/usage/views/").content.decode()
    (address,) = re.findall(r'href="(/t/acme/usage/export/\?[^"]*)">Export', html)
    files = alice.get(unescape(address)).content.decode()
    (link, *_) = re.findall(r'href="/t/acme/usage/export.csv\?([^"]*)"', files)
    assert csv_rows(alice, unescape(link)) == csv_rows(alice, QUESTION)
