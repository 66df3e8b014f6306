"""Published and recomputed figures of well-known data sets, to 1e-6."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from scipy import stats

from surveys.statistics import (
    clustering,
    completers_against_others,
    had_nobody_else_changed,
    holm,
    meaningful_difference,
    paired_change,
    reliability,
    signed_rank,
)

ORACLES = json.loads((Path(__file__).parents[2] / "oracles" / "oracles.json").read_text())
CLOSE = {"abs": 1e-6}


@pytest.mark.parametrize("name", ["sleep", "anorexia_ft"])
def test_paired_change_agrees(name: str) -> None:
    data, wanted = ORACLES[name], ORACLES[name]["computed"]
    got = paired_change(data["pre"], data["post"])
    assert got.n_pairs == wanted["n"]
    pairs = {
        "mean_diff": "mean_diff", "sd_diff": "sd_diff", "t": "t", "p": "p", "r": "r", "d_z": "dz",
        "hedges_j": "J_exact",
        "g_z": "gz", "d_av": "dav_rms", "d_rm": "drm",
    }  # fmt: skip
    for ours, theirs in pairs.items():
        assert getattr(got, ours) == pytest.approx(wanted[theirs], **CLOSE), ours
    assert [got.ci_low, got.ci_high] == pytest.approx(wanted["ci"], **CLOSE)
    assert [got.d_z_low, got.d_z_high] == pytest.approx(wanted["dz_ci"], **CLOSE)


@pytest.mark.parametrize("name", ["sleep", "anorexia_ft"])
def test_a_fall_is_the_mirror_of_a_rise(name: str) -> None:
    data = ORACLES[name]
    up, down = paired_change(data["pre"], data["post"]), paired_change(data["post"], data["pre"])
    assert (down.d_z_low, down.d_z_high) == pytest.approx((-up.d_z_high, -up.d_z_low))
    assert down.p == pytest.approx(up.p)


@pytest.mark.parametrize(
    ("name", "method", "key"), [("sleep", "normal_cc", "p_normal_cc"), ("anorexia_ft", "exact", "p_exact")]
)
def test_signed_ranks_agree(name: str, method: str, key: str) -> None:
    data, wanted = ORACLES[name], ORACLES[name]["computed"]
    got = signed_rank(data["pre"], data["post"])
    assert got.wilcoxon_method == method
    assert got.wilcoxon_p == pytest.approx(wanted[key], **CLOSE)
    assert (got.w_plus, got.w_minus) == (wanted["W_plus"], wanted["W_minus"])
    assert got.rank_biserial == pytest.approx(wanted["rank_biserial"], **CLOSE)


def test_alpha_agrees() -> None:
    data, wanted = ORACLES["attitude_alpha"], ORACLES["attitude_alpha"]["computed"]
    got = reliability(data["items"])
    assert got.alpha == pytest.approx(wanted["alpha"], **CLOSE)
    assert got.alpha_std == pytest.approx(wanted["alpha_std"], **CLOSE)
    assert got.mean_r == pytest.approx(wanted["mean_r"], **CLOSE)
    assert [got.alpha_low, got.alpha_high] == pytest.approx(wanted["feldt95"], **CLOSE)
    assert got.alpha_if_dropped == pytest.approx(wanted["alpha_if_dropped"], **CLOSE)


def test_holm_agrees() -> None:
    data = ORACLES["bh1995"]
    adjusted = holm(data["p"])
    assert adjusted == pytest.approx(data["computed"]["holm_adjusted"], abs=1e-4)
    assert sum(p <= 0.05 for p in adjusted) == data["computed"]["holm"]


def test_the_worked_example_of_reliable_change() -> None:
    # Jacobson & Truax 1991: SD 7.5, r .80, S_diff 4.74, RC 3.16 for 32.5 → 47.5
    threshold = meaningful_difference(0.80, 7.5)
    assert threshold / 1.96 == pytest.approx(4.7434, abs=1e-4)
    assert (47.5 - 32.5) / (threshold / 1.96) == pytest.approx(3.1623, abs=1e-4)


def test_completers_against_others_and_the_sensitivity_row_of_the_standard() -> None:
    # E-09: 30 before, 26 of them after; 69.1538 (SD 6.1021) against 71.75 (4.5); −9.8462 · 26/30 = −8.5333
    completers = [69.0] * 12 + [63.0] * 7 + [75.0, 76.0, 77.0, 78.0, 75.0, 76.0, 72.0]
    others = [67.25, 67.25, 76.25, 76.25]
    found = completers_against_others(completers, others)
    assert (found.n_completers, found.n_others, found.mean_others) == (26, 4, 71.75)
    wanted = (found.mean_completers - 71.75) / ((found.sd_completers**2 + found.sd_others**2) / 2) ** 0.5
    assert found.standardised == pytest.approx(wanted)
    assert had_nobody_else_changed(-9.846153846, 26, 30) == pytest.approx(-8.5333, abs=1e-4)


def test_clustering_by_hand() -> None:
    # Two clusters {1, 2, 3} and {5, 7}: mean 3.6; residual sums −4.8 and 4.8.
    found = clustering([1, 2, 3, 5, 7], ["a", "a", "a", "b", "b"])
    # MSB = 4.8²/3 + 4.8²/2 = 19.2; MSW = (23.2 − 19.2)/3; n₀ = 5 − 13/5 = 2.4
    assert found.icc == pytest.approx((19.2 - 4 / 3) / (19.2 + 1.4 * 4 / 3))
    half = 12.706204736 * (2 * 2 * 4.8**2 / 25) ** 0.5
    assert (found.ci_low, found.ci_high) == pytest.approx((3.6 - half, 3.6 + half))
    # With everybody a cluster of their own it is the plain variance of a mean.
    alone = clustering([1, 2, 3, 5, 7], range(5))
    plain = paired_change([0] * 5, [1, 2, 3, 5, 7])
    assert (alone.ci_low, alone.ci_high) == pytest.approx((plain.ci_low, plain.ci_high))
    assert alone.icc is None


def test_an_interval_over_clusters_is_the_textbooks_whatever_their_sizes() -> None:
    values = ORACLES["anorexia_ft"]["post"]
    clusters = [n * n % 7 for n in range(len(values))]  # of one to six people
    # Liang & Zeger 1986 with CR1, step by step; statsmodels works the product's own out.
    mean, n, names = sum(values) / len(values), len(values), set(clusters)
    sums = [sum(v - mean for v, c in zip(values, clusters, strict=True) if c == name) for name in names]
    error = (len(names) / (len(names) - 1) * sum(one**2 for one in sums)) ** 0.5 / n
    half = float(stats.t.ppf(0.975, len(names) - 1)) * error
    found = clustering(values, clusters)
    assert (found.ci_low, found.ci_high) == pytest.approx((mean - half, mean + half), abs=1e-9)


def test_what_is_large_is_loaded_only_where_a_figure_needs_it() -> None:
    """A web process that releases nothing goes without statsmodels: 40 MB, a quarter of a second."""
    loaded = "import sys, surveys.disclosure; print('statsmodels' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", loaded], cwd=Path(__file__).parents[3], capture_output=True, text=True)
    assert run.stdout == "False\n", run.stderr
