"""XLSX of a question: made by a worker while a page says how far it is, and handed to who asked for it."""

import io
import re
import zipfile
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from common.jobs import worker
from common.models import Job
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PART, PERIOD
from tests.usage.exports.reading import csv_rows
from tests.usage.exports.spreadsheet import MAIN, cells_of, sheet_rows
from tests.usage.polled import make_meter, poll
from usage.books import retention
from usage.exports import making, parts, workbook
from usage.models import Export, Meter

pytestmark = pytest.mark.usefixtures("noon")

SECOND, QUARTER = timedelta(seconds=1), timedelta(minutes=15)
TODAY = "period=today&step=15min"


@pytest.fixture
def vera(cast: Cast) -> Client:
    """Who may look, with a key that is called like a formula and one like an address."""
    for name in ("=1+1", "http://127.0.0.1/x"):
        meter = make_meter(make_key(cast.team, cast.alice, name), NOON)
        for place, tokens in enumerate((1_000, 1_000, 1_600)):
            poll(meter, NOON - SECOND - (2 - place) * QUARTER, {"rax-4.0": (tokens, 10)}, *PERIOD)
    return cast.client("vera")


def asked(client: Client, query: str = TODAY) -> str:
    """The address of the page of a file that is to be made."""
    response = client.post(f"/t/acme/usage/export/new/?{query}")
    assert response.status_code == 302
    return response["Location"]


def made(client: Client, query: str = TODAY) -> bytes:
    place = asked(client, query)
    worker.work()
    response = client.get(f"{place}file/")
    assert response.status_code == 200
    return response.content


def test_nothing_at_all_is_a_file_too(vera: Client) -> None:
    nothing = f"{TODAY}&filter.owner=none"
    said = vera.get(f"/t/acme/usage/export/?{nothing}").content.decode()
    assert "0 rows" in said
    assert "part=1" in said
    assert sheet_rows(made(vera, nothing)) == []


def test_the_page_says_how_far_it_is_and_then_where_it_can_be_taken(vera: Client) -> None:
    place = asked(vera)
    assert "Waiting for its turn" in vera.get(place).content.decode()
    assert vera.get(f"{place}file/").status_code == 404
    worker.work()
    html = vera.get(place, headers=PART).content.decode()
    assert f'href="{place}file/"' in html
    assert "usage-acme-2026-11-23-2026-11-23.xlsx" in html
    assert "usage-acme-2026-11-23" in vera.get("/t/acme/usage/export/made/").content.decode()
    response = vera.get(f"{place}file/")
    assert response["Content-Disposition"].endswith('"usage-acme-2026-11-23-2026-11-23.xlsx"')


def test_it_has_the_rows_of_csv_as_dates_and_numbers(vera: Client) -> None:
    rows, told = sheet_rows(made(vera, f"{TODAY}&by=key")), csv_rows(vera, f"{TODAY}&by=key")
    assert len(rows) == len(told) > 50
    for row, line in zip(rows, told, strict=True):
        start = datetime.fromisoformat(line["start"])
        assert (row["start"], row["offset"]) == (start.replace(tzinfo=None), "+00:00")
        assert row["amount"] == (int(line["amount"]) if line["amount"] else "")
        assert row["quality"] == line["quality"]
        assert row["key"] == line["key"].removeprefix("'")


def test_no_text_becomes_a_formula_or_a_link(vera: Client) -> None:
    content = made(vera, f"{TODAY}&by=key")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = {
            name: book.read(name).decode() for name in book.namelist() if name.endswith((".xml", ".rels"))
        }
    sheets = [text for name, text in texts.items() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in text or "hyperlink" in text.lower() for text in sheets)
    assert not any("127.0.0.1" in text for name, text in texts.items() if name.endswith(".rels"))
    assert {"=1+1", "http://127.0.0.1/x"} == {row["key"] for row in sheet_rows(content)}


