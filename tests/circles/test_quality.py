"""How near a proposal is to the best there can be, in words that claim no more than is proven."""

import pytest

from circles.models import FormationRun
from circles.selectors.quality import live_words, quality, short_quality


def run(cost: float | None, bound: float | None, wait: float = 0, **progress: object) -> FormationRun:
    return FormationRun(cost=cost, bound=bound, parts={"waiting": wait}, progress=progress)


pytestmark = pytest.mark.django_db

SHORTEST = {"proof": {"waiting": "proven smallest"}, "waiting": 4000}


def test_while_it_runs_the_bound_is_said_as_soon_as_there_is_one():
    assert live_words(None, None) == live_words(1200, None) == ""
    assert "cost less than 1,000 points." in live_words(None, 1000)
    assert "at most 200 points above what is possible" in live_words(1200, 1000)
    assert "proven" in live_words(1000, 1000)


def test_where_nobody_waits_the_whole_cost_is_compared():
    words = quality(run(1070, 1000))
    assert words == "No arrangement can cost less than 1,000 points; this one is within 7% of that."


def test_a_waiting_list_that_is_proven_the_shortest_is_set_aside():
    words = quality(run(5070, 5000, 4000, **SHORTEST))
    assert "The waiting list is proven the shortest: no arrangement seats more people." in words
    assert "costs 1,070 points and none can cost less than 1,000 points; this one is within 7% of that." in words
    assert short_quality(run(5070, 5000, 4000, **SHORTEST)) == "within 7% of the best possible"


@pytest.mark.parametrize(
    ("progress", "why"),
    [
        ({}, "Whether fewer people could wait is not known."),
        ({"proof": {"waiting": "proven smallest"}, "waiting": 2000}, "Fewer could wait: some were put on the list by"),
    ],
)
def test_a_waiting_list_that_is_not_proven_or_was_added_to_by_hand_is_not_set_aside(progress, why):
    words = quality(run(5070, 3000, 4000, **progress))
    assert f"this one is 2,070 points above that. {why}" in words
    assert "%" not in words
    assert short_quality(run(5070, 3000, 4000, **progress)) == "at most 2,070 points above the best possible"


def test_the_best_is_called_the_best():
    assert quality(run(4100, 4100, 4000, **SHORTEST)) == "This is proven the best: no arrangement can cost less."
    assert short_quality(run(4100, 4100, 4000, **SHORTEST)) == "proven the best"


def test_a_share_is_rounded_up_and_left_out_where_nothing_need_be_paid():
    assert "within 1% of that" in quality(run(1000.5, 1000))
    assert "at most 12 points above that" in quality(run(12, 0))
    assert short_quality(run(12, 0)) == "at most 12 points above the best possible"


def test_what_was_held_is_part_of_the_claim():
    assert "no arrangement that keeps those who were held can cost less" in quality(run(10, 10, held=2))


@pytest.mark.parametrize(("cost", "bound"), [(None, 3), (10, None), (9, 10)])
def test_nothing_is_claimed_without_a_bound_or_below_it(cost, bound):
    known = run(cost, bound)
    assert (quality(known), short_quality(known)) == ("", "not known")


def test_nothing_is_claimed_once_people_or_answers_have_changed():
    assert (quality(run(10, 10), is_stale=True), short_quality(run(10, 10), is_stale=True)) == ("", "not known")
