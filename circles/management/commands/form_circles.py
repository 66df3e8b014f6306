"""Forms circles from a file, without a database: the same engine that the staff's board runs."""

import json
import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from circles.formation.budget import Budget
from circles.formation.reading import ProblemError, parse, read_problem
from circles.formation.solve import solve

# What the solvers take for a seed.
LARGEST_SEED = 2**31 - 1


class Command(BaseCommand):
    help = "Reads a problem as JSON and writes circles and the waiting list as JSON. Bad input: exit status 2."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--problem", required=True, help="the JSON file to read")
        parser.add_argument("--out", required=True, help="the JSON file to write; untouched where the input is refused")
        parser.add_argument("--seconds", type=float, help="from start to answer (20 where nothing is said)")
        parser.add_argument("--rounds", type=int, help="instead of seconds: the same rounds give the same answer")
        parser.add_argument("--seed", type=int, default=1)
        # One line, like every other refusal; argparse would print the usage above it.
        parser.error = self._refuse

    def handle(self, *args: Any, **options: Any) -> None:
        # Where this is a process of its own, what starting it took counts too.
        started = getattr(settings, "STARTED", time.monotonic())
        out = Path(options["out"])
        try:
            _check(options)
            problem = read_problem(_load(options["problem"]))
            _check_out(out, Path(options["problem"]))
        except ProblemError as error:
            self._refuse(str(error))
        budget = Budget(seconds=options["seconds"], rounds=options["rounds"], started=started)
        answer = solve(problem, budget=budget, seed=options["seed"])
        try:
            with _written(out) as file:
                json.dump(answer.as_json(), file, ensure_ascii=False, indent=1)
        except OSError as error:
            self._refuse(f"--out: {out} cannot be written: {error.strerror}.")

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write(f"form_circles: {message}")
        raise SystemExit(2)


def _load(path: str) -> Any:
    try:
        return parse(Path(path).read_bytes())
    except OSError as error:
        raise ProblemError(f"--problem: {path} cannot be read: {error.strerror}.") from error
    except ProblemError as error:
        raise ProblemError(f"--problem: {path}: {error}") from error


def _check(options: dict[str, Any]) -> None:
    for name, most in (("seconds", math.inf), ("rounds", math.inf), ("seed", LARGEST_SEED + 1)):
        if options[name] is not None and not 0 <= options[name] < most:
            raise ProblemError(f"--{name}: {options[name]} is out of range.")


def _check_out(out: Path, problem: Path) -> None:
    """Asked before the run, whose time would be lost. Raises ProblemError."""
    if out.is_dir():
        raise ProblemError(f"--out: {out} is a directory.")
    if not out.parent.is_dir():
        raise ProblemError(f"--out: {out.parent} is no directory.")
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        raise ProblemError(f"--out: {out} cannot be written: Permission denied.")
    if out.exists() and out.samefile(problem):
        raise ProblemError(f"--out: {out} is the problem itself.")


@contextmanager
def _written(out: Path) -> Iterator[TextIO]:
    """A file that takes the place of `out` once it is whole. A device or a pipe, like /dev/stdout, is written as is."""
    if out.exists() and not out.is_file():
        with out.open("w", encoding="utf-8") as file:
            yield file
        return
    target = out.resolve()
    beside = target.with_name(f".form_circles-{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8") as file:
            yield file
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
