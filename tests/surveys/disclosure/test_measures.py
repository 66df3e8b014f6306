"""What may be shown of a group, and what never."""

import dataclasses
import inspect
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surveys.disclosure import OUTSIDE, TEAM, Audience, Suppressed, half_up, nearest, release_change, release_count
from surveys.disclosure.measures import release_precision, release_reliability
from surveys.statistics import PostScores, PreScores, ThenScores, paired_change

SCALE = (1.0, 5.0)
VARIED = [(2.0, 3.0), (2.5, 2.5), (3.0, 4.5), (1.5, 2.0), (4.0, 3.5), (3.5, 4.0), (2.0, 4.0), (3.0, 3.5), (2.5, 3.0)]
TEN = [*VARIED, (1.0, 2.5)]


def change(pairs: list[tuple[float, float]], *, pre_only: Sequence[float] = (), **how: object) -> object:
    """The headline of people with both scores, and of some with the first alone."""
    pre = [first for first, _ in pairs] + [*pre_only]
    return release_change(_wave(PreScores, pre), _wave(PostScores, [second for _, second in pairs]), **how)


def _wave(kind: type, scores: list[float]) -> object:
    return kind({str(number): score for number, score in enumerate(scores)})


def test_the_start_seen_from_the_end_cannot_be_the_headline() -> None:
    people = {str(n): float(pre) for n, (pre, _) in enumerate(TEN)}
    post = _wave(PostScores, [second for _, second in TEN])
    assert release_change(PreScores(people), post, scale=SCALE, audience=TEAM).n_pairs == 10
    for other in (ThenScores(people), people, post):
        with pytest.raises(TypeError, match="takes PreScores and PostScores"):
            release_change(other, post, scale=SCALE, audience=TEAM)
    with pytest.raises(TypeError, match="not PreScores and ThenScores"):
        release_change(PreScores(people), ThenScores(people), scale=SCALE, audience=TEAM)


def test_the_type_checker_refuses_it_as_well(tmp_path: Path) -> None:
    calls = ("headline_pairs(PreScores(), PostScores())", "headline_pairs(ThenScores(), PostScores())")
    script = tmp_path / "sly.py"
    names = "PostScores, PreScores, ThenScores, headline_pairs"
    script.write_text(f"from surveys.statistics.waves import {names}\n" + "\n".join(calls))
    waves = Path(inspect.getfile(PreScores))
    how = ["--follow-imports=skip", "--strict", "--config-file=", f"--cache-dir={tmp_path}", waves, script]
    run = subprocess.run([sys.executable, "-m", "mypy", *how], capture_output=True, text=True, cwd=waves.parents[2])
    assert "sly.py:3" in run.stdout
    assert "sly.py:2" not in run.stdout
    assert run.stdout.count("error:") == 1, run.stdout


@pytest.mark.parametrize(("audience", "k"), [(TEAM, 5), (OUTSIDE, 8)])
def test_one_person_fewer_than_the_threshold_shows_nothing(audience: Audience, k: int) -> None:
    assert change(VARIED[: k - 1], scale=SCALE, audience=audience) == Suppressed()
    assert change(VARIED[:k], scale=SCALE, audience=audience).n_pairs == nearest(k, audience.step)


def test_no_setting_goes_below_the_floor() -> None:
    with pytest.raises(ValueError, match="below 5"):
        TEAM.with_threshold(4)


def test_tests_and_effect_sizes_from_ten_pairs_on() -> None:
    nine, ten = (change(pairs, scale=SCALE, audience=TEAM) for pairs in (VARIED, TEN))
    assert nine.p is nine.g_z is nine.g_z_low is nine.d_av is None
    assert None not in (ten.p, ten.g_z, ten.g_z_low, ten.g_z_high, ten.d_av)
    assert nine.mean_diff == half_up(paired_change(*zip(*VARIED, strict=True)).mean_diff, 2)


