"""Problems from JSON: what a hostile or careless file holds is refused in one line, by field and id."""

import json
from typing import Any

import pytest

from circles.formation.problem import Weights
from circles.formation.reading import ProblemError, parse, read_problem

Data = dict[str, Any]

GOOD: Data = {
    "mentors": [
        {"id": "m1", "organisation": "Acme"},
        {"id": "m2", "organisation": "Bolt", "slots": ["tue"], "places": ["leeds"], "languages": ["welsh"]},
    ],
    "mentees": [
        {"id": "e1", "organisation": "Bolt"},
        {"id": "e2", "organisation": "Crux", "slots": ["wed"]},
        {"id": "e3", "organisation": "Dune", "places": ["york"]},
        {"id": "e4", "organisation": "Epic", "languages": ["bsl"]},
    ],
}
# Two people who each stand in both lists, and one who does not.
MUTUAL: Data = {
    "mentors": [{"id": ident, "organisation": ident, "capacity": 1} for ident in "abc"],
    "mentees": [{"id": ident, "organisation": ident} for ident in "abd"],
    "mutual": True, "minimum": 1, "target": 1,
}  # fmt: skip


def mentor(**values: Any) -> Data:
    return {"mentors": [{"id": "m1", "organisation": "Acme", **values}]}


def mentee(**values: Any) -> Data:
    return {"mentees": [{"id": "e1", "organisation": "Bolt", **values}]}


def refusal(data: Any) -> str:
    with pytest.raises(ProblemError) as error:
        read_problem(data)
    words = str(error.value)
    assert words.isprintable()
    assert len(words) < 400
    return words


HUGE = 10**400

