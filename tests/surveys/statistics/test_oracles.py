"""Published and recomputed figures of well-known data sets, to 1e-6."""

import json
from pathlib import Path

import pytest

from surveys.statistics import holm, meaningful_difference, paired_change, reliability, signed_rank

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
