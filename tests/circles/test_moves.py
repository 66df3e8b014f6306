"""Every place where somebody could sit: complete, in order, and priced as the judge of every answer prices it."""

import pytest

from circles.formation import cost
from circles.models import FormationRun
from circles.selectors.moves import WAITING, effect, options
from circles.selectors.proposal import Proposal
from circles.services import board
from circles.services.board import FormationError
from participants.models import Enrolment
from tests.circles.forming import enrol, pairs, proposed, ready
from tests.factories import OrganisationFactory, TopicFactory

pytestmark = pytest.mark.django_db


def mixed() -> FormationRun:
    """Three circles of people who differ, so that every part of the cost moves."""
    cohort = ready(leads=3, members=12, circle_minimum=2, circle_target=5)
    topics, employers = [TopicFactory() for _ in range(3)], [OrganisationFactory() for _ in range(4)]
    for number, one in enumerate(cohort.enrolments.all()):
        one.topics.set(topics[number % 3 :])
        one.level, one.function = 1 + number % 3, ("finance", "legal")[number % 2]
        if one.side == "member":
            one.organisation = employers[number % 4]
        one.save()
    return proposed(cohort)


def total(run: FormationRun) -> float:
    proposal = Proposal(run)
    return sum(cost.parts(proposal.problem, proposal.layout()).values())


def test_what_each_place_costs_is_what_the_move_then_costs():
    run = mixed()
    person = run.seats.filter(circle__isnull=False).first().enrolment
    before = total(run)
    assert run.cost == before
    for option in options(run=run, enrolment=person):
        if option.is_now or not option.effect.allowed:
            continue
        circle = None if option.key == WAITING else run.circles.get(pk=option.key)
        moved = board.move(run=run, enrolment=person, circle=circle, by=None, version=run.version)
        run.refresh_from_db()
        assert run.cost == total(run) == before + option.effect.cost
        board.undo(run=run, moved=moved, by=None)
        run.refresh_from_db()
        assert run.cost == before


@pytest.mark.parametrize("mutual", [False, True])
def test_the_same_holds_for_pairs_and_a_pair_can_be_opened_anew(mutual: bool):
    run = proposed(pairs(3, mutual=mutual))
    circle = run.circles.first()
    lead, person, before = circle.lead, circle.seats.get().enrolment, run.cost
    (waiting,) = [option for option in options(run=run, enrolment=person) if option.key == WAITING]
    assert "Pair 1 is empty then, and goes." in waiting.effect.changes
    board.move(run=run, enrolment=person, circle=None, by=None, version=1)
    run.refresh_from_db()
    assert run.cost == before + waiting.effect.cost
    (anew,) = [option for option in options(run=run, enrolment=person) if option.key == str(lead.pk)]
    assert (anew.label, anew.detail) == ("A new pair", f"Led by {lead.user}")
    spare = Proposal(run).spare[str(lead.pk)]
    board.move(run=run, enrolment=person, circle=spare, by=None, version=2)
    run.refresh_from_db()
    assert run.cost == before
    assert str(run.seats.get(enrolment=person).circle.slot) == "Tuesday 9am"


def test_every_place_is_there_once_and_the_best_comes_first():
    run = mixed()
    without = enrol(run.cohort, role="mentor", slots=list(run.cohort.slots.all()))
    person = run.circles.first().seats.first().enrolment
    found = options(run=run, enrolment=person)
    keys = {str(circle.pk) for circle in run.circles.all()} | {WAITING, str(without.pk)}
    assert {option.key for option in found} == keys
    assert len(found) == len(keys)
    assert found[0].is_now
    allowed = [option for option in found[1:] if option.effect.allowed]
    assert [option.effect.cost for option in allowed] == sorted(option.effect.cost for option in allowed)
    assert all(not option.effect.allowed for option in found[1 + len(allowed) :])


