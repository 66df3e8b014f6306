"""What must hold for any data, and what is not defined."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from surveys.statistics import meaningful_difference, paired_change, reliability, signed_rank, verdict
from surveys.statistics.change import Verdict
from surveys.statistics.paired import hedges_j

SCORE = st.integers(10, 50).map(lambda n: n / 10)
PAIRS = st.lists(st.tuples(SCORE, SCORE), min_size=3, max_size=40)


@settings(max_examples=60)
@given(PAIRS, st.integers(-5, 5))
def test_shifting_both_scores_changes_no_difference(pairs: list[tuple[float, float]], by: int) -> None:
    pre, post = zip(*pairs, strict=True)
    one = paired_change(pre, post)
    other = paired_change([x + by for x in pre], [y + by for y in post])
    assert other.mean_diff == pytest.approx(one.mean_diff, abs=1e-9)
    assert (one.d_z is None) == (other.d_z is None)


@settings(max_examples=60)
@given(PAIRS)
def test_the_interval_holds_the_estimate_and_agrees_with_p(pairs: list[tuple[float, float]]) -> None:
    pre, post = zip(*pairs, strict=True)
    got = paired_change(pre, post)
    assert got.ci_low <= got.mean_diff <= got.ci_high
    if got.p is None or got.d_z_low is None:
        return
    assert got.d_z_low <= got.d_z <= got.d_z_high
    assert (got.p < 0.05) == (got.ci_low > 0 or got.ci_high < 0)


@settings(max_examples=40)
@given(PAIRS, st.integers(-40, 40), st.booleans())
def test_scaling_changes_no_ratio_and_turning_round_only_signs(pairs: list, exponent: int, turned: bool) -> None:
    pre, post = zip(*pairs, strict=True)
    factor = (-1 if turned else 1) * 2.0**exponent
    one, other = paired_change(pre, post), paired_change([x * factor for x in pre], [y * factor for y in post])
    assert other.mean_diff == one.mean_diff * factor
    assert (other.p, other.r, other.sd_diff) == (one.p, one.r, one.sd_diff * abs(factor))
    for name in ("t", "d_z", "g_z", "d_av", "d_rm"):
        wanted = getattr(one, name)
        assert getattr(other, name) == (wanted if wanted is None or not turned else -wanted), name
    items = reliability({"a": pre, "b": post})
    assert reliability({"a": [x * factor for x in pre], "b": [y * factor for y in post]}).alpha == items.alpha


@pytest.mark.parametrize(("n", "method"), [(49, "exact"), (50, "normal_cc")])
def test_signed_ranks_are_exact_below_fifty_differences(n: int, method: str) -> None:
    post = [(-1 if i % 3 == 0 else 1) * (i + 1.0) for i in range(n)]
    got = signed_rank([0.0] * n, post)
    assert got.wilcoxon_method == method
    wanted = stats.wilcoxon(post, method="exact" if method == "exact" else "approx", correction=True)
    assert got.wilcoxon_p == pytest.approx(wanted.pvalue, rel=1e-9)


@settings(max_examples=40)
@given(PAIRS, st.randoms(use_true_random=False))
def test_order_does_not_matter(pairs: list[tuple[float, float]], random: object) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    one = signed_rank(*zip(*pairs, strict=True))
    other = signed_rank(*zip(*shuffled, strict=True))
    assert (one.w_plus, one.w_minus) == (other.w_plus, other.w_minus)


def test_noise_below_the_ninth_place_does_not_break_ties() -> None:
    pre, post = [1.0, 2.0, 3.0, 1.0], [2.0, 3.0, 4.0, 3.0]
    noisy = [value + 1e-12 * i for i, value in enumerate(post)]
    assert signed_rank(pre, noisy) == signed_rank(pre, post)


def test_exact_p_equals_scipys_where_scipy_is_exact() -> None:
    pre, post = np.zeros(12), np.array([1, -2, 3, 4, -5, 6, 7, 8, -9, 10, 11, 12.0])
    wanted = stats.wilcoxon(post - pre, mode="exact").pvalue
    assert signed_rank(pre, post).wilcoxon_p == pytest.approx(wanted, abs=1e-12)


def test_the_noncentral_interval_reproduces_its_tails() -> None:
    rng = np.random.default_rng(7)
    for n in (2, 3, 5, 10, 60, 400):
        pre = rng.normal(0, 1, n)
        got = paired_change(pre, pre + rng.normal(-0.8, 1, n))
        t, low, high = abs(got.t), *sorted(abs_mirror(got))
        assert stats.nct.cdf(t, n - 1, low * math.sqrt(n)) == pytest.approx(0.975, abs=1e-8)
        assert stats.nct.cdf(t, n - 1, high * math.sqrt(n)) == pytest.approx(0.025, abs=1e-8)


def abs_mirror(got: object) -> tuple[float, float]:
    sign = 1 if got.t >= 0 else -1
    return sign * got.d_z_low, sign * got.d_z_high


def test_what_is_not_defined_is_none_and_does_not_crash() -> None:
    everyone_up = paired_change([1.1, 2.1, 3.1], [2.1, 3.1, 4.1])
    assert everyone_up.sd_diff == 0
    assert everyone_up.t is everyone_up.p is everyone_up.d_z is everyone_up.g_z is None
    flat = paired_change([2, 2, 2], [2, 2, 2])
    assert flat.d_av is flat.r is None
    assert signed_rank([1, 2], [1, 2]).wilcoxon_p is None
    assert reliability({"a": [1, 1, 1], "b": [2, 2, 2]}).alpha is None
    assert reliability({"a": [1, 2, 3]}).alpha is None
    with pytest.raises(ValueError, match="two pairs"):
        paired_change([1], [2])


def test_alpha_may_be_negative() -> None:
    assert reliability({"a": [1, 2, 3, 4, 5], "b": [5, 4, 3, 2, 2]}).alpha < 0


def test_hedges_correction_is_close_to_its_well_known_approximation() -> None:
    for df in (5, 20, 200):
        assert hedges_j(df) == pytest.approx(1 - 3 / (4 * df - 1), abs=2e-3)


def test_a_change_equal_to_the_threshold_is_within_it() -> None:
    threshold = meaningful_difference(0.5, 1 / 1.96)
    assert threshold == pytest.approx(1)
    assert verdict(2.0, 3.0, 1.0) is Verdict.WITHIN
    assert verdict(2.0, 3.1, 1.0) is Verdict.HIGHER
    assert verdict(3.1, 2.0, 1.0) is Verdict.LOWER
