"""Page, CSV, JSON and XLSX of random questions say the same, which an independent computation says too."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.usage.explore import companies
from tests.usage.explore.companies import Company
from tests.usage.exports.asking import Question, drawn_question
from tests.usage.exports.spreadsheet import sheet_rows
from usage.exports import csv_text, json_text, workbook
from usage.exports.parts import Part
from usage.exports.records import Records, records_of

pytestmark = pytest.mark.django_db

type Sums = dict[tuple[str, ...], int]


def by_series(rows: Iterator[tuple[tuple[str, ...], Any]]) -> Sums:
    sums: Counter[tuple[str, ...]] = Counter()
    for series, amount in rows:
        sums[series] += int(amount) if amount not in ("", None) else 0
    return {series: amount for series, amount in sums.items() if amount}


def of_cells(rows: Iterable[Mapping[str, Any]], by: list[str]) -> Sums:
    return by_series((tuple(str(row[f"{one}_id"]) for one in by), row["amount"]) for row in rows)


def csv_sums(found: Records, part: Part, by: list[str]) -> Sums:
    text = "".join(csv_text.pieces(found, part, is_marked=False))
    return of_cells(list(csv.DictReader(io.StringIO(text, newline=""))), by)


def xlsx_sums(found: Records, part: Part, by: list[str], file: Path) -> Sums:
    workbook.write(found, part, file, lambda row: None)
    return of_cells(sheet_rows(file.read_bytes()), by)


def json_sums(found: Records, part: Part, by: list[str]) -> tuple[Sums, Any]:
    told = json.loads("".join(json_text.pieces(found, part)), parse_float=Decimal)
    rows = ((tuple(row[one]["id"] for one in by), row["amount"]) for row in told["rows"])
    return by_series(rows), told["total"]["amount"]


def assert_same(company: Company, question: Question, file: Path) -> None:
    found = records_of(company.team, question.parts, company.now)
    part, by = Part.of(len(found), 1), [str(one) for one in found.by]
    assert part.is_whole
    expected = {one: amount for one, amount in question.expected(company).sums.items() if amount}
    # What a spreadsheet would take for a formula is no id: these stand as they are, but for the guard.
    plain = {tuple(one.lstrip("'") for one in series): amount for series, amount in expected.items()}
    sums, total = json_sums(found, part, by)
    assert sums == expected
    guarded = csv_sums(found, part, by)
    assert {tuple(one.lstrip("'") for one in series): amount for series, amount in guarded.items()} == plain
    assert xlsx_sums(found, part, by, file) == expected
    page = question.page(company)
    assert total == page.totals[page.metric].drawn
    shown = page.sums.by_series[page.metric]
    assert {one: amount.certain for one, amount in shown.items() if amount.certain} == expected


def test_every_form_of_a_question_says_the_same(tmp_path: Path) -> None:
    for company in companies.found([741, 742]):
        for number in range(10):
            question = drawn_question(company, Random(f"forms {company.number} {number}"))
            try:
                assert_same(company, question, tmp_path / "usage.xlsx")
            except AssertionError as broken:
                raise AssertionError(f"company {company.number}, question {number}") from broken
