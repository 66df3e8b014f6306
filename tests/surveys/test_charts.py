"""Geometry of the charts."""

import pytest

from surveys.charts import LABEL_MARGIN, LEFT, RIGHT, WIDTH, dumbbell, interval, number, reach_of, signed


@pytest.mark.parametrize(
    ("value", "plain", "with_sign"),
    [(1.25, "1.3", "+1.3"), (-1.25, "−1.3", "−1.3"), (0.0, "0.0", "0.0"), (-0.01, "0.0", "0.0"), (0.04, "0.0", "0.0")],
)
def test_numbers_are_rounded_half_up_with_a_real_minus(value: float, plain: str, with_sign: str) -> None:
    assert (number(value), signed(value)) == (plain, with_sign)


def test_the_ends_of_the_scale_are_the_ends_of_the_axis_and_labels_stay_inside() -> None:
    chart = dumbbell("Scale", 1, 5, 1, 5)
    assert (chart.before.x, chart.after.x) == (LEFT, RIGHT)
    assert (chart.before.label_x, chart.after.label_x) == (LABEL_MARGIN, WIDTH - LABEL_MARGIN)
    assert [tick.label for tick in chart.ticks] == ["1", "2", "3", "4", "5"]


def test_a_missing_score_has_no_mark() -> None:
    assert dumbbell("Scale", 1, 5, None, 3).before is None


def test_a_sum_of_ten_items_has_few_ticks() -> None:
    assert [tick.label for tick in dumbbell("Scale", 10, 40, None, None).ticks] == [
        "10",
        "15",
        "20",
        "25",
        "30",
        "35",
        "40",
    ]


def test_intervals_of_one_page_share_an_axis_that_holds_them_all() -> None:
    assert [reach_of(values) for values in ([], [0.2, -0.4], [0.9, 1.5], [-2.1, 0.0])] == [1.0, 1.0, 2.0, 3.0]
    short, long = interval("A", 0.4, 0.1, 0.7, 2.0), interval("B", 1.2, 0.9, 1.5, 2.0)
    assert [tick.label for tick in short.ticks] == [tick.label for tick in long.ticks] == ["−2", "−1", "0", "+1", "+2"]
    assert short.zero == WIDTH / 2
    assert short.low < short.estimate.x < short.high
    assert [tick.label for tick in interval("C", 0, 0, 0, 1.0).ticks] == ["−1.0", "−0.5", "0.0", "+0.5", "+1.0"]
