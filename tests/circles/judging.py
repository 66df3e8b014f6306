"""The engine's answer to a problem, held against an independent judge."""

from typing import Any

import pytest

from circles.formation.answer import Answer
from circles.formation.budget import Budget
from circles.formation.reading import read_problem
from circles.formation.solve import solve
from tests.circles.problems import Data
from tests.formation_reference.score import judge


def judged(data: Data, *, rounds: int | None = 60, **budget: Any) -> tuple[Answer, Data]:
    """The engine's answer and the judge's verdict, which must agree on the cost and find no rule broken."""
    answer = solve(read_problem(data), budget=Budget(rounds=rounds, **budget))
    verdict = judge(data, answer.as_json())
    assert verdict["broken"] == {}
    assert answer.cost == pytest.approx(verdict["cost"])
    for name, value in verdict["parts"].items():
        assert answer.parts[name] == pytest.approx(value), name
    assert all(answer.because.get(ident) for circle in answer.circles for ident in circle.mentees)
    return answer, verdict


def mentor(ident: str, organisation: str = "Acme", **values: Any) -> Data:
    return {"id": ident, "organisation": organisation, **values}


def mentees(amount: int, organisation: str = "", **values: Any) -> list[Data]:
    return [{"id": f"e{n}", "organisation": organisation or f"org{n}", **values} for n in range(amount)]
