"""What rows of money say where some model has no price, or was not used at one of two times."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.usage.explore.costing import DAY, FIRST, use
from tests.usage.explore.reading import headline, page_by_value
from tests.usage.explore.test_tables import listed
from tests.usage.prices.priced import make_price
from usage.models import Meter

pytestmark = pytest.mark.usefixtures("noon")

MILLION = 1_000_000
TWO_DAYS = f"?start={FIRST + DAY}&end={FIRST + DAY}&compare=previous"


@pytest.mark.parametrize("measure", ["tokens", "cost"])
def test_others_are_as_sure_as_the_total_where_a_model_has_no_price(
    cast: Cast, meter: Meter, alice: Client, measure: str
) -> None:
    """What has no price is named beside the total, and in no sum of money."""
    models = [f"m{number:02}" for number in range(12)]
    use(meter, {FIRST: {model: (12 - place) * MILLION for place, model in enumerate(models)}})
    for model in models[:-1]:
        make_price(cast.team, model, FIRST, "1")
    html = page_by_value(alice, f"?start={FIRST}&end={FIRST}&measure={measure}")
    rows = {row[0]: row for row in listed(html)}
    assert headline(html, "cost") == "≈ 77.00 USD"
    assert "9.00" in rows["Other models (4)"]
    assert "77.00" in rows["Total"]


@pytest.mark.parametrize("measure", ["tokens", "cost"])
def test_a_priced_model_that_was_not_used_cost_nothing(
    cast: Cast, meter: Meter, alice: Client, measure: str
) -> None:
    """It is new or gone, as its tokens are; what has no price costs what nobody knows, then as now."""
    used = {"before": (3, 0), "now": (0, 2), "free": (1, 1)}
    use(
        meter,
        {FIRST + DAY * day: {model: told[day] * MILLION for model, told in used.items()} for day in (0, 1)},
    )
    make_price(cast.team, "before", FIRST, "1")
    make_price(cast.team, "now", FIRST, "1")
    rows = {row[0]: row for row in listed(page_by_value(alice, f"{TWO_DAYS}&measure={measure}"))}
    changes = {
        name: next((cell for cell in row if cell in {"new", "gone"}), "") for name, row in rows.items()
    }
    assert changes == {"before": "gone", "now": "new", "free": "", "Total": ""}
    assert "0.00" in rows["before"]
    assert "2.00" in rows["now"]
    assert "0.00" not in rows["free"]
