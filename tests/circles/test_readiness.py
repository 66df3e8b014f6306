"""What stands in the way before a run, against trying everything."""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from circles.formation import rules
from circles.formation.problem import Mentee, Mentor, Problem
from circles.formation.readiness import Choice, Crowded, Few, Readiness, Short
from circles.formation.reading import read_problem
from tests.circles.exhaustive import answers
from tests.circles.problems import Data, mutual_problems, problems
from tests.formation_reference.generate import generate
from tests.formation_reference.peer_cases import problem as peer_case
from tests.formation_reference.score import judge

hard = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def asked(data: Data) -> Readiness:
    return Readiness(read_problem(data))


def mentor(ident: str, organisation: str = "Acme", **values: Any) -> Data:
    return {"id": ident, "organisation": organisation, **values}


def mentees(amount: int, organisation: str = "Bolt", **values: Any) -> list[Data]:
    return [{"id": f"e{n}", "organisation": organisation, **values} for n in range(amount)]


# --- by hand ----------------------------------------------------------------------------------
def test_an_organisation_that_cannot_be_spread_is_named_with_the_exact_number():
    leads = [mentor("m0"), mentor("m1", "Bolt"), mentor("m2", slots=["a"]), mentor("m3", slots=["b"])]
    found = asked({"mentors": leads, "mentees": mentees(5, "Bolt", slots=["a", "c"])}).crowded()
    # One leads their own organisation and one has another time: two circles are left for five.
    assert found == [Crowded("Bolt", 5, 2)]
    assert found[0].sharing == 3


def test_people_may_have_to_queue_for_the_same_few_circles():
    """Three circles and three people, but two of them can make only the first: counting circles is not enough."""
    leads = [mentor(f"m{n}", slots=[f"s{n}"]) for n in range(3)]
    people = [*mentees(2, slots=["s0"]), {"id": "x", "organisation": "Bolt", "slots": ["s0", "s1", "s2"]}]
    assert asked({"mentors": leads, "mentees": people}).crowded() == [Crowded("Bolt", 3, 2)]


def test_who_can_sit_nowhere_shares_with_nobody():
    people = [*mentees(2), {"id": "x", "organisation": "Bolt", "slots": ["never"]}]
    assert asked({"mentors": [mentor("m0", slots=["a"]), mentor("m1", slots=["a"])], "mentees": people}).crowded() == []


def test_seats_are_counted_over_the_whole_cohort():
    """Each organisation alone can be spread; together they fill the seats."""
    leads = [mentor("m0", capacity=2), mentor("m1", capacity=2)]
    people = [{"id": f"{name}{n}", "organisation": name} for name in ("Bolt", "Crux", "Dune") for n in range(2)]
    found = asked({"mentors": leads, "mentees": people})
    assert found.crowded() == []
    assert (found.seatable(), found.seatable(apart=True)) == (4, 4)
    assert asked({"mentors": leads, "mentees": mentees(6)}).seatable(apart=True) == 2


def test_choices_without_a_mentor():
    leads = [mentor("m0", slots=["a", "b"])]
    found = asked({"mentors": leads, "mentees": mentees(2, slots=["b", "c"]), "minimum": 1})
    assert found.choices("slots") == [Choice("a", 1, 0), Choice("b", 1, 2), Choice("c", 0, 2)]
    anytime = asked({"mentors": [*leads, mentor("m1")], "mentees": mentees(2, slots=["b", "c"])})
    assert [one for one in anytime.choices("slots") if not one.mentors] == []


def test_people_with_few_circles_and_what_bars_them():
    leads = [mentor("m0", "Bolt"), mentor("m1", slots=["a"], places=["x"]), mentor("m2"), mentor("m3"), mentor("m4")]
    people = [
        {"id": "e0", "organisation": "Bolt", "slots": ["b"], "places": ["y"]},
        {"id": "e1", "organisation": "Crux"},
        {"id": "e2", "organisation": "Bolt"},
    ]
    data = {"mentors": leads, "mentees": people, "apart": [["e0", "m2"], ["e2", "m1"], ["e2", "m2"], ["e1", "e2"]]}
    assert asked(data).few() == [
        Few("e0", 2, {"organisation": 1, "slots": 1, "places": 1, "apart": 1}),
        Few("e2", 2, {"organisation": 1, "apart": 2}),
    ]
    assert [one.mentee for one in asked(data | {"pinned": {"e0": "m3"}}).few()] == ["e2"]


def test_with_two_circles_in_all_only_those_who_cannot_join_both_have_few():
    leads = [mentor("m0"), mentor("m1", "Bolt")]
    people = [{"id": "e0", "organisation": "Bolt"}, {"id": "e1", "organisation": "Crux"}]
    assert [one.mentee for one in asked({"mentors": leads, "mentees": people}).few()] == ["e0"]


def test_a_circle_that_cannot_reach_its_minimum_at_any_one_meeting():
    """Six people could come, but never more than four at once."""
    slots = [["a"], ["a", "b"], ["a", "b"], ["a"], ["b"], ["c"]]
    people = [{"id": f"e{n}", "organisation": "Bolt", "slots": given} for n, given in enumerate(slots)]
    data = {"mentors": [mentor("m0", slots=["a", "b", "c"]), mentor("m1", capacity=3)], "mentees": people}
    assert asked(data | {"minimum": 5}).short() == [Short("m0", 4, 5)]
    assert asked(data | {"minimum": 4}).short() == []
    assert asked(data | {"minimum": 5, "pinned": {"e0": "m0"}}).short() == []


