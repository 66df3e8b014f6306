"""`manage.py survey_statistics`: a file in, JSON out, no database; bad input is refused in one line with status 2."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from surveys.statistics import reliability
from tests.surveys.statistics.test_oracles import ORACLES

PAIRED = [
    "n_pairs", "mean_pre", "mean_post", "sd_pre", "sd_post", "mean_diff", "sd_diff", "ci_low", "ci_high", "t", "df",
    "p", "d_z", "d_z_low", "d_z_high", "hedges_j", "g_z", "d_av", "d_rm", "r", "w_plus", "w_minus", "wilcoxon_p",
    "wilcoxon_method", "rank_biserial",
]  # fmt: skip
ITEMS = ["n", "k", "alpha", "alpha_std", "mean_r", "alpha_low", "alpha_high", "alpha_if_dropped"]
CHANGE = ["rci_threshold", "improved", "unchanged", "deteriorated"]
NAMES = {
    "n": "n_pairs", "dz": "d_z", "J_exact": "hedges_j", "gz": "g_z", "dav_rms": "d_av", "drm": "d_rm",
    "W_plus": "w_plus", "W_minus": "w_minus", "p_exact": "wilcoxon_p", "p_normal_cc": "wilcoxon_p",
    "ci": ("ci_low", "ci_high"), "dz_ci": ("d_z_low", "d_z_high"), "feldt95": ("alpha_low", "alpha_high"),
}  # fmt: skip
# Not among the command's figures: what the policy does not use.
UNUSED = {"n_nonzero", "p_normal"}


def written(folder: Path, data: str | bytes) -> Path:
    path = folder / "answers.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def columns(folder: Path, **values: list[float]) -> Path:
    path = folder / "answers.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([values, *zip(*values.values(), strict=True)])
    return path


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    call_command("survey_statistics", *map(str, arguments))
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def pairs(capsys: pytest.CaptureFixture[str], folder: Path, text: str | bytes, *more: object) -> dict[str, Any]:
    return printed(capsys, "--paired", written(folder, text), *more)


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as status:
        call_command("survey_statistics", *map(str, arguments))
    assert status.value.code == 2
    out, words = capsys.readouterr()
    assert out == ""
    assert words.startswith("survey_statistics: ")
    assert words.count("\n") == 1
    return words


@pytest.mark.parametrize("name", ["sleep", "anorexia_ft"])
def test_every_computed_figure_of_pairs_comes_out(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data = ORACLES[name]
    got = printed(capsys, "--paired", columns(tmp_path, pre=data["pre"], post=data["post"]))
    assert list(got) == PAIRED
    wanted = {key: value for key, value in data["computed"].items() if key not in UNUSED}
    wanted.pop("p_normal_cc" if got["wilcoxon_method"] == "exact" else "p_exact")
    for key, value in wanted.items():
        names = NAMES.get(key, key)
        found = got[names] if isinstance(names, str) else [got[one] for one in names]
        assert found == pytest.approx(value, abs=1e-6), key


def test_every_computed_figure_of_items_comes_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data = ORACLES["attitude_alpha"]
    got = printed(capsys, "--items", columns(tmp_path, **data["items"]))
    assert list(got) == ITEMS
    for key, value in data["computed"].items():
        names = NAMES.get(key, key)
        found = got[names] if isinstance(names, str) else [got[one] for one in names]
        assert found == pytest.approx(value, abs=1e-6), key
    assert (got["n"], got["k"]) == (30, 7)


def test_it_needs_no_database_and_no_environment(tmp_path: Path):
    path = written(tmp_path, b"\xef\xbb\xbfpre,post\r\n1,2\r\n,5\r\n\r\n4, 7 \r\n")
    run = subprocess.run(
        [sys.executable, "manage.py", "survey_statistics", "--paired", path],
        cwd=settings.BASE_DIR, env={}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(run.stdout)["mean_diff"] == 2
    assert run.stderr == ""


def test_changes_larger_than_error_are_counted_and_equal_ones_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    text = "pre,post\n1,1.98\n0,0.99\n3,1\n2,2\n,1\n0.1,1.08\n"
    got = pairs(capsys, tmp_path, text, "--reliability", "0.5", "--sd", "0.5")
    assert list(got) == PAIRED + CHANGE
    assert got["rci_threshold"] == pytest.approx(0.98)
    assert [got[name] for name in CHANGE[1:]] == [1, 3, 1]


def test_two_pairs_are_enough_and_undefined_figures_are_null(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    two = pairs(capsys, tmp_path, "pre,post\n1,2\n2,5\n")
    assert two["t"] == pytest.approx(2)
    assert None not in (two["d_z_low"], two["g_z"], two["wilcoxon_p"])
    alike = pairs(capsys, tmp_path, "pre,post\n1.1,2.1\n2.1,3.1\n3.1,4.1\n")
    assert [alike[name] for name in ("t", "p", "d_z", "d_z_low", "d_z_high", "g_z", "d_rm")] == [None] * 7
    assert (alike["sd_diff"], alike["ci_low"], alike["ci_high"]) == (0, alike["mean_diff"], alike["mean_diff"])
    assert None not in (alike["d_av"], alike["r"], alike["wilcoxon_p"])
    same = pairs(capsys, tmp_path, "pre,post\n0,-0\n0,-0\n")
    assert "-0.0" not in json.dumps(same)
    assert [same[name] for name in ("wilcoxon_p", "wilcoxon_method", "rank_biserial", "d_av")] == [None] * 4


@pytest.mark.parametrize("exponent", [-300, -9, 0, 9, 300])
def test_neither_tiny_nor_huge_numbers_lose_a_ratio(exponent: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    got = pairs(
        capsys,
        tmp_path,
        "pre,post\n" + "".join(f"{a}e{exponent},{b}e{exponent}\n" for a, b in [(1, 2), (2, 5), (4, 4)]),
    )
    assert got["d_z"] == pytest.approx(0.8728715609439696, rel=1e-9)
    assert got["sd_diff"] == pytest.approx(float(f"1.5275252316519468e{exponent}"), rel=1e-9)


@pytest.mark.parametrize(
    ("text", "alpha", "mean_r", "dropped"),
    [
        ("a,b\n1,5\n2,4\n3,3\n4,2\n5,2\n", -40.0, -0.9701425, [None, None]),
        ("a,b,c\n1,3,1\n2,3,2\n3,3,4\n", 27 / 38, None, None),
        ("a\n1\n2\n", None, None, [None]),
        ("a,b\n1,-1\n2,-2\n", None, -1.0, [None, None]),
    ],
)
def test_scales_at_their_limits(
    text: str, alpha: float | None, mean_r: float | None, dropped: list | None, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    got = printed(capsys, "--items", written(tmp_path, text))
    assert got["alpha"] == (None if alpha is None else pytest.approx(alpha, abs=1e-6))
    assert got["mean_r"] == (None if mean_r is None else pytest.approx(mean_r, abs=1e-6))
    if dropped is not None:
        assert list(got["alpha_if_dropped"].values()) == dropped


def test_incomplete_rows_of_items_are_dropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    got = printed(capsys, "--items", written(tmp_path, "a,b\n1,2\n,3\n4,\n2,4\n5,5\n"))
    assert got["n"] == 3
    assert got["alpha"] == reliability({"a": [1, 2, 5], "b": [2, 4, 5]}).alpha


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pre,post\n1,2\n2,x\n", "row 3, column “post”: “x” is not a number"),
        ("pre,post\n1,nan\n2,3\n", "row 2, column “post”: “nan”"),
        ("pre,post\n1,2\ninf,3\n", "row 3, column “pre”: “inf”"),
        ("pre,post\n1,1e999\n2,3\n", "“1e999” is not a number"),
        ("pre,post\n1,1_0\n2,3\n", "“1_0” is not a number"),
        ("pre,post\n1,٣\n2,3\n", "is not a number"),
        ('pre,post\n1,"a\nb"\n2,3\n', "row 2, column “post”: “a b”"),
        ("pre,after\n1,2\n", "row 1: there is no column “post”"),
        ("pre,post,pre\n1,2,3\n", "row 1, column 3: there are two columns “pre”"),
        ("pre,post\n1,2\n3\n", "row 3 has 1 cell where there are 2 columns"),
        ("pre,post\n1,2,3\n", "row 2 has 3 cells where there are 2 columns"),
        ("pre,post\n1,2\n3,\n", "1 complete pairs"),
        ("pre,post\n", "0 complete pairs"),
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ('pre,post\n"1,2\n', "row 2 is not CSV"),
        (b"pre,post\n1,2\n\xff,3\n", "row 3 is not UTF-8"),
        ("pre,post\n1,2\n".encode("utf-16"), "is not UTF-8"),
    ],
)  # fmt: skip
def test_bad_pairs_are_refused(text: str | bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert words in refused(capsys, "--paired", written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "1 complete rows"),
        ("a,\n1,2\n", "column 2 has no heading"),
        ("a,b\n1,2\n1,z\n", "row 3, column “b”"),
    ],
)
def test_bad_items_are_refused(text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert words in refused(capsys, "--items", written(tmp_path, text))


@pytest.mark.parametrize(
    "more",
    [
        ["--sd", "1"], ["--reliability", "0.8"], ["--reliability", "1.2", "--sd", "1"],
        ["--reliability", "x", "--sd", "1"], ["--reliability", "0.8", "--sd", "-1"],
        ["--reliability", "0.8", "--sd", "nan"], ["--items", "x.csv"], ["--more"],
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_refused(more: list[str], tmp_path: Path, capsys):
    refused(capsys, "--paired", written(tmp_path, "pre,post\n1,2\n2,4\n"), *more)


def test_files_that_are_not_there_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert "cannot be read" in refused(capsys, "--paired", tmp_path)
    assert "cannot be read" in refused(capsys, "--items", tmp_path / "none.csv")
    refused(capsys)
    items = written(tmp_path, "a,b\n1,2\n2,3\n")
    assert "go with --paired" in refused(capsys, "--items", items, "--reliability", "0.8", "--sd", "1")
