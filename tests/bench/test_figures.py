"""A figure knows its bound, and the command's exit code says which one is missed."""

import pytest

from bench.__main__ import verdict
from bench.figures import Bounds, Figure, table
from bench.scale import Scale

KEPT = Figure("chunks", 2.0, "ms", 1.0, "relay", bound=3.0, bounds=Bounds.RATIO)
MISSED = Figure("chunks", 3.5, "ms", 1.0, "relay", bound=3.0, bounds=Bounds.RATIO)


@pytest.mark.parametrize(
    ("figure", "kept"),
    [
        (KEPT, True),
        (MISSED, False),
        (Figure("start", 8.0, "s", bound=8.0), True),
        (Figure("start", 8.1, "s", bound=8.0), False),
        (Figure("rate", 999.0, bound=1000.0, at_least=True), False),
        (Figure("rate", 1000.0, bound=1000.0, at_least=True), True),
        (Figure("token", 51.0, "ms", 2.0, "direct", bound=50.0, bounds=Bounds.DIFFERENCE), True),
        (Figure("token", 53.0, "ms", 2.0, "direct", bound=50.0, bounds=Bounds.DIFFERENCE), False),
        (Figure("only told", 1e9), True),
    ],
)
def test_it_is_kept_up_to_its_bound(figure: Figure, kept: bool) -> None:
    assert figure.is_kept is kept


@pytest.mark.parametrize("bounds", [Bounds.RATIO, Bounds.DIFFERENCE])
@pytest.mark.parametrize("reference", [None, 0.0])
def test_it_refuses_a_bound_that_needs_a_reference(bounds: Bounds, reference: float | None) -> None:
    with pytest.raises(ValueError, match="reference"):
        Figure("chunks", 1.0, reference=reference, bound=3.0, bounds=bounds)


def test_a_missed_bound_is_named_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert verdict({"Streaming": [KEPT, MISSED]}, [], Scale()) == 1
    assert capsys.readouterr().err == "MISSED  Streaming: chunks, ≤ 3 ×\n"


def test_kept_bounds_succeed() -> None:
    assert verdict({"Streaming": [KEPT]}, [], Scale()) == 0


def test_a_quick_run_is_not_held_to_its_bounds() -> None:
    assert verdict({"Streaming": [MISSED]}, [], Scale(runs=1, quick=True)) == 0


def test_a_broken_benchmark_fails_even_a_quick_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert verdict({}, ["polling"], Scale(runs=1, quick=True)) == 1
    assert "polling" in capsys.readouterr().err


def test_the_table_shows_figure_reference_ratio_and_verdict() -> None:
    line = table({"Streaming": [MISSED]}).splitlines()[-1]
    assert line.split() == ["chunks", "3.50", "ms", "1", "relay", "3.50", "×", "≤", "3", "×", "MISSED"]