BAD: list[tuple[str, Data]] = [
    # --- keys that nobody knows, at every level
    ("the problem: unknown key “colour”", {"colour": 1}),
    ("mentors, number 1: unknown key “goals”", mentor(goals=["a"])),
    ("mentees, number 1: unknown key “expertise”", mentee(expertise=["a"])),
    ("mentees, number 1: unknown key “capacity”", mentee(capacity=3)),
    ("mentees, number 1: unknown key “ethnicity”", mentee(ethnicity="x")),
    ("weights: unknown key “wating”", {"weights": {"wating": 3}}),
    # --- ids
    ("mentees: the id “e1” is there twice", {"mentees": [*GOOD["mentees"], {"id": "e1", "organisation": "y"}]}),
    ("mentors: the id “m1” is there twice", {"mentors": [*GOOD["mentors"], {"id": "m1", "organisation": "y"}]}),
    ("mentees, number 1, id: must be text, not a number", {"mentees": [{"id": 7, "organisation": "x"}]}),
    ("mentees, number 1, id: must be text, not null", {"mentees": [{"organisation": "x"}]}),
    ("mentors, number 1, id: must not be blank", {"mentors": [{"id": " ", "organisation": "x"}]}),
    ("mentors, number 1, id: must be text, not a list", {"mentors": [{"id": ["m"], "organisation": "x"}]}),
    ("id: “\\ud800” holds half a character", {"mentors": [{"id": "\ud800", "organisation": "x"}]}),
    ("apart: nobody there has the id “e9”", {"apart": [["e1", "e9"]]}),
    ("met: nobody there has the id “e9”", {"met": [["e9", "e1"]]}),
    ("pinned: nobody there has the id “e9”", {"pinned": {"e9": "m1"}}),
    ("pinned, “e1”: nobody there has the id “m9”", {"pinned": {"e1": "m9"}}),
    ("pinned: nobody there has the id “m1”", {"pinned": {"m1": "m1"}}),
    ("pinned, “e1”: nobody there has the id “e2”", {"pinned": {"e1": "e2"}}),
    ("fit: nobody there has the id “m9”", {"fit": [["e1", "m9", 3]]}),
    ("fit: nobody there has the id “m1”", {"fit": [["m1", "e1", 3]]}),
    ("together: nobody there has the id “m1”", {"together": [["e1", "m1", 3]]}),
    ("apart: must be text, not a number", {"apart": [["e1", 3]]}),
    ("fit: must be text, not a list", {"fit": [[["e1"], "m1", 3]]}),
    # --- what must be there, and of which kind
    ("mentees: is required", {"mentees": None}),
    ("mentors: must be a list, not an object", {"mentors": {}}),
    ("mentors, number 1: must be an object, not text", {"mentors": ["m1"]}),
    ("mentees, number 2: must be an object, not null", {"mentees": [GOOD["mentees"][0], None]}),
    ("mentees “e1”, organisation: must be text, not null", {"mentees": [{"id": "e1"}]}),
    ("mentees “e1”, organisation: must be text, not a list", mentee(organisation=[])),
    ("mentees “e1”, organisation: must not be blank", mentee(organisation="")),
    ("mentees “e1”, organisation: must be text, not a number", mentee(organisation=5)),
    ("mentees “e1”, level: must be a number, not text", mentee(level="3")),
    ("mentees “e1”, level: must be a number, not true or false", mentee(level=True)),
    ("mentees “e1”, level: a number of so many digits is out of range", mentee(level=HUGE)),
    ("mentees “e1”, function: must be text, not a number", mentee(function=3)),
    ("mentees “e1”, function: must be text, not a list", mentee(function=["legal"])),
    ("mentees “e1”, slots: must be a list, not text", mentee(slots="tue")),
    ("mentees “e1”, slots: must be text, not null", mentee(slots=[None])),
    ("mentees “e1”, slots: must not be blank", mentee(slots=[""])),
    ("mentees “e1”, places: must be a list, not an object", mentee(places={})),
    ("mentees “e1”, languages: must be text, not a number", mentee(languages=[1])),
    ("mentees “e1”, goals: must be text, not a list", mentee(goals=[["a"]])),
    ("mentors “m1”, expertise: must be a list, not text", mentor(expertise="a")),
    ("mentors “m1”, capacity: 0 is out of range", mentor(capacity=0)),
    ("mentors “m1”, capacity: -3 is out of range", mentor(capacity=-3)),
    ("mentors “m1”, capacity: must be a whole number, not 2.5", mentor(capacity=2.5)),
    ("mentors “m1”, capacity: must be a number, not true or false", mentor(capacity=True)),
    ("mentors “m1”, capacity: must be a number, not text", mentor(capacity="10")),
    ("mentors “m1”, capacity: inf is out of range", mentor(capacity=float("inf"))),
    ("mentors “m1”, capacity: nan is out of range", mentor(capacity=float("nan"))),
    ("mentors “m1”, capacity: a number of so many digits is out of range", mentor(capacity=HUGE)),
    ("minimum: must be a whole number, not 2.5", {"minimum": 2.5}),
    ("minimum: -1 is out of range", {"minimum": -1}),
    ("minimum: must be a number, not true or false", {"minimum": True}),
    ("target: must be a number, not text", {"target": "9"}),
    ("target: -9 is out of range", {"target": -9}),
    ("mutual: must be true or false, not text", {"mutual": "yes"}),
    ("mutual: must be true or false, not a number", {"mutual": 1}),
    ("own_organisation: must be one of forbidden, required, allowed, not never", {"own_organisation": "never"}),
    ("own_organisation: must be one of forbidden, required, allowed, not False", {"own_organisation": False}),
    ("own_organisation: must be one of forbidden, required, allowed, not a list", {"own_organisation": ["allowed"]}),
    ("weights: must be an object, not a number", {"weights": 3}),
    ("weights, waiting: -1 is out of range", {"weights": {"waiting": -1}}),
    ("weights, waiting: must be a number, not text", {"weights": {"waiting": "3"}}),
    ("weights, size: must be a number, not true or false", {"weights": {"size": True}}),
    ("weights, size: nan is out of range", {"weights": {"size": float("nan")}}),
    # --- rows of two and three
    ("apart: must be a list, not an object", {"apart": {"e1": "e2"}}),
    ("apart: each entry must be a list of 2, not a list", {"apart": [["e1"]]}),
    ("met: each entry must be a list of 2, not e1", {"met": ["e1"]}),
    ("apart: “e1” is paired with themselves", {"apart": [["e1", "e1"]]}),
    ("met: “e1” is paired with themselves", {"met": [["e1", "e1"]]}),
    ("together: “e1” is paired with themselves", {"together": [["e1", "e1", 1]]}),
    ("fit: each entry must be a list of 3", {"fit": [["e1", "m1"]]}),
    ("fit, “e1” and “m1”: must be a number, not text", {"fit": [["e1", "m1", "3"]]}),
    ("fit, “e1” and “m1”: must be a number, not null", {"fit": [["e1", "m1", None]]}),
    ("fit, “e1” and “m1”: must be a number, not true or false", {"fit": [["e1", "m1", True]]}),
    ("fit, “e1” and “m1”: nan is out of range", {"fit": [["e1", "m1", float("nan")]]}),
    ("fit, “e1” and “m1”: a number of so many digits", {"fit": [["e1", "m1", -HUGE]]}),
    ("together, “e1” and “e2”: inf is out of range", {"together": [["e1", "e2", float("inf")]]}),
    ("pinned: must be an object, not a list", {"pinned": [["e1", "m1"]]}),
    ("pinned: must be an object, not a number", {"pinned": 0}),
    ("pinned, “e1”: must be text, not null", {"pinned": {"e1": None}}),
    ("current: must be an object, not true or false", {"current": False}),
    ("current, “e1”: must be text, not a number", {"current": {"e1": 1}}),
    # --- pins that break a rule; those who pin well beside them are not blamed
    ("pinned: “e1” cannot be with “m2”: the mentor and a mentee have the same organisation", {"pinned": {"e1": "m2"}}),
    ("pinned: “e2” cannot be with “m1”: the mentor and a mentee have different organisations",
     {"pinned": {"e2": "m1"}, "own_organisation": "required"}),
    ("pinned: “e2” cannot be with “m2”: there is no time that suits everyone", {"pinned": {"e2": "m2"}}),
    ("pinned: “e3” cannot be with “m2”: there is no place that suits everyone", {"pinned": {"e3": "m2"}}),
    ("pinned: “e4” cannot be with “m2”: there is no language that suits everyone", {"pinned": {"e4": "m2"}}),
    ("pinned: “e2” cannot be with “m1”: two people are to be kept apart",
     {"pinned": {"e1": "m1", "e2": "m1", "e3": "m1"}, "apart": [["m1", "e2"]]}),
    ("pinned: “e1”, “e3” cannot be with “m1”: two people are to be kept apart",
     {"pinned": {"e1": "m1", "e2": "m1", "e3": "m1"}, "apart": [["e3", "e1"]]}),
    ("pinned: “e1”, “e2”, “e3” cannot be with “m1”: there are 3 people for 2 seats",
     mentor(capacity=2) | {"pinned": {"e1": "m1", "e2": "m1", "e3": "m1"}}),
    ("pinned: “e2”, “e5” cannot be with “m1”: there is no time that suits everyone",
     {"mentees": [*GOOD["mentees"], {"id": "e5", "organisation": "F", "slots": ["fri"]}],
      "pinned": {"e2": "m1", "e5": "m1", "e3": "m1"}}),
    ("pinned: “e0”, “e1”, “e2” cannot be with “m1”: there is no time that suits everyone",
     {"mentees": [{"id": f"e{n}", "organisation": "F", "slots": list("abc".replace("abc"[n], ""))} for n in range(3)],
      "pinned": {"e0": "m1", "e1": "m1", "e2": "m1"}}),
    ("pinned: “b” cannot be with “b”: somebody would mentor themselves",
     {"mentors": [{"id": "b", "organisation": "x"}], "mentees": [{"id": "b", "organisation": "y"}],
      "pinned": {"b": "b"}}),
    # --- mutual pairs
    ("pinned: “a” with “c”: in mutual pairs both must be mentor and mentee", MUTUAL | {"pinned": {"a": "c"}}),
    ("pinned: “d” with “a”: in mutual pairs both must be mentor and mentee", MUTUAL | {"pinned": {"d": "a"}}),
    ("pinned: “b” with “c”: one of them is pinned to somebody else",
     MUTUAL | {"mentees": [{"id": ident, "organisation": ident} for ident in "abc"],
               "pinned": {"a": "b", "b": "c"}}),
    ("pinned: “b” with “a”: they share no meeting both ways",
     MUTUAL | {"mentors": [{"id": "a", "organisation": "a", "slots": ["x"]},
                           {"id": "b", "organisation": "b", "slots": ["y"]}],
               "mentees": [{"id": "a", "organisation": "a"}, {"id": "b", "organisation": "b", "slots": ["x"]}],
               "pinned": {"b": "a"}}),
    ("pinned: “a” with “b”: a pair has one mentee each way, and the minimum is 2",
     MUTUAL | {"mentors": [{"id": ident, "organisation": ident} for ident in "ab"], "minimum": 2,
               "pinned": {"a": "b"}}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "change"), BAD, ids=[words for words, _ in BAD])
