"""The small line of a trend."""

from usage.explore.figure.spark import HEIGHT, spark_path


def test_it_has_a_gap_where_nobody_saw() -> None:
    assert spark_path([0, 10, None, 10, 0]).count("M") == 2


def test_one_amount_is_no_line() -> None:
    assert spark_path([5]) == spark_path([None, 5, None]) == spark_path([]) == ""


def test_a_negative_amount_lies_below_zero_and_within_the_picture() -> None:
    heights = [float(point.split()[1]) for point in spark_path([-10, 0, 10]).replace("M", "L").split("L")[1:]]
    assert heights == sorted(heights, reverse=True)
    assert 0 <= min(heights) < max(heights) <= HEIGHT


def test_many_amounts_are_joined_to_as_many_points_as_can_be_told_apart() -> None:
    path = spark_path([10**15] * 400)
    assert 50 < path.count("L") < 60
    assert len({point.split()[1] for point in path.replace("M", "L").split("L")[1:]}) == 1
