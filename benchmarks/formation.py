"""`make bench-formation`: the engine beside simple baselines, the reference and two peers, one measurement at a time.

Every answer is priced and checked by the judge in `tests/formation_reference/`, not by whoever made it.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.table import gap, ratio, table
from tests.formation_reference.generate import generate
from tests.formation_reference.peer_cases import problem as peer_case
from tests.formation_reference.score import WEIGHTS, judge

CHECKOUT = Path(__file__).resolve().parent.parent
PEER_PYTHON = CHECKOUT / ".venv-bench" / "bin" / "python"
REFERENCE = CHECKOUT / "tests" / "formation_reference" / "reference.csv"
SECONDS = {50: 10, 300: 20, 1769: 60, 5000: 90, 20000: 240}
OURS = ["engine", "greedy", "random"]
PEERS = ["mentor-match cloned", "mentor-match ten rounds", "team-formation", "team-formation hours"]
# A peer that does not end by itself is given so many times the seconds, then stopped.
PATIENCE = 6
ONE_THREAD = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"], "1")

COLUMNS = {
    "people": "people", "seed": "seed", "solver": "solver", "cost": "cost", "to_reference": "÷ reference",
    "bound": "bound", "gap": "gap", "waiting": "wait", "score": "score", "together": "colleagues",
    "first_answer": "first s", "first_usable": "usable s", "seconds": "all s", "peak_mb": "MiB",
    "broken": "broken rules",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One problem, how long it may take, and what is known to be reachable."""

    name: str
    people: int
    seed: int
    seconds: float
    problem: dict[str, Any]
    solvers: list[str]
    reference: float | None = None
    peers: bool = False


def reference() -> dict[tuple[int, int], float]:
    """Cost by people and seed."""
    with REFERENCE.open(encoding="utf-8") as file:
        return {(int(row["mentees"]), int(row["seed"])): float(row["cost"]) for row in csv.DictReader(file)}


def cases(options: argparse.Namespace) -> Iterator[Case]:
    known, solvers = reference(), [one for one in OURS if one in options.solvers]
    for people in options.sizes:
        for seed in options.seeds or ([1] if people >= 20_000 else [1, 2, 3]):
            seconds = options.seconds or SECONDS.get(people, 20)
            found = known.get((people, seed))
            yield Case("realistic cohorts", people, seed, seconds, generate(people, seed), solvers, found)
    for people in options.peers:
        seconds = options.seconds or 10
        both = [one for one in OURS + PEERS if one in options.solvers]
        yield Case("the peers' cohorts", people, 7, seconds, peer_case(people), both, peers=True)


def run(case: Case, solver: str) -> dict[str, Any] | str:
    """What came out of one process; words where nothing did."""
    theirs = solver in PEERS
    if theirs and not PEER_PYTHON.exists():
        return "not installed: make bench-formation installs it"
    python, module = (str(PEER_PYTHON), "benchmarks.peers") if theirs else (sys.executable, "benchmarks.one")
    task = {"solver": solver, "problem": case.problem, "seconds": case.seconds, "seed": case.seed}
    try:
        done = subprocess.run(
            [python, "-m", module], cwd=CHECKOUT, env=os.environ | ONE_THREAD, input=json.dumps(task),
            capture_output=True, text=True, check=False, timeout=PATIENCE * case.seconds + 60 if theirs else None,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"stopped after {PATIENCE * case.seconds + 60:.0f} s"
    if done.returncode:
        return f"failed: {(done.stderr.strip().splitlines() or ['no word'])[-1][:80]}"
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def row(case: Case, solver: str, result: dict[str, Any] | str) -> dict[str, Any]:
    """The figures of one measurement, as the judge sees the answer."""
    base = {"case": case.name, "people": case.people, "seed": case.seed, "solver": solver, "limit": case.seconds}
    if isinstance(result, str):
        return base | {"broken": result}
    answer = result.pop("answer")
    verdict = judge(case.problem, answer)
    price = {**WEIGHTS, **case.problem.get("weights", {})}["waiting"]
    bound = answer.get("bound")
    broken = ", ".join(f"{amount} {rule}" for rule, amount in verdict["broken"].items()) or "none"
    if "cost" in answer and abs(answer["cost"] - verdict["cost"]) > 1e-6 * max(1, abs(verdict["cost"])):
        broken += f"; says its cost is {answer['cost']}"
    return base | result | {
        "cost": verdict["cost"], "parts": {name: value for name, value in verdict["parts"].items() if value},
        "bound": bound, "gap": gap(verdict["cost"], bound, price * verdict["waiting"]),
        "waiting": verdict["waiting"], "to_reference": ratio(verdict["cost"], case.reference), "broken": broken,
        "score": 31 * verdict["placed"] - verdict["parts"].get("fit", 0) if case.peers else None,
        "proof": answer.get("proof"),
        "together": verdict["parts"].get("organisation", 0) // 1000 if case.peers else None,
    }  # fmt: skip


def numbers(words: str) -> list[int]:
    return [int(word) for word in words.split(",") if word]


def words_of(words: str) -> list[str]:
    return words.split(",")


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench-formation", description="The engine beside simple baselines, the reference and two peers."
    )
    parser.add_argument("--sizes", type=numbers, default=list(SECONDS), help="mentees, as 50,300 (empty: none)")
    parser.add_argument("--seeds", type=numbers, default=[], help="as 1,2,3 (usual: 1,2,3; at 20,000 only 1)")
    parser.add_argument("--peers", type=numbers, default=[200, 400], help="sizes of the peers' cohorts (empty: none)")
    parser.add_argument("--seconds", type=float, help="instead of the usual time limit of each size")
    parser.add_argument("--solvers", type=words_of, default=OURS + PEERS, help="as engine,greedy")
    parser.add_argument("--json", type=Path, help="write all figures, with every part of the cost, to this file too")
    return parser.parse_args(given)


def main(given: list[str]) -> None:
    options = arguments(given)
    rows: list[dict[str, Any]] = []
    for case in cases(options):
        for solver in case.solvers:
            sys.stderr.write(f"» {case.people:,} people, seed {case.seed}: {solver} …\n")
            rows.append(row(case, solver, run(case, solver)))
            # After each, so that an hour is not lost when somebody has seen enough.
            if options.json:
                options.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
    for name in dict.fromkeys(one["case"] for one in rows):
        chosen = [one for one in rows if one["case"] == name]
        hidden = {"score", "together"} if name == "realistic cohorts" else {"to_reference"}
        columns = {key: words for key, words in COLUMNS.items() if key not in hidden}
        sys.stdout.write(f"\n{name.capitalize()}\n{table(chosen, columns)}\n")
        parts = [{"people": one["people"], "seed": one["seed"], **one["parts"]} for one in chosen
                 if one["solver"] == "engine" and "parts" in one]  # fmt: skip
        headings = {key: key for one in parts for key in one}
        sys.stdout.write(f"\nThe parts of the engine's cost\n{table(parts, headings)}\n" if parts else "")


if __name__ == "__main__":
    main(sys.argv[1:])
