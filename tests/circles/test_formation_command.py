"""`manage.py form_circles`: a file in, a file out, no database; bad input is refused in one line with status 2."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from circles.management.commands import form_circles
from tests.formation_reference.generate import generate
from tests.formation_reference.score import judge

GOOD: dict[str, Any] = {
    "mentors": [{"id": "m1", "organisation": "Acme"}],
    "mentees": [{"id": "e1", "organisation": "Bolt"}, {"id": "e2", "organisation": "Crux"}],
}
BEFORE = "what stood there before"


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    return write(tmp_path, GOOD)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "answer.json"


def write(folder: Path, data: Any) -> Path:
    path = folder / "problem.json"
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def form(**options: Any) -> None:
    call_command("form_circles", *(f"--{name}={value}" for name, value in options.items()))


def refused(capsys: pytest.CaptureFixture[str], **options: Any) -> str:
    """The one line with which the command refuses."""
    with pytest.raises(SystemExit) as status:
        form(**options)
    assert status.value.code == 2
    words = capsys.readouterr().err
    assert words.startswith("form_circles: ")
    assert words.count("\n") == 1
    return words


def test_it_writes_the_answer(tmp_path: Path, out: Path):
    data = generate(40, 1)
    form(problem=write(tmp_path, data), out=out, rounds=60)
    answer = json.loads(out.read_text())
    assert judge(data, answer)["broken"] == {}
    assert set(answer) == {"circles", "waiting", "placements", "cost", "bound", "parts", "proof", "seconds"}
    assert {path.name for path in tmp_path.iterdir()} == {"problem.json", "answer.json"}


# --- a process of its own ---------------------------------------------------------------------
BARE = {"PATH": os.environ["PATH"]}
UNREACHABLE = BARE | {"DATABASE_URL": "postgres://nobody:none@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}


def run(*arguments: Any, environment: dict[str, str] = UNREACHABLE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "form_circles", *map(str, arguments)]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("environment", [BARE, UNREACHABLE], ids=["bare", "unreachable"])
def test_it_needs_no_database_and_no_environment(problem: Path, out: Path, environment: dict[str, str]):
    done = run("--problem", problem, "--out", out, "--rounds", 5, environment=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert judge(GOOD, json.loads(out.read_text()))["broken"] == {}


def test_the_time_limit_counts_from_the_start_of_the_process(problem: Path, out: Path):
    assert run("--problem", problem, "--out", out, "--rounds", 0).returncode == 0
    assert json.loads(out.read_text())["seconds"] > 0.2


@pytest.mark.parametrize("arguments", [
    ["--problem", "{problem}", "--out", "{out}", "--seconds", "soon"],
    ["--problem", "{problem}", "--out", "{out}", "--rounds", "2.5"],
    ["--problem", "{problem}", "--out", "{out}", "--colour", "red"],
    ["--problem", "{problem}"],
    ["--problem", "{bad}", "--out", "{out}"],
])  # fmt: skip
def test_a_refusal_is_one_line_and_status_2(problem: Path, out: Path, tmp_path: Path, arguments: list[str]):
    bad = tmp_path / "bad.json"
    bad.write_text('{"mentors": [{"id": "m\\n1\\ud800"}], "mentees": []}')
    done = run(*(word.format(problem=problem, out=out, bad=bad) for word in arguments))
    assert done.returncode == 2
    assert done.stderr.startswith("form_circles: ")
    assert done.stderr.count("\n") == 1
    assert not out.exists()


# --- options and files ------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "value"), [
    ("seconds", "-1"), ("seconds", "nan"), ("seconds", "inf"), ("seconds", "1e999"), ("rounds", "-1"), ("seed", "-1"),
    ("seed", 2**31),
])  # fmt: skip
def test_options_out_of_range(capsys, problem: Path, out: Path, name: str, value: Any):
    assert f"--{name}: " in refused(capsys, problem=problem, out=out, **{name: value})
    assert not out.exists()


@pytest.mark.parametrize("options", [
    {"seconds": 0}, {"rounds": 0}, {"rounds": 3, "seconds": 1}, {"seed": 2**31 - 1, "rounds": 2},
])  # fmt: skip
def test_options_at_the_edge(problem: Path, out: Path, options: dict[str, Any]):
    form(problem=problem, out=out, **options)
    assert judge(GOOD, json.loads(out.read_text()))["broken"] == {}


def test_a_problem_that_cannot_be_read(capsys, tmp_path: Path, out: Path):
    assert "missing.json cannot be read: No such file" in refused(capsys, problem=tmp_path / "missing.json", out=out)
    assert "cannot be read: Is a directory" in refused(capsys, problem=tmp_path, out=out)
    assert "it is empty" in refused(capsys, problem=write(tmp_path, b""), out=out)
    assert "it is not UTF-8" in refused(capsys, problem=write(tmp_path, "{}".encode("utf-16")), out=out)
    assert not out.exists()


def test_what_stood_in_the_file_stays_where_the_input_is_refused(capsys, tmp_path: Path, out: Path):
    out.write_text(BEFORE)
    refused(capsys, problem=write(tmp_path, GOOD | {"apart": [["e1", "e9"]]}), out=out)
    assert out.read_text() == BEFORE


def test_an_answer_that_cannot_be_written_is_refused_before_the_run(capsys, monkeypatch, tmp_path: Path, problem: Path):
    def solve(*_: Any, **__: Any) -> None:
        pytest.fail("it ran")

    monkeypatch.setattr(form_circles, "solve", solve)
    assert "is a directory" in refused(capsys, problem=problem, out=tmp_path)
    assert "is no directory" in refused(capsys, problem=problem, out=tmp_path / "missing" / "answer.json")
    assert "is no directory" in refused(capsys, problem=problem, out=problem / "answer.json")
    assert "is the problem itself" in refused(capsys, problem=problem, out=problem)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "Permission denied" in refused(capsys, problem=problem, out=tmp_path / "answer.json")


def test_a_write_that_fails_leaves_what_was_there_and_nothing_half_written(capsys, monkeypatch, tmp_path, problem, out):
    def fail(value: Any, file: Any, **_: Any) -> None:
        file.write('{"circles": [')
        raise OSError(28, "No space left on device")

    out.write_text(BEFORE)
    monkeypatch.setattr(json, "dump", fail)
    assert "cannot be written: No space left" in refused(capsys, problem=problem, out=out, rounds=1)
    assert out.read_text() == BEFORE
    assert {path.name for path in tmp_path.iterdir()} == {"problem.json", "answer.json"}


def test_a_link_and_a_device_are_written_through(capsys, tmp_path: Path, problem: Path, out: Path):
    link = tmp_path / "link.json"
    link.symlink_to(out)
    out.write_text(BEFORE)
    form(problem=problem, out=link, rounds=1)
    assert link.is_symlink()
    assert json.loads(out.read_text())["waiting"]
    assert "No space left" in refused(capsys, problem=problem, out="/dev/full", rounds=1)
