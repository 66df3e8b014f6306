"""Nothing sensitive can reach the engine that forms circles, and it has never seen the judge of its answers."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.test_layers import LEVEL

ROOT = Path(settings.BASE_DIR)
PACKAGE = ROOT / "circles" / "formation"
# All that the engine stands on, besides the standard library and its own modules.
SOLVERS = {"numpy", "scipy", "ortools"}
CONTRACT = "The engine knows nobody's ethnicity and no answer, and not its judge"


def foreign(source: str) -> Iterator[str]:
    """What a module imports that it may not: anything but the standard library, the solvers and its own package. An
    import that only happens while it runs counts, and so does one by name."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{'.' * node.level}{node.module or ''}"]
        elif isinstance(node, ast.Name) and node.id in {"__import__", "eval", "exec"}:
            names = [node.id]
        for name in names:
            top = name.partition(".")[0]
            own = name == "circles.formation" or name.startswith("circles.formation.")
            by_name = top == "importlib" or name in {"__import__", "eval", "exec"}
            if by_name or not (own or top in SOLVERS or top in sys.stdlib_module_names):
                yield name


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_a_module_of_the_engine_stands_on_the_solvers_alone(path: Path):
    assert list(foreign(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("line", [
    "from tests.formation_reference import score", "from tests.formation_reference.score import judge",
    "from surveys.models import Response", "import privacy.services", "from django.db import models",
    "from circles.models import Circle", "from circles import selectors", "from .. import models",
    "def later():\n    import participants", "import importlib", "score = __import__('tests')",
    "import circles.selectors",
])  # fmt: skip
def test_a_foreign_import_is_found(line: str):
    assert list(foreign(f"import json\nfrom circles.formation.cost import parts\n{line}\n"))


def test_running_the_engine_loads_nothing_of_the_application():
    """Asked of a fresh process, where no test and no Django has loaded anything yet."""
    code = (
        "import sys; from circles.formation import reading, solve, readiness; "
        "solve.solve(reading.read_problem({'mentors': [], 'mentees': []})); print(*sys.modules)"
    )
    environment = {"PATH": "", "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split())
    ours = {name for name in loaded if name.partition(".")[0] in {*LEVEL, "comc", "tests", "benchmarks", "django"}}
    assert {name for name in ours if name.partition(".")[0] != "circles"} == set()
    assert {name for name in ours if not name.startswith("circles.formation")} == {"circles"}


def test_the_contract_names_every_room_of_the_house():
    """Or a new app could reach the engine without anybody noticing."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    contract = next(one for one in contracts if one["name"] == CONTRACT)
    assert contract["source_modules"] == ["circles.formation"]
    own = {f"circles.{path.stem}" for path in (ROOT / "circles").iterdir() if _is_module(path)}
    rooms = (set(LEVEL) - {"circles"}) | own | {"comc", "tests", "benchmarks", "django", "celery"}
    assert set(contract["forbidden_modules"]) == rooms


def _is_module(path: Path) -> bool:
    if path.name in {"formation", "migrations", "management"} or path.name.startswith("_"):
        return False
    return path.suffix == ".py" or (path / "__init__.py").exists()