def test_it_fits_on_paper_and_folds_what_is_for_programs(vera: Client) -> None:
    with zipfile.ZipFile(io.BytesIO(made(vera, f"{TODAY}&by=key"))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        names = book.read("xl/workbook.xml").decode()
    paper = next(sheet.iter(f"{MAIN}pageSetup")).attrib
    assert (paper["paperSize"], paper["orientation"], paper["fitToHeight"]) == ("9", "landscape", "0")
    assert "Print_Titles" in names
    (folded,) = [each for each in sheet.iter(f"{MAIN}col") if each.get("hidden")]
    assert (folded.get("min"), folded.get("outlineLevel")) == ("5", "1")


def test_a_second_sheet_says_what_the_rows_are_of(vera: Client) -> None:
    about = {row[0]: row[1] for row in cells_of(made(vera, "period=nonsense&by=key"), 2)}
    assert about["question"].startswith("by=key")
    assert (about["measure"], about["by"], about["zone"], about["part"]) == ("tokens", "key", "UTC", "1 of 1")
    assert "no period" in about["note"]


def test_numbers_that_a_cell_would_round_are_text(cast: Cast, vera: Client) -> None:
    meter = make_meter(make_key(cast.team, cast.alice, "Large"), NOON)
    for place, tokens in enumerate((0, 2**53 - 1)):
        poll(meter, NOON - SECOND - (1 - place) * QUARTER, {"rax-4.0": (tokens, 10)}, *PERIOD)
    rows = [row for row in sheet_rows(made(vera, f"{TODAY}&by=key")) if row["key"] == "Large"]
    told = [row["amount"] for row in rows if row["amount"]]
    assert any(isinstance(amount, str) for amount in told)
    assert sum(map(int, told)) == 2**53 - 1


def test_more_rows_are_told_in_parts(vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sheet_rows(made(vera))
    monkeypatch.setattr(parts, "MOST_ROWS", 20)
    assert sheet_rows(made(vera, f"{TODAY}&part=2")) == whole[20:40]


def test_it_says_how_many_rows_are_written_while_it_goes_on(
    vera: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "EVERY", 10)
    monkeypatch.setattr(parts, "AT_ONCE", 10)
    place, seen = asked(vera), []
    write = workbook.Sheet._write

    def looked(self: Any, row: int, record: Any) -> None:
        seen.append(vera.get(place).content.decode() if row == 25 else "")
        write(self, row, record)

    monkeypatch.setattr(workbook.Sheet, "_write", looked)
    worker.work()
    (page,) = filter(None, seen)
    assert re.search(r"20 of \d\d", page)
    assert "<progress" in page


def test_it_can_be_cancelled_while_it_is_made(vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "EVERY", 10)
    monkeypatch.setattr(parts, "AT_ONCE", 10)
    place, rows = asked(vera), []
    write = workbook.Sheet._write

    def cancelled(self: Any, row: int, record: Any) -> None:
        rows.append(row)
        if row == 15:
            vera.post(f"{place}cancel/")
        write(self, row, record)

    monkeypatch.setattr(workbook.Sheet, "_write", cancelled)
    assert ">Cancel<" in vera.get(place).content.decode()
    worker.work()
    assert rows[-1] == 20
    assert not Export.objects.exists()
    assert Job.objects.get().state == Job.Status.CANCELLED


def test_nobody_else_cancels_it(cast: Cast, vera: Client) -> None:
    place = asked(vera)
    for name in ("alice", "charlie"):
        assert cast.client(name).post(f"{place}cancel/").status_code == 404
    assert Job.objects.get().is_active


def test_a_worker_that_dies_leaves_it_to_the_next_one(vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    place = asked(vera)

    def dies(*of: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(workbook, "write", dies)
        with pytest.raises(KeyboardInterrupt):
            worker.work()
    Job.objects.update(lease_until=None)
    worker.work()
    assert vera.get(f"{place}file/").status_code == 200


def test_what_cannot_be_made_says_why(cast: Cast, vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"model-{number}": (10, 1) for number in range(60)}
    poll(make_meter(make_key(cast.team, cast.alice, "Many"), NOON), NOON - SECOND, many, *PERIOD)
    monkeypatch.setattr("usage.exports.records.MOST_CELLS", 100)
    place = asked(vera)
    worker.work()
    html = unescape(vera.get(place).content.decode())
    assert "choose a longer step, fewer days, or a filter" in html
    assert re.search(r'action="/t/acme/usage/export/new/\?[^"]*part=1"', html)


def test_a_file_is_its_makers_alone_and_for_a_day(
    cast: Cast, vera: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = asked(vera)
    worker.work()
    for name in ("alice", "bob", "charlie"):
        for address in (place, f"{place}file/"):
            assert cast.client(name).get(address).status_code == 404
    assert "usage-acme" not in cast.client("alice").get("/t/acme/usage/export/made/").content.decode()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(days=1, seconds=1))
    assert vera.get(f"{place}file/").status_code == 404


def test_one_that_failed_is_forgotten_with_its_work(vera: Client) -> None:
    asked(vera)
    Meter.objects.all().delete()
    worker.work()
    assert Job.objects.get().has_failed
    retention.run(NOON + timedelta(hours=23))
    assert Job.objects.exists()
    retention.run(NOON + timedelta(days=1))
    assert not Export.objects.exists()
    assert not Job.objects.exists()


def test_of_one_s_files_the_newest_are_kept(
    cast: Cast, vera: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_KEPT", 2)
    bobs = asked(cast.client("bob"))
    places = []
    for _ in range(3):
        places.append(asked(vera))
        worker.work()
    assert [vera.get(f"{place}file/").status_code for place in places] == [404, 200, 200]
    assert cast.client("bob").get(f"{bobs}file/").status_code == 200


def test_a_team_waits_for_a_few_at_once(vera: Client) -> None:
    for _ in range(making.MOST_UNFINISHED):
        asked(vera)
    response = vera.post(f"/t/acme/usage/export/new/?{TODAY}", follow=True)
    assert making.FULL in unescape(response.content.decode())
    assert Export.objects.count() == making.MOST_UNFINISHED


def test_of_a_team_without_numbers_no_file_is_made(vera: Client) -> None:
    place = asked(vera)
    Meter.objects.all().delete()
    worker.work()
    assert making.GONE in unescape(vera.get(place).content.decode())
