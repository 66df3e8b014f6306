"""Answers leave this app through `surveys.disclosure` or not at all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = [
    "portal", "staff", "surveys", "circles", "participants", "organisations", "cohorts", "content", "outbox",
    "privacy", "accounts", "ui",
]  # fmt: skip
CONFIDENTIAL = {"Answer", "Response", "ParticipantKey", "GoalRating", "QuestionAnswer"}
AGGREGATES = {"Avg", "Sum", "StdDev", "Variance", "Max", "Min"}
# Whoever answers something, or hands everybody's answers to `surveys.disclosure`.
MAY_READ_GROUPS = {"surveys/selectors/flow.py", "surveys/selectors/progress.py", "surveys/selectors/impact.py"}
# Views may tell whose own response it is.
MAY_NAME_THEM = {"portal/views/survey.py": {"Response", "QuestionAnswer"}}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def imported(tree: ast.Module, module: str) -> set[str]:
    froms = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {alias.name for node in froms if (node.module or "").startswith(module) for alias in node.names}


def offences(path: str, tree: ast.Module) -> list[str]:
    """What one file does that only `surveys.disclosure` may do."""
    names = imported(tree, "surveys.models") & CONFIDENTIAL - MAY_NAME_THEM.get(path, set())
    found = []
    if names and not path.startswith("surveys/"):
        found.append(f"imports {sorted(names)}")
    if names and imported(tree, "django.db.models") & AGGREGATES:
        found.append("aggregates beside answers")
    if imported(tree, "surveys.selectors.groups") & {"group_of", "Group"} and path not in MAY_READ_GROUPS:
        found.append("reads everybody's answers")
    pure = {"paired_change", "reliability", "signed_rank"} & imported(tree, "surveys.statistics")
    if pure and not path.startswith(("surveys/disclosure/", "surveys/statistics/")):
        found.append(f"works out {sorted(pure)} past the release")
    return found


def test_no_other_module_aggregates_answers() -> None:
    assert {path: found for path, tree in sources() if (found := offences(path, tree))} == {}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("staff/views/sly.py", "from surveys.models import Answer"),
        ("surveys/selectors/sly.py", "from surveys.models import Answer\nfrom django.db.models import Avg"),
        ("surveys/selectors/sly.py", "from surveys.selectors.groups import group_of"),
        ("portal/views/sly.py", "from surveys.statistics import paired_change"),
        ("portal/views/survey.py", "from surveys.models import Answer, Response"),
    ],
)
def test_the_rule_finds_what_it_forbids(path: str, source: str) -> None:
    assert offences(path, ast.parse(source))


def test_answers_and_keys_are_not_in_the_admin() -> None:
    from django.contrib import admin

    registered = {model.__name__ for model in admin.site._registry}
    assert not registered & CONFIDENTIAL
    assert {"Instrument", "Survey", "Testimonial", "Snapshot"} <= registered


def test_pages_and_mails_never_say_anonymous_nor_claim_causes() -> None:
    banned = ["anonymous", "led to", "caused", "impact of"]
    for folder in ("templates/portal/survey", "templates/staff/impact", "templates/staff/closing"):
        for path in (ROOT / folder).glob("*.html"):
            text = path.read_text().lower()
            assert not [word for word in banned if word in text], path
    assert "confidential" in (ROOT / "templates/portal/survey/start.html").read_text()
