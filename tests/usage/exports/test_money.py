"""What something cost, in files: to the coin, with its currency, and as an estimate where it is one."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.usage.explore.costing import DAYS, FIRST, LAST, MODELS, rounded, some, use
from tests.usage.explore.reading import NOON
from tests.usage.exports.reading import csv_rows, json_file
from tests.usage.exports.spreadsheet import sheet_rows
from tests.usage.polled import make_meter
from tests.usage.prices.priced import make_price
from usage.exports import workbook
from usage.exports.contents import of_records
from usage.exports.parts import Part
from usage.exports.records import records_of

pytestmark = pytest.mark.usefixtures("noon")

QUERY = f"start={FIRST}&end={LAST}&measure=cost&step=day"
# Euros a million tokens.
PRICES = {"rax-4.0": Decimal("2.5"), "rax-4.5": Decimal("0.1")}


@pytest.fixture
def used(cast: Cast) -> dict[str, int]:
    """Two models that are priced, and how many tokens each used in all."""
    told = some(7, 100_000)
    use(make_meter(cast.key, NOON), told)
    for model, price in PRICES.items():
        make_price(cast.team, model, price=str(price))
    return {model: sum(told[day][model] for day in DAYS) for model in MODELS}


def test_it_is_told_to_the_coin_and_as_an_estimate(cast: Cast, used: dict[str, int]) -> None:
    client = cast.client("vera")
    rows, told = csv_rows(client, QUERY), json_file(client, QUERY)
    assert {row["unit"] for row in rows} == {told["unit"]}
    currency, estimated = told["unit"].split(", ")
    assert (len(currency), estimated) == (3, "estimated")
    for model, tokens in used.items():
        mine = [row["amount"] for row in rows if row["model"] == model and row["amount"]]
        told_rows = [row for row in told["rows"] if row["model"]["name"] == model]
        assert mine == [row["amount"] for row in told_rows if row["amount"]]
        spent = list(map(Decimal, mine))
        assert all(amount == rounded(amount) for amount in spent)
        exact = PRICES[model] * tokens / 10**6
        assert abs(sum(spent) - exact) <= Decimal("0.01") * len(DAYS)
    assert sum(Decimal(row["amount"]) for row in rows if row["amount"]) == Decimal(told["total"]["amount"])


def test_a_workbook_has_it_as_numbers(cast: Cast, used: dict[str, int], tmp_path: Path) -> None:
    asked = {name: [value] for name, value in (part.split("=") for part in QUERY.split("&"))}
    found = records_of(cast.team, asked, NOON)
    workbook.write(of_records(found, Part.of(len(found), 1)), tmp_path / "cost.xlsx", lambda row: None)
    rows = sheet_rows((tmp_path / "cost.xlsx").read_bytes())
    told = csv_rows(cast.client("vera"), QUERY)
    assert [row["amount"] for row in rows] == [float(row["amount"]) if row["amount"] else "" for row in told]