def test_what_is_wrong_is_said_by_field_and_id(words: str, change: Data):
    assert words in refusal(GOOD | change)


@pytest.mark.parametrize("data", [None, [], 3, "text", True])
def test_a_problem_must_be_an_object(data: Any):
    assert "the problem: must be an object" in refusal(data)


def test_an_id_cannot_break_the_line_or_flood_it():
    assert "“e\\x1b[31m\\n1”" in refusal(GOOD | {"apart": [["e1", "e\x1b[31m\n1"]]})
    assert refusal(GOOD | {"apart": [["e1", "x" * 10_000]]}).count("x") < 100
    assert "an object" in refusal(GOOD | {"apart": [{"e1": ["deep"] * 10_000}]})
    many = [{"id": f"e{n}", "organisation": "B"} for n in range(50)]
    words = refusal(mentor(capacity=9) | {"mentees": many, "pinned": {one["id"]: "m1" for one in many}})
    assert "and 40 more cannot be with “m1”: there are 50 people for 9 seats" in words


def test_three_hundred_pins_in_one_circle_are_checked_at_once():
    many = [{"id": f"e{n}", "organisation": "B", "slots": [f"s{n}", f"s{n + 1}"]} for n in range(300)]
    words = refusal(mentor(capacity=300) | {"mentees": many, "pinned": {one["id"]: "m1" for one in many}})
    assert "there is no time that suits everyone" in words


