import pytest

from usage.explore.query.measures import Additivity, Format, Measure, tokens_a_request

TOLD = ["tokens", "requests", "cost", "cost:EUR"]


def test_there_are_three_measures_and_a_ratio_is_none() -> None:
    assert [measure.label for measure in Measure] == ["Tokens", "Requests", "Cost"]


def test_only_money_is_written_as_money() -> None:
    assert [measure for measure in Measure if measure.format == Format.MONEY] == [Measure.COST]


def test_a_told_cost_cannot_be_added_by_model() -> None:
    assert Measure.COST.additivity == Additivity.NOT_OVER_MODELS
    assert Measure.TOKENS.additivity == Additivity.EVERYWHERE


@pytest.mark.parametrize(
    ("measure", "metrics"),
    [
        (Measure.TOKENS, ["tokens"]),
        (Measure.REQUESTS, ["requests"]),
        (Measure.COST, ["cost", "cost:EUR"]),
    ],
)
def test_a_measure_knows_the_ledgers_metrics(measure: Measure, metrics: list[str]) -> None:
    assert measure.metrics(TOLD) == metrics


def test_tokens_a_request_says_nothing_where_there_were_none() -> None:
    assert tokens_a_request(1_000, 3) == 333
    assert tokens_a_request(1_000, 0) is None
    assert tokens_a_request(-10, 3) is None
