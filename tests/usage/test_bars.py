"""Days and weeks are drawn in one way: what is unknown is no zero, what is known in part is paler."""

from usage.bars import Bar, Bars
from usage.claims import UNKNOWN, at_least, known


def drawn(*bars: Bar) -> dict[str, str]:
    return dict(Bars(bars, 100, 20).paths)


def test_each_kind_is_a_path_of_its_own() -> None:
    paths = drawn(
        Bar(known(5)), Bar(at_least(5, 1)), Bar(UNKNOWN), Bar(known(9), 9), Bar(known(1), is_now=True)
    )
    assert list(paths) == ["bar-ok", "bar-least", "bar-none", "bar-over", "bar-today"]
    # A stroke on the ground.
    assert paths["bar-none"] == "M40.0 19h15.2V20h-15.2z"


def test_zero_is_no_bar_and_the_largest_fills_the_picture() -> None:
    assert drawn(Bar(known(0)), Bar(known(8))) == {"bar-ok": "M50.0 1.5h38.0V20h-38.0z"}


def test_the_line_of_a_limit_breaks_where_there_was_none_and_is_left_out_where_it_is_far() -> None:
    bars = [Bar(known(10), limit) for limit in (20, 20, None, 40, 1_000)]
    assert Bars(bars, 100, 20).limit_line == "M0.0 10.8H20.0H40.0M60.0 1.5H80.0"
