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
FIGURES = {"paired_change", "reliability", "signed_rank", "clustering", "completers_against_others"}
CONFIDENTIAL = {"Answer", "Response", "ParticipantKey", "GoalRating", "QuestionAnswer", "Comment"}
AGGREGATES = {"Avg", "Sum", "StdDev", "Variance", "Max", "Min"}
# Whoever answers something, or hands everybody's answers to `surveys.disclosure`.
MAY_READ_GROUPS = {f"surveys/selectors/{name}.py" for name in ("flow", "progress", "outcomes", "told")}
GROUPS = {"group_of", "Group", "usefulness_of", "choices_of"}
# What works figures out of answers, to be called behind the gate; counts of people and a person's own yardstick apart.
BEHIND_THE_GATE = {
    "release_change", "release_attrition", "release_reliability", "release_table", "release_mean", "release_shares",
    "release_choices", "release_count", "release_comments", "release_looking_back",
}  # fmt: skip
MAY_PASS_THE_GATE = {
    f"surveys/selectors/{name}.py" for name in ("outcomes", "told", "flow", "answered", "comments", "together")
}
INSIDE = {"surveys/disclosure/__init__.py", "surveys/disclosure/shares.py"}
MAY_SEE_THE_LEDGER = {"surveys/models/__init__.py", "surveys/selectors/ledger.py"} | {
    f"surveys/services/{name}.py" for name in ("closing", "retention")
}
# Who opens the link, or makes or cuts it; everybody else asks `surveys.selectors.link`.
MAY_OPEN_THE_LINK = {"surveys/models/__init__.py", "surveys/models/response.py"} | {
    f"surveys/{name}.py"
    for name in ("selectors/link", "selectors/groups", "selectors/held", "services/answering", "services/erasure",
                 "services/progress", "services/retention")
}  # fmt: skip
ON_FILES = {"surveys/management/commands/survey_statistics.py"}  # whose answers are not this product's
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
    if imported(tree, "surveys.selectors.groups") & GROUPS and path not in MAY_READ_GROUPS:
        found.append("reads everybody's answers")
    if imported(tree, "surveys.disclosure") & BEHIND_THE_GATE and path not in MAY_PASS_THE_GATE | INSIDE:
        found.append("works figures out past the gate")
    if "ParticipantKey" in names and path not in MAY_OPEN_THE_LINK:
        found.append("opens the link between answers and people")
    if "LedgerEntry" in names | imported(tree, "surveys.models") and path not in MAY_SEE_THE_LEDGER:
        found.append("reads the ledger")
    pure = FIGURES & imported(tree, "surveys.statistics")
    if pure and not path.startswith(("surveys/disclosure/", "surveys/statistics/")) and path not in ON_FILES:
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
        ("staff/views/sly.py", "from surveys.disclosure import release_change"),
        ("surveys/selectors/sly.py", "from surveys.disclosure.measures import release_attrition"),
        ("staff/views/sly.py", "from surveys.models import LedgerEntry"),
        ("staff/views/sly.py", "from surveys.selectors.groups import usefulness_of"),
        ("portal/views/sly.py", "from surveys.disclosure import release_shares"),
        ("surveys/selectors/outcomes.py", "from surveys.models import ParticipantKey"),
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
    folders = ("portal/survey", "portal/coordinator", "staff/impact", "staff/closing")
    pages = [path for folder in folders for path in (ROOT / "templates" / folder).glob("*.html")]
    for path in [
        *pages,
        ROOT / "staff/impact_report.typ",
        ROOT / "surveys/evidence.typ",
        *(ROOT / "staff").glob("impact_*.py"),
    ]:
        text = path.read_text().lower()
        assert not [word for word in banned if word in text], path


def test_every_page_with_figures_of_change_prints_the_caveat() -> None:
    for path in (
        "staff/impact/page.html",
        "staff/impact/comparison.html",
        "portal/coordinator/impact.html",
        "portal/coordinator/evidence.html",
    ):
        assert "caveat }}" in (ROOT / "templates" / path).read_text(), path
    for path in ("staff/impact_report.typ", "surveys/evidence.typ"):
        assert "given.caveat" in (ROOT / path).read_text(), path
    assert "confidential" in (ROOT / "templates/portal/survey/start.html").read_text()
