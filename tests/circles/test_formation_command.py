"""`manage.py form_circles`: a file in, a file out, no database; bad input is refused by field and id with status 2."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from circles.formation.reading import ProblemError, read_problem
from tests.formation_reference.generate import generate
from tests.formation_reference.score import judge

GOOD: dict[str, Any] = {
    "mentors": [{"id": "m1", "organisation": "Acme"}, {"id": "m2", "organisation": "Bolt", "slots": ["tue"]}],
    "mentees": [{"id": "e1", "organisation": "Bolt"}, {"id": "e2", "organisation": "Crux", "slots": ["wed"]}],
}


def write(folder: Path, data: Any) -> Path:
    path = folder / "problem.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def test_it_writes_the_answer(tmp_path: Path):
    data, out = generate(40, 1), tmp_path / "answer.json"
    call_command("form_circles", problem=str(write(tmp_path, data)), out=str(out), rounds=60)
    answer = json.loads(out.read_text())
    assert judge(data, answer)["broken"] == {}
    assert set(answer) == {"circles", "waiting", "placements", "cost", "bound", "parts", "proof", "seconds"}


def test_it_needs_no_database_and_bad_input_ends_with_status_2(tmp_path: Path):
    out = tmp_path / "answer.json"
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody:none@127.0.0.1:1/none"}

    def run(data: Any) -> subprocess.CompletedProcess[str]:
        arguments = ["form_circles", "--problem", str(write(tmp_path, data)), "--out", str(out), "--rounds", "5"]
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )

    bad = run("{not json")
    assert bad.returncode == 2
    assert "not JSON" in bad.stderr
    assert not out.exists()
    assert run(GOOD).returncode == 0
    assert out.exists()


BAD = {
    "unknown key “slot”": {"mentees": [{"id": "e1", "organisation": "x", "slot": ["a"]}]},
    "unknown key “colour”": {"colour": 1},
    "the id “e1” is there twice": {"mentees": [{"id": "e1", "organisation": "x"}, {"id": "e1", "organisation": "y"}]},
    "mentors “m1”, capacity: 0 is out of range": {"mentors": [{"id": "m1", "organisation": "x", "capacity": 0}]},
    "mentors “m1”, capacity: must be a number, not text": {
        "mentors": [{"id": "m1", "organisation": "x", "capacity": "10"}]
    },
    "mentees “e1”, organisation: must be text, not null": {"mentees": [{"id": "e1"}]},
    "mentees, number 1, id: must be text, not a number": {"mentees": [{"id": 7, "organisation": "x"}]},
    "mentees: is required": {"mentees": None},
    "mentors: must be a list, not an object": {"mentors": {}},
    "minimum: must be a whole number": {"minimum": 2.5},
    "target: must be a number, not text": {"target": "9"},
    "mutual: must be true or false": {"mutual": "yes"},
    "own_organisation: must be one of forbidden, required, allowed": {"own_organisation": "never"},
    "apart: nobody there has the id “e9”": {"apart": [["e1", "e9"]]},
    "apart: each entry must be a list of 2": {"apart": [["e1"]]},
    "apart: “e1” is paired with themselves": {"apart": [["e1", "e1"]]},
    "pinned: nobody there has the id “e9”": {"pinned": {"e9": "m1"}},
    "pinned, “e1”: nobody there has the id “m9”": {"pinned": {"e1": "m9"}},
    "fit: nobody there has the id “m9”": {"fit": [["e1", "m9", 3]]},
    "fit, “e1” and “m1”: must be a number, not text": {"fit": [["e1", "m1", "3"]]},
    "weights: unknown key “wating”": {"weights": {"wating": 3}},
    "weights, waiting: -1 is out of range": {"weights": {"waiting": -1}},
    "“e1” cannot be with “m2”: the mentor and a mentee have the same organisation": {"pinned": {"e1": "m2"}},
    "“e2” cannot be with “m2”: there is no time that suits everyone": {"pinned": {"e2": "m2"}},
    "“e1”, “e2” cannot be with “m1”: two people are to be kept apart": {
        "pinned": {"e1": "m1", "e2": "m1"}, "apart": [["e1", "e2"]],
    },
    "“e1”, “e2” cannot be with “m1”: there are 2 people for 1 seats": {
        "mentors": [{"id": "m1", "organisation": "Acme", "capacity": 1}], "pinned": {"e1": "m1", "e2": "m1"},
    },
}  # fmt: skip


@pytest.mark.parametrize("words", BAD)
def test_what_is_wrong_is_said_by_field_and_id(words: str):
    with pytest.raises(ProblemError) as error:
        read_problem(GOOD | BAD[words])
    assert words in str(error.value)


@pytest.mark.parametrize("data", [None, [], 3, "text"])
def test_a_problem_must_be_an_object(data: Any):
    with pytest.raises(ProblemError, match="must be an object"):
        read_problem(data)


def test_current_may_name_people_who_have_left():
    assert read_problem(GOOD | {"current": {"gone": "m1", "e1": "left"}}).current == {"gone": "m1", "e1": "left"}


def test_null_and_empty_mean_not_given():
    keys = ("level", "function", "slots", "places", "languages")
    for nothing in (None, []):
        person = {"id": "e1", "organisation": "x", **dict.fromkeys(keys, nothing), "goals": None}
        mentee = read_problem(GOOD | {"mentees": [person]}).mentees[0]
        assert [getattr(mentee, key) for key in keys] == [None, None, (), (), ()]