@pytest.mark.parametrize(
    "pairs",
    [
        [(3.0, 2.0 + i / 10) for i in range(6)],  # all answered alike before
        [(2.0 + i / 10, 3.0) for i in range(6)],  # all answered alike after
        [(2.0 + i / 10, 3.0 + i / 10) for i in range(6)],  # all changed alike
        [(2.0 + i / 10, 5.0) for i in range(6)],  # all at the top
        [(2.0 + i / 10, 4.996 - i / 1000) for i in range(6)],  # all at the top as it is printed
    ],
)
def test_unanimous_answers_are_not_shown(pairs: list[tuple[float, float]]) -> None:
    assert change(pairs, scale=SCALE, audience=TEAM) == Suppressed()


def test_whatever_the_reason_the_marker_is_the_same() -> None:
    few = change(VARIED[:1], scale=SCALE, audience=TEAM)
    none = change([], scale=SCALE, audience=TEAM)
    alike = change([(3.0, 4.0)] * 9, scale=SCALE, audience=TEAM)
    assert few == none == alike


def test_one_person_without_a_second_answer_is_not_pointed_at() -> None:
    one = change(TEN, pre_only=[1.0], scale=SCALE, audience=TEAM)
    five = change(TEN, pre_only=[1.0, 2.0, 3.0, 4.0, 5.0], scale=SCALE, audience=TEAM)
    assert (one.n_pre, one.no_change_diff) == (10, None)
    assert five.n_pre == 15
    assert five.no_change_diff == half_up(paired_change(*zip(*TEN, strict=True)).mean_diff * 10 / 15, 2)


def test_the_sensitivity_row_of_the_standard() -> None:
    # 30 before, 26 of them after with a mean change of −9.8462 (E-09); four missing are fewer than five: not shown
    pairs = [(70.0 + i, 70.0 + i - (10 if i % 2 else 9)) for i in range(26)]
    assert change(pairs, pre_only=[71.0] * 4, scale=(0, 200), audience=TEAM).no_change_diff is None


@pytest.mark.parametrize(
    ("n", "of", "shown", "percent"),
    [(0, 20, True, 0), (1, 20, False, 0), (4, 20, False, 0), (5, 20, True, 25), (5, 4, True, None)],
)
def test_counts(n: int, of: int, shown: bool, percent: int | None) -> None:
    got = release_count(n, of, TEAM)
    assert isinstance(got, Suppressed) is not shown
    if shown:
        assert (got.n, got.percent) == (n, percent)


def test_outside_the_team_numbers_are_fives_and_shares_follow_from_them() -> None:
    assert [nearest(n, 5) for n in (0, 2, 3, 7, 8, 12, 13)] == [0, 0, 5, 5, 10, 10, 15]
    figure = release_count(13, 27, OUTSIDE)
    assert (figure.n, figure.percent) == (15, 60)
    assert release_count(13, 19, OUTSIDE).percent is None
    assert release_count(7, 27, OUTSIDE) == Suppressed()


def test_rounding_takes_halves_up_and_is_the_same_every_time() -> None:
    assert [half_up(x, 0) for x in (0.5, 1.5, 2.5, -2.5)] == [1, 2, 3, -3]
    assert half_up(1.005, 2) == 1.01
    assert str(half_up(-0.001, 2)) == "0.0"


def test_reliability_needs_ten_complete_rows() -> None:
    rows = [[i % 5 + 1, (i + 1) % 5 + 1, i % 4 + 1] for i in range(10)]
    assert release_reliability(rows, TEAM) is not None
    assert release_reliability([*rows[:9], [None, 1, 2]], TEAM) is None
    assert release_reliability([[3, 3, 3]] * 12, TEAM) is None


def test_a_groups_precision_needs_thirty_people() -> None:
    rows = [[i % 5 + 1, i % 5 + 1, (i + i % 2) % 5 + 1] for i in range(30)]
    assert isinstance(release_precision(rows[:29]), Suppressed)
    assert release_precision(rows).n == 30


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(4, 20), st.integers(4, 20)), min_size=5, max_size=25), st.data())
def test_figures_do_not_depend_on_the_order_of_people(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    scores = [(pre / 4, post / 4) for pre, post in pairs]
    shuffled = data.draw(st.permutations(scores))
    one = change(scores, scale=SCALE, audience=TEAM)
    assume(not isinstance(one, Suppressed))
    other = change(shuffled, scale=SCALE, audience=TEAM)
    for name, value in dataclasses.asdict(one).items():
        assert getattr(other, name) == pytest.approx(value, abs=0.011), name
