"""One measurement in a process of its own: reads what to do as JSON, writes what came out as JSON.

{"solver": "engine", "problem": {…}, "seconds": 10, "seed": 1}  →  {"answer": {…}, "seconds": …, "peak_mb": …, …}
"""

import json
import resource
import sys
import time
from typing import Any

from benchmarks import baselines
from circles.formation.answer import Answer
from circles.formation.budget import Budget, Status
from circles.formation.problem import Problem
from circles.formation.reading import read_problem
from circles.formation.solve import solve

# A proposal counts as usable once it costs no more above the last one than this share of the mentees waiting.
USABLE = 0.05


def peak_mb() -> int:
    """The most memory that this process has had so far. Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


def first(reports: list[tuple[float, float]], most: float) -> float | None:
    """The seconds at which a cost of `most` or less was first reported."""
    return next((seconds for seconds, cost in reports if cost <= most), None)


def run_engine(problem: Problem, seconds: float, seed: int, started: float) -> tuple[Answer, list[tuple[float, float]]]:
    reports: list[tuple[float, float]] = []

    def progress(status: Status) -> None:
        if status.cost is not None:
            reports.append((status.seconds, status.cost))

    budget = Budget(seconds=seconds, started=started, progress=progress)
    answer = solve(problem, budget=budget, seed=seed)
    return answer, [*reports, (time.monotonic() - started, answer.cost)]


def measure(task: dict[str, Any]) -> dict[str, Any]:
    started = time.monotonic()
    problem = read_problem(task["problem"])
    reports: list[tuple[float, float]] = []
    if task["solver"] == "engine":
        answer, reports = run_engine(problem, task["seconds"], task["seed"], started)
    else:
        answer = {"random": baselines.at_random, "greedy": baselines.greedy}[task["solver"]](problem, task["seed"])
    usable = answer.cost + USABLE * problem.weights.waiting * len(problem.mentees)
    return {
        "answer": answer.as_json(),
        "seconds": time.monotonic() - started,
        "first_answer": first(reports, float("inf")),
        "first_usable": first(reports, usable),
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
