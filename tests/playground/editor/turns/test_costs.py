"""An answer says what it is estimated to have cost by the team's prices of its day, wherever it is shown."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from playground.editor.turns.costs import Costs
from playground.models import Run, RunState
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from usage.models import Price, PriceList

EVENING = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


@pytest.fixture
def answered(make_run: MakeRun) -> Run:
    return make_run(answer="Half.", prompt_tokens=200, completion_tokens=100, finished_at=EVENING)


def price(cast: Cast, day: date, whole: str, read: str | None = None, written: str | None = None) -> None:
    Price.objects.create(
        team=cast.team,
        model="rax-4.0",
        valid_from=day,
        per_million=Decimal(whole),
        input_per_million=read and Decimal(read),
        output_per_million=written and Decimal(written),
    )


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        (("1", None, None), "≈ 0.0003 USD"),
        (("1", "0.5", "2"), "≈ 0.0003 USD"),
        (("1", "10", "1000"), "≈ 0.10 USD"),
        (("5000", None, None), "≈ 1.50 USD"),
        (("0.000001", None, None), "≈ 0.0000000003 USD"),
        (("0", None, None), "≈ 0.00 USD"),
    ],
)
def test_input_and_output_are_priced_each(cast: Cast, answered: Run, prices: tuple, words: str) -> None:
    price(cast, date(2026, 1, 1), *prices)
    assert Costs(cast.team).words(answered) == words


def test_the_day_is_the_team_s_on_which_it_ended(cast: Cast, answered: Run) -> None:
    price(cast, date(2026, 1, 1), "1")
    price(cast, date(2026, 3, 3), "10")
    PriceList.objects.create(team=cast.team, currency="JPY")
    assert Costs(cast.team).words(answered) == "≈ 0.0003 JPY"
    cast.team.time_zone = "Asia/Tokyo"
    assert Costs(cast.team).words(answered) == "≈ 0.003 JPY"


def test_nothing_is_said_of_what_has_no_price_or_was_not_sent(cast: Cast, make_run: MakeRun) -> None:
    ended = {"finished_at": EVENING, "prompt_tokens": 200, "completion_tokens": 100}
    live = make_run(state=RunState.RUNNING)
    stored = make_run(answer="Half.", stored_from=make_run().pk, **ended)
    unknown = make_run(answer="Half.", finished_at=EVENING)
    costs = Costs(cast.team)
    with CaptureQueriesContext(connection) as queries:
        assert [costs.words(run) for run in (live, stored, unknown)] == ["", "", ""]
    assert not queries.captured_queries
    price(cast, date(2026, 3, 3), "10")
    assert costs.words(make_run(answer="Half.", **ended)) == ""


def test_every_page_with_the_answer_says_it(cast: Cast, answered: Run, make_run: MakeRun) -> None:
    other = make_run(answer="A third.", prompt_tokens=20, completion_tokens=10, finished_at=EVENING)
    price(cast, date(2026, 1, 1), "1")
    bob = cast.client("bob")
    for address in (
        f"/t/acme/playground/?conversation={answered.conversation_id}",
        f"/t/acme/playground/runs/{answered.pk}/",
        f"/t/acme/playground/runs/compare/?run={answered.pk}&run={other.pk}",
    ):
        assert "≈ 0.0003 USD" in bob.get(address).text, address
