"""What a usage answer says of money, to the last digit."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax._json import read_exactly, read_json
from rax._values import read_money
from tests.rax.wire import USAGE, answer

DAY = {"date": "2024-01-02", "requests": 3, "tokens": 70}


def costing(spelled: str, **more) -> bytes:
    """A usage answer whose `total_cost` is spelled like this."""
    return json.dumps({**USAGE, **more, "total_cost": "COST"}).replace('"COST"', spelled).encode()


@pytest.mark.parametrize(
    ("spelled", "amount"),
    [
        ("0.1", "0.1"),
        ("12.50", "12.50"),
        ('"12.50"', "12.50"),
        ("3", "3"),
        ("1234567.123456789012345678", "1234567.123456789012345678"),
        ("1e-7", "0.0000001"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("-2.5", "-2.5"),
        ("1e-31", None),
        ('"NaN"', None),
        ('"1e9999"', None),
        ('"1e9999999"', None),
        ("1e-99999999999999999999", "0"),
        ("true", None),
        ("null", None),
        ("[]", None),
    ],
)
async def test_it_reads_money_to_the_last_digit(server, client, spelled, amount):
    server.answers = [answer(costing(spelled))]
    cost = (await client.usage()).cost
    assert cost == (amount and Decimal(amount))


async def test_it_reads_the_money_of_each_day(server, client):
    days = [{**DAY, "cost": "COST"}, DAY]
    body = json.dumps({**USAGE, "daily_breakdown": days}).replace('"COST"', "0.123456789012345678901")
    server.answers = [answer(body.encode())]
    usage = await client.usage()
    assert [day.cost for day in usage.daily] == [Decimal("0.123456789012345678901"), None]
    assert (usage.cost, usage.currency, usage.total_tokens) == (None, None, 150000)


@pytest.mark.parametrize(
    ("said", "currency"), [("USD", "USD"), ("", None), (7, ""), ("x" * 17, ""), ("\x00", ""), (None, None)]
)
async def test_it_reads_the_currency_where_it_is_told(server, client, said, currency):
    server.answers = [answer(costing("0.1", currency=said))]
    assert (await client.usage()).currency == currency


@given(st.decimals(-(10**12), 10**12, places=12))
def test_it_reads_any_amount_as_it_is_spelled(amount):
    assert read_money(read_exactly(f'{{"cost": {amount:f}}}'.encode())["cost"]) == amount


@given(st.dictionaries(st.text(), st.floats(-1e15, 1e15) | st.integers(-(2**63), 2**63 - 1) | st.text()))
def test_reading_exactly_changes_fractions_only(value):
    text = json.dumps(value).encode()
    exact = read_exactly(text)
    assert {name: float(item) if isinstance(item, Decimal) else item for name, item in exact.items()} == value
    assert exact.keys() == read_json(text).keys()
