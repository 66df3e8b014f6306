"""Why somebody waits, in words that they or the programme team can act on, and without names."""

from typing import Any

import pytest

from circles.formation.answer import Circle
from circles.formation.explain import Explainer
from circles.formation.numbers import Numbers
from circles.formation.reading import read_problem

TUESDAY, FRIDAY = "Tuesday 12:30", "Friday 10:00"


def person(ident: str, *slots: str, **more: Any) -> dict[str, Any]:
    return {"id": ident, "organisation": f"of {ident}", "slots": list(slots)} | more


def reasons(mentors: list[Any], mentees: list[Any], *circles: Circle, **more: Any) -> dict[str, str]:
    problem = read_problem({"mentors": mentors, "mentees": mentees, "minimum": 1} | more)
    return Explainer(Numbers(problem), circles).reasons()


def test_all_seats_taken_names_how_many_and_the_two_ways_out():
    mentors = [person("m1", TUESDAY, capacity=2), person("m2", FRIDAY, capacity=1)]
    mentees = [person(f"e{n}", TUESDAY, FRIDAY) for n in range(4)] + [person("e4", TUESDAY)]
    found = reasons(
        mentors, mentees, Circle("m1", ("e0", "e1"), TUESDAY, "online"), Circle("m2", ("e2",), FRIDAY, "online")
    )
    assert found["e3"] == (
        "All three seats in the two circles that suit are taken: a circle that suits, which meets on Friday 10:00, "
        "would need one more seat, or one more mentor who is free on Tuesday 12:30 would suit two of the people "
        "who wait."
    )
    assert found["e4"] == (
        "Both seats in the only circle that suits are taken: it meets on Tuesday 12:30 and would need one more "
        "seat, or one more mentor who is free on Tuesday 12:30 would suit two of the people who wait."
    )


def test_in_pairs_no_further_seat_is_offered():
    mentors = [person("m1", TUESDAY, capacity=1)]
    found = reasons(mentors, [person("e0", TUESDAY), person("e1", TUESDAY)], Circle("m1", ("e0",), TUESDAY))
    assert found["e1"] == (
        "The only mentor who would suit has somebody: one more mentor who is free on Tuesday 12:30 would help."
    )


def circle_at_another_time(**more: Any) -> str:
    """Why e1 waits, who could have met the mentor on Friday, while the circle meets on Tuesday."""
    mentors = [person("m1", TUESDAY, FRIDAY, capacity=more.pop("capacity", 3))]
    mentees = [person("e0", TUESDAY), person("e1", FRIDAY, places=["online"])]
    place = more.pop("place", "online")
    return reasons(mentors, mentees, Circle("m1", ("e0",), TUESDAY, place), **more)["e1"]


def test_a_free_seat_at_another_time_is_named():
    assert circle_at_another_time() == (
        "No circle whose mentor would suit meets when they are free: "
        "being free on Tuesday 12:30 would open a circle that has a seat."
    )


@pytest.mark.parametrize("hindrance", [{"capacity": 1}, {"place": "leeds"}, {"apart": [["e0", "e1"]]}])
def test_another_time_is_not_offered_where_it_would_not_help(hindrance):
    words = circle_at_another_time(**hindrance)
    assert words == (
        "No circle whose mentor would suit meets on Friday 10:00 and has a seat: "
        "one more mentor who is free on Friday 10:00 would help."
    )
