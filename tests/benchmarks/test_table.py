"""The benchmarks' figures: ratios that never lie about nothing, and a table that stands straight."""

from types import SimpleNamespace

import pytest

from benchmarks import baselines, formation
from benchmarks.one import first, measure
from benchmarks.table import gap, ratio, shown, table
from circles.formation.reading import read_problem
from tests.formation_reference.generate import generate
from tests.formation_reference.score import judge


@pytest.mark.parametrize(("value", "floor", "expected"), [
    (3.0, 2.0, 1.5), (None, 2.0, None), (3.0, None, None), (3.0, 0.0, None), (0.0, 0.0, 1.0),
])  # fmt: skip
def test_a_ratio_to_nothing_is_no_ratio(value, floor, expected):
    assert ratio(value, floor) == expected


def test_the_gap_is_of_what_seating_can_change():
    """With 10,000 of 11,000 for the waiting list, a bound of 10,500 is half of the rest and not 95 % of all."""
    assert gap(11_000, 10_500, 10_000) == 2.0
    assert gap(11_000, 11_000, 10_000) == 1.0
    assert gap(11_000, None, 10_000) is None


def test_figures_are_shown_in_few_signs():
    words = [shown(value) for value in (None, 1.0, 1.256, 12345.6, 12345, "engine", True)]
    assert words == ["–", "1", "1.26", "12,346", "12,345", "engine", "yes"]


def test_a_table_has_a_line_a_row_and_figures_to_the_right():
    rows = [{"who": "engine", "cost": 1146.0}, {"who": "greedy", "cost": 12.5}, {"who": "x"}]
    assert table(rows, {"who": "solver", "cost": "cost"}).splitlines() == [
        "solver   cost", "──────  ─────", "engine  1,146", "greedy  12.50", "x           –",
    ]  # fmt: skip
    assert table([], {"who": "solver"}) == ""


def test_the_first_report_at_or_below_a_cost():
    assert first([(0.1, 500.0), (0.6, 90.0), (1.1, 80.0)], 90) == 0.6
    assert first([(0.1, 500.0)], 90) is None


def test_every_reference_row_is_read():
    known = formation.reference()
    assert known[50, 1] == 1146
    assert len(known) == 13


def test_the_cases_are_those_that_were_asked_for():
    options = formation.arguments(
        ["--sizes", "50", "--seeds", "2,3", "--peers", "20", "--solvers", "engine,team-formation"]
    )
    found = [(one.people, one.seed, one.seconds, one.reference, one.solvers) for one in formation.cases(options)]
    assert found == [
        (50, 2, 10, 15309, ["engine"]), (50, 3, 10, 2947, ["engine"]), (20, 7, 10, None, ["engine", "team-formation"]),
    ]  # fmt: skip
    usual = formation.arguments(["--sizes", "20000", "--peers", ""])
    assert usual.seeds == []
    assert usual.solvers == formation.OURS + formation.PEERS


def test_the_judge_prices_every_row_and_says_what_is_broken():
    problem = generate(50, 1)
    case = formation.Case("x", 50, 1, 1, problem, ["engine"], reference=1146.0)
    answer = {"circles": [], "waiting": [{"mentee": one["id"], "reason": "-"} for one in problem["mentees"]], "cost": 1}
    found = formation.row(case, "engine", {"answer": answer, "seconds": 0.5})
    assert found["cost"] == judge(problem, answer)["cost"]
    assert found["to_reference"] == found["cost"] / 1146
    assert "pinned moved" in found["broken"]
    assert "says its cost is 1" in found["broken"]
    assert formation.row(case, "engine", "stopped after 9 s")["broken"] == "stopped after 9 s"


@pytest.mark.parametrize("baseline", [baselines.at_random, baselines.greedy])
def test_a_baseline_keeps_the_rules_and_repeats_itself(baseline):
    problem = generate(60, 1)
    one, two = (baseline(read_problem(problem), 3) for _ in range(2))
    assert judge(problem, one.as_json())["broken"] == {}
    assert one.circles == two.circles


def test_one_measurement_says_when_the_first_answer_came():
    found = measure({"solver": "engine", "problem": generate(20, 1), "seconds": 1, "seed": 1})
    assert 0 <= found["first_answer"] <= found["first_usable"] <= found["seconds"] + 0.1
    assert found["peak_mb"] > 10


def test_a_peer_that_is_not_installed_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(formation, "PEER_PYTHON", tmp_path / "python")
    assert "not installed" in formation.run(SimpleNamespace(problem={}, seconds=1, seed=1), "team-formation")