# --- what is taken ----------------------------------------------------------------------------
@pytest.mark.parametrize("nothing", [None, [], "missing"])
def test_missing_null_and_empty_mean_not_given(nothing: Any):
    def without(*keys: str) -> Data:
        return {} if nothing == "missing" else dict.fromkeys(keys, nothing)

    shared = without("level", "function", "slots", "places", "languages")
    data = {
        "mentors": [{"id": "m1", "organisation": "x", **shared, **without("capacity", "expertise")}],
        "mentees": [{"id": "e1", "organisation": "y", **shared, **without("goals")}],
        **without("apart", "met", "pinned", "current", "fit", "together", "own_organisation", "mutual", "minimum",
                  "target", "weights"),
    }  # fmt: skip
    problem = read_problem(data)
    lead, member = problem.mentors[0], problem.mentees[0]
    assert (lead.capacity, lead.expertise, member.goals) == (10, (), ())
    for person in (lead, member):
        assert (person.level, person.function, person.slots, person.places, person.languages) == (
            None,
            None,
            (),
            (),
            (),
        )
    assert (problem.minimum, problem.target, problem.mutual, problem.own_organisation) == (8, 9, False, "forbidden")
    assert problem.weights == Weights()
    assert not any((problem.apart, problem.met, problem.pinned, problem.current, problem.fit, problem.together))