def test_partners_who_can_meet_one_way_only_are_no_pair():
    """Ada as a mentee can meet Bo as a mentor, but Bo as a mentee cannot meet Ada as a mentor."""
    leads = [mentor("ada", "a", slots=["x"], capacity=1), mentor("bo", "b", slots=["y"], capacity=1)]
    led = [{"id": "ada", "organisation": "a", "slots": ["y"]}, {"id": "bo", "organisation": "b", "slots": ["z"]}]
    data = {"mentors": leads, "mentees": led, "minimum": 1, "target": 1}
    assert asked(data).seatable() == 1
    found = asked(data | {"mutual": True})
    assert found.seatable() == 0
    assert [(one.mentee, one.circles) for one in found.few(1)] == [("ada", 0), ("bo", 0)]


@pytest.mark.parametrize("data", [{"mentors": [], "mentees": []}, {"mentors": [], "mentees": mentees(2)},
                                  {"mentors": [mentor("m0")], "mentees": []}])  # fmt: skip
def test_nobody_on_one_side(data: Data):
    found = asked(data)
    assert (found.crowded(), found.seatable(), found.seatable(apart=True)) == ([], 0, 0)
    assert len(found.few()) == len(data["mentees"])
    assert len(found.short()) == len(data["mentors"])


@pytest.mark.parametrize(("people", "most"), [(50, 39), (100, 71), (200, 168), (400, 333)])
def test_the_bound_of_the_cohorts_whose_organisations_over_nominate(people: int, most: int):
    """The figures are those that were measured for these cohorts before this code was written."""
    found = asked(peer_case(people, profile="skewed"))
    assert found.seatable(apart=True) == most
    assert found.seatable() == people


def test_a_realistic_cohort_is_asked_in_no_time():
    found = asked(generate(300, 1))
    assert found.seatable(apart=True) <= found.seatable() <= 300
    assert (len(found.few()), len(found.crowded()), len(found.short())) != (0, 0, 0)


# --- against trying everything ----------------------------------------------------------------
def may_sit(problem: Problem, mentee: Mentee, mentor: Mentor) -> bool:
    """Whether a rule leaves somebody a seat there, with nobody in it but those who are pinned to it."""
    if mentee.id in problem.pinned:
        return problem.pinned[mentee.id] == mentor.id
    held = [one for one in problem.mentees if problem.pinned.get(one.id) == mentor.id]
    alone = not rules.broken(problem, mentor, [mentee])
    return alone and rules.meeting([mentor, *held, mentee]) is not None


def seats_of(problem: Problem) -> dict[str, list[str]]:
    return {
        mentee.id: [mentor.id for mentor in problem.mentors if may_sit(problem, mentee, mentor)]
        for mentee in problem.mentees
    }


def seatings(seats: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    for chosen in product(*([None, *possible] for possible in seats.values())):
        yield {mentee: mentor for mentee, mentor in zip(seats, chosen, strict=True) if mentor}


@hard
@given(problems(mentors=3, mentees=5))
def test_every_count_is_what_trying_everything_gives(data: Data):
    problem = read_problem(data)
    found, seats = Readiness(problem), seats_of(problem)
    room = {mentor.id: mentor.capacity for mentor in problem.mentors}
    employer = {mentee.id: mentee.organisation for mentee in problem.mentees}
    fitting = [s for s in seatings(seats) if all(list(s.values()).count(one) <= room[one] for one in room)]
    assert found.seatable() == max(map(len, fitting))
    clash_free = [s for s in fitting if len({(employer[e], m) for e, m in s.items()}) == len(s)]
    assert found.seatable(apart=True) == max(map(len, clash_free))
    crowded = {one.organisation: one for one in found.crowded()}
    for name in set(employer.values()):
        people = {mentee: mentors for mentee, mentors in seats.items() if employer[mentee] == name and mentors}
        spread = max(len(set(s.values())) for s in seatings(people) if len(set(s.values())) == len(s))
        expected = Crowded(name, len(people), spread) if spread < len(people) else None
        assert crowded.get(name) == expected
    few = {one.mentee: one.circles for one in found.few(2)}
    limit = min(2, max(1, len(room)))
    assert few == {e: len(m) for e, m in seats.items() if len(m) < limit and e not in problem.pinned}


@hard
@given(problems(mentors=3, mentees=5))
def test_the_largest_meeting_is_what_trying_every_group_gives(data: Data):
    problem = read_problem(data)
    seats, short = seats_of(problem), {one.mentor: one.most for one in Readiness(problem).short()}
    for lead in problem.mentors:
        able = [mentee for mentee in problem.mentees if lead.id in seats[mentee.id]]
        groups = [group for size in range(len(able) + 1) for group in combinations(able, size)]
        most = max(len(group) for group in groups if rules.meeting([lead, *group]) is not None or not group)
        held = lead.id in problem.pinned.values()
        assert short.get(lead.id) == (None if held or most >= problem.least(lead) else most)


@settings(hard, max_examples=60)
@given(problems(mentors=3, mentees=4) | mutual_problems(most=4))
def test_no_answer_does_better_than_readiness_says(data: Data):
    """Of all the answers that break no rule, as the judge sees it."""
    found = asked(data)
    sound = [answer for answer in answers(data) if not judge(data, answer)["broken"]]
    employer = {one["id"]: one["organisation"] for one in data["mentees"]}
    short, few = {one.mentor for one in found.short()}, {one.mentee for one in found.few(1)}
    for answer in sound:
        placed = {mentee: circle["mentor"] for circle in answer["circles"] for mentee in circle["mentees"]}
        assert len(placed) <= found.seatable()
        assert not short & set(placed.values())
        assert not few & set(placed)
        for one in found.crowded():
            people = [mentee for mentee in placed if employer[mentee] == one.organisation]
            assert len({placed[mentee] for mentee in people}) <= one.circles
