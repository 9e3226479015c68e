"""Page, CSV, JSON and XLSX of random questions say the same, which an independent computation says too."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from usage.exports.contents import of_records
from usage.exports.parts import Part
from usage.exports.records import Records, records_of

pytestmark = pytest.mark.django_db

type Sums = dict[tuple[str, ...], int]


def by_series(rows: Iterable[tuple[tuple[str, ...], Any]]) -> Sums:
    sums: Counter[tuple[str, ...]] = Counter()
    for series, amount in rows:
        sums[series] += int(amount) if amount not in ("", None) else 0
    return {series: amount for series, amount in sums.items() if amount}


@dataclass(frozen=True)
class Told:
    """What a form tells: sums by series, those of the time that is compared, and each row's partner."""

    sums: Sums
    before: Sums
    partners: list[tuple[str, str, str]]


def of_cells(rows: Sequence[Mapping[str, Any]], by: list[str]) -> Told:
    ids = [tuple(str(row[f"{one}_id"]) for one in by) for row in rows]
    sums, before = (
        by_series(zip(ids, (row.get(name, "") for row in rows), strict=True))
        for name in ("amount", "compared_amount")
    )
    names = ("compared_start", "compared_amount", "compared_quality")
    start, *others = [[row.get(name, "") for row in rows] for name in names]
    return Told(
        sums, before, list(zip(map(minute, start), *(map(str, each) for each in others), strict=True))
    )


def minute(at: Any) -> str:
    """A local time without its offset, which the cells of a workbook do not know."""
    return f"{at:%Y-%m-%dT%H:%M}" if isinstance(at, datetime) else str(at or "")[:16]


def csv_told(found: Records, part: Part, by: list[str]) -> Told:
    text = "".join(csv_text.pieces(found, part, is_marked=False))
    return of_cells(list(csv.DictReader(io.StringIO(text, newline=""))), by)


def xlsx_told(found: Records, part: Part, by: list[str], file: Path) -> Told:
    workbook.write(of_records(found, part), file, lambda row: None)
    return of_cells(sheet_rows(file.read_bytes()), by)


def json_told(found: Records, part: Part, by: list[str]) -> tuple[Told, Any]:
    told = json.loads("".join(json_text.pieces(found, part)), parse_float=Decimal)
    rows = [
        {
            **{f"{one}_id": row[one]["id"] for one in by},
            "amount": row["amount"],
            **{f"compared_{name}": "" if value is None else value for name, value in other.items()},
        }
        for row in told["rows"]
        for other in [row.get("compared") or {}]
    ]
    return of_cells(rows, by), told


def without_rows(found: Records) -> Sums:
    """What no row is compared with: what lies in stretches, and in days that have no counterpart."""
    assert found.partners
    other = found.partners.compared
    alone = {*range(len(other.numbers.used))} - {*other.pairing.places}
    beside = [pair for block in other.numbers.blocks if not block.is_cut for pair in block.amounts.items()]
    beside += [(one, used[place]) for one, used in other.numbers.amounts.items() for place in alone]
    assert bool(found.partners.note) == any(amount for _, amount in beside) or other.numbers.blocks
    return by_series(beside)


def assert_same(company: Company, question: Question, file: Path) -> None:
    found = records_of(company.team, question.parts, company.now)
    part, by = Part.of(len(found), 1), [str(one) for one in found.by]
    assert part.is_whole
    expected = {one: amount for one, amount in question.expected(company).sums.items() if amount}
    # What a spreadsheet would take for a formula is no id: these stand as they are, but for the guard.
    plain = {tuple(one.lstrip("'") for one in series): amount for series, amount in expected.items()}
    as_json, told = json_told(found, part, by)
    assert as_json.sums == expected
    guarded = csv_told(found, part, by)
    sums = {tuple(one.lstrip("'") for one in series): amount for series, amount in guarded.sums.items()}
    assert sums == plain
    as_cells = xlsx_told(found, part, by, file)
    assert as_cells.sums == expected
    assert as_json.partners == as_cells.partners == guarded.partners
    page = question.page(company)
    assert told["total"]["amount"] == page.totals[page.metric].drawn
    assert_compared(company, question, found, as_json, told)
    shown = page.sums.by_series[page.metric]
    assert {one: amount.certain for one, amount in shown.items() if amount.certain} == expected


def assert_compared(
    company: Company, question: Question, found: Records, as_json: Told, told: Mapping[str, Any]
) -> None:
    """What rows are compared with is what was computed of that time, but for what lies in its stretches."""
    before, page = question.expected_before(company), question.page(company)
    assert (before is None) == (page.before is None) == (found.partners is None)
    if before is None or page.before is None:
        assert set(as_json.partners) <= {("", "", "")}
        return
    sums = Counter(as_json.before)
    sums.update(without_rows(found))
    assert {one: sum_ for one, sum_ in sums.items() if sum_} == {
        one: sum_ for one, sum_ in before.sums.items() if sum_
    }
    assert told["compared"]["total"]["amount"] == page.before.totals[page.metric].drawn


def test_every_form_of_a_question_says_the_same(tmp_path: Path) -> None:
    for company in companies.found([741, 742]):
        for number in range(10):
            question = drawn_question(company, Random(f"forms {company.number} {number}"))
            try:
                assert_same(company, question, tmp_path / "usage.xlsx")
            except AssertionError as broken:
                raise AssertionError(f"company {company.number}, question {number}") from broken