def test_a_place_that_is_not_allowed_says_which_rule():
    run = mixed()
    person = run.circles.first().seats.first().enrolment
    other = run.circles.last()
    Enrolment.objects.filter(pk=other.lead_id).update(organisation=person.organisation)
    seen = effect(run=run, enrolment=person, circle=other)
    assert (seen.allowed, seen.verdict) == (False, "Not possible")
    assert seen.broken == ["the mentor and a mentee have the same organisation"]
    (option,) = [one for one in options(run=run, enrolment=person) if one.key == str(other.pk)]
    assert option.effect == seen


def test_what_changes_is_said_in_words_and_counts():
    run = proposed(ready(leads=2, members=8, circle_target=4))
    person = run.circles.first().seats.first().enrolment
    waits = effect(run=run, enrolment=person, circle=None)
    assert waits.changes == [
        "One more person waits.",
        "Three fewer pairs share a circle and the same kind of work.",
        "Three fewer pairs share a circle and the same level.",
        "Sizes go further from what is aimed at.",
    ]
    assert waits.verdict == f"Worse by {round(waits.cost):,}"
    board.move(run=run, enrolment=person, circle=None, by=None, version=1)
    back = effect(run=run, enrolment=person, circle=run.circles.first())
    assert back.changes[0] == "One fewer person waits."
    assert back.cost == -waits.cost


def test_who_has_left_or_is_not_in_the_proposal_has_nowhere_to_go():
    run = proposed(ready())
    late = enrol(run.cohort, slots=list(run.cohort.slots.all()))
    assert options(run=run, enrolment=late) == []
    assert "form the circles again" in effect(run=run, enrolment=late, circle=None).broken[0]
    person = run.seats.first().enrolment
    Enrolment.objects.filter(pk=person.pk).update(state="withdrawn")
    assert options(run=run, enrolment=person) == []
    with pytest.raises(FormationError, match="not enrolled any more"):
        board.move(run=run, enrolment=person, circle=None, by=None, version=1)


# --- taking a move back -----------------------------------------------------------------------
def test_undoing_brings_back_a_circle_that_was_left_empty_under_its_number():
    run = proposed(pairs(2))
    circle = run.circles.first()
    person = circle.seats.get().enrolment
    moved = board.move(run=run, enrolment=person, circle=None, by=None, version=1)
    assert not run.circles.filter(lead=circle.lead).exists()
    board.undo(run=run, moved=moved, by=None)
    seat = run.seats.get(enrolment=person)
    assert (seat.circle.lead, seat.circle.number, seat.pinned) == (circle.lead, circle.number, False)


def test_undoing_keeps_that_somebody_was_held_or_put_on_the_waiting_list_by_hand():
    run = proposed(ready())
    first, second = run.circles.all()
    person = first.seats.first().enrolment
    board.pin(run=run, enrolment=person, pinned=True, by=None, version=1)
    board.undo(run=run, moved=board.move(run=run, enrolment=person, circle=second, by=None, version=2), by=None)
    assert run.seats.get(enrolment=person).pinned
    board.move(run=run, enrolment=person, circle=None, by=None, version=4)
    board.undo(run=run, moved=board.move(run=run, enrolment=person, circle=first, by=None, version=5), by=None)
    assert run.seats.get(enrolment=person).reason == "Left on the waiting list by hand."


def test_goals_are_not_compared_with_having_no_mentor():
    run = mixed()
    person = run.seats.filter(circle__isnull=False).first().enrolment
    person.topics.add(TopicFactory())
    to_waiting = effect(run=run, enrolment=person, circle=None)
    assert "One more person waits." in to_waiting.changes
    assert not any("goals better" in words for words in to_waiting.changes)
    origin = run.seats.get(enrolment=person).circle
    board.move(run=run, enrolment=person, circle=None, by=None, version=run.version)
    back = effect(run=run, enrolment=person, circle=origin)
    assert "The mentor does not cover all their goals." in back.changes
    assert not any("less well" in words for words in back.changes)