def test_a_weight_of_null_is_the_usual_one():
    assert read_problem(GOOD | {"weights": {"waiting": None, "closed": 0}}).weights == Weights(closed=0)


def test_current_may_name_people_who_have_left_or_were_nowhere():
    current = {"gone": "m1", "e1": "left", "e2": None}
    assert read_problem(GOOD | {"current": current}).current == {"gone": "m1", "e1": "left"}


def test_the_last_price_of_a_pair_counts():
    problem = read_problem(GOOD | {
        "fit": [["e1", "m1", 7], ["e1", "m1", -2]], "together": [["e1", "e2", 1], ["e2", "e1", 0.5]],
    })  # fmt: skip
    assert problem.fit == {("e1", "m1"): -2}
    assert problem.together == {frozenset(("e1", "e2")): 0.5}


def test_a_full_table_of_prices_may_hold_people_with_themselves():
    assert read_problem(MUTUAL | {"fit": [[a, b, 1] for a in "ab" for b in "abc"]})


def test_ids_are_taken_as_they_are():
    odd = [" e 1 ", "é“”", "e'1", "0", "null", "👩🏽‍🏫"]
    data = GOOD | {"mentees": [{"id": ident, "organisation": "x"} for ident in odd]}
    assert [one.id for one in read_problem(data).mentees] == odd


def test_the_same_id_may_stand_in_both_lists():
    people = [{"id": "a", "organisation": "x"}, {"id": "b", "organisation": "y"}]
    assert read_problem({"mentors": people, "mentees": people, "apart": [["a", "b"]]})


def test_choices_named_twice_count_once():
    member = read_problem(GOOD | mentee(slots=["b", "a", "b"], goals=["g", "g"])).mentees[0]
    assert (member.slots, member.goals) == (("b", "a"), ("g",))


def test_a_minimum_of_nobody_is_one_of_one():
    assert read_problem(GOOD | {"minimum": 0, "target": 0}).minimum == 1


def test_whole_numbers_may_be_written_with_a_point():
    assert read_problem(GOOD | mentor(capacity=4.0) | {"minimum": 2.0}).mentors[0].capacity == 4


# --- the file ---------------------------------------------------------------------------------
FILES = {
    "it is empty": b"",
    "it is empty.": b"\xef\xbb\xbf \n",
    "it is not UTF-8 text (byte 0)": json.dumps(GOOD).encode("utf-16"),
    "it is not UTF-8 text (byte 8)": b'{"id": "\xe9"}',
    "it is not JSON: Expecting": b"{not json",
    "it is not JSON: Extra data": b"{} {}",
    "it is not JSON: NaN is not a number": b'{"a": NaN}',
    "it is not JSON: -Infinity is not a number": b'{"a": [-Infinity]}',
    "it is not JSON: Exceeds the limit": b'{"a": ' + b"9" * 5000 + b"}",
    "it is nested too deeply": b"[" * 200_000,
    "“mentors”: this key is there twice in one object": b'{"mentors": [], "mentees": [], "mentors": []}',
    "“e1”: this key is there twice in one object": b'{"pinned": {"e1": "m1", "e1": "m2"}}',
}


@pytest.mark.parametrize("words", FILES)
def test_a_file_that_is_no_json_is_refused(words: str):
    with pytest.raises(ProblemError) as error:
        parse(FILES[words])
    assert words in str(error.value)
    assert str(error.value).isprintable()


def test_a_byte_order_mark_is_no_fault():
    assert parse(b"\xef\xbb\xbf" + json.dumps(GOOD).encode()) == GOOD


def test_a_number_beyond_all_bounds_is_refused_where_it_stands():
    assert "weights, waiting: inf is out of range" in refusal(GOOD | parse(b'{"weights": {"waiting": 1e999}}'))
