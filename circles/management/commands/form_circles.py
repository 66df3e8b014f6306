"""Forms circles from a file, without a database: the same engine that the staff's board runs."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from circles.formation.budget import Budget
from circles.formation.reading import ProblemError, read_problem
from circles.formation.solve import solve


class Command(BaseCommand):
    help = "Reads a problem as JSON and writes circles and the waiting list as JSON. Bad input: exit status 2."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--problem", required=True, help="the JSON file to read")
        parser.add_argument("--out", required=True, help="the JSON file to write")
        parser.add_argument("--seconds", type=float, help="from start to answer")
        parser.add_argument("--rounds", type=int, help="instead of seconds: the same rounds give the same answer")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            problem = read_problem(_load(options["problem"]))
            _check(options)
        except ProblemError as error:
            self.stderr.write(f"form_circles: {error}")
            raise SystemExit(2) from error
        budget = Budget(seconds=options["seconds"], rounds=options["rounds"], started=started)
        answer = solve(problem, budget=budget, seed=options["seed"])
        try:
            Path(options["out"]).write_text(
                json.dumps(answer.as_json(), ensure_ascii=False, indent=1), encoding="utf-8"
            )
        except OSError as error:
            self.stderr.write(f"form_circles: {options['out']} cannot be written: {error.strerror}")
            raise SystemExit(2) from error


def _load(path: str) -> Any:
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ProblemError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ProblemError(f"{path} is not JSON: {error}.") from error
    except RecursionError as error:
        raise ProblemError(f"{path} is nested too deeply.") from error


def _check(options: dict[str, Any]) -> None:
    for name in ("seconds", "rounds"):
        if options[name] is not None and not options[name] >= 0:
            raise ProblemError(f"--{name}: must not be negative.")
    if options["seed"] < 0:
        raise ProblemError("--seed: must not be negative.")
