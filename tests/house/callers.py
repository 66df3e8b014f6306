"""Which pages of the team can come to write to many people at once, or to delete what many have a part in."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

Name = tuple[str, str]  # a module and a function of it
WRITES = {"queue_all", "queue"}
DELETES = re.compile(r"(?:\benrolments|\b(?:User|Enrolment)\.objects\.\w[^\n]*)\.delete\(\)")
LOOPS = (ast.For, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)


def pages_for_many(apps: Iterable[str]) -> set[str]:
    """The functions of `staff.views` from which such an act is reached, through whichever services, by name."""
    functions, imported = _read(apps)
    calls = {
        name: {_found(call, functions, imported) for call in _calls(node, name[0], imported.get(name[0], {}))}
        for name, node in functions.items()
    }
    reached = {name for name, node in functions.items() if _is_for_many(node)}
    while more := {name for name, called in calls.items() if called & reached} - reached:
        reached |= more
    return {
        f"{module}:{name}"
        for module, name in reached
        if module.startswith("staff.views") and not name.startswith("_") and name != "urlpatterns"
    }


def _read(apps: Iterable[str]) -> tuple[dict[Name, ast.FunctionDef], dict[str, dict[str, Name]]]:
    """Every function at the head of a module, and what each module imports under which name."""
    functions: dict[Name, ast.FunctionDef] = {}
    imported: dict[str, dict[str, Name]] = {}
    for path in _modules(apps):
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text("utf-8"))
        imported[module] = {
            one.asname or one.name: (node.module, one.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for one in node.names
        }
        functions |= {(module, node.name): node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return functions, imported


def _modules(apps: Iterable[str]) -> Iterator[Path]:
    for app in apps:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            if not {"migrations", "demonstration"} & set(path.parts):
                yield path


def _calls(node: ast.AST, module: str, imports: dict[str, Name]) -> Iterator[Name]:
    """What a function names: here, from elsewhere, or of a module that was imported."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield imports.get(one.id, (module, one.id))
        elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in imports:
            yield ".".join(imports[one.value.id]), one.attr


def _found(name: Name, functions: dict[Name, ast.FunctionDef], imported: dict[str, dict[str, Name]]) -> Name:
    """Where it is written: a package may hand on what one of its modules holds."""
    seen: set[Name] = set()
    while name not in functions and name not in seen and name[1] in imported.get(name[0], {}):
        seen.add(name)
        name = imported[name[0]][name[1]]
    return name


def _is_for_many(node: ast.FunctionDef) -> bool:
    """It queues a batch, or one message after the other; or it deletes people or their parts."""
    return bool(DELETES.search(ast.unparse(node))) or any(
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in WRITES
        for loop in [node, *(one for one in ast.walk(node) if isinstance(one, LOOPS))]
        for call in ast.walk(loop)
        if loop is not node or getattr(getattr(call, "func", None), "id", "") == "queue_all"
    )
