"""Runs of the engine over a cohort, and the proposal in people's hands."""

import pytest

from circles.formation.budget import Status
from circles.formation.reading import read_problem
from circles.models import FormationRun
from circles.selectors import formation as selectors
from circles.selectors import moves
from circles.services import board, formation
from circles.services.board import ConflictError, FormationError
from circles.tasks.formation import run_engine
from cohorts.models import Cohort
from outbox.models import Message
from participants.models import Enrolment
from privacy.models import AuditEvent
from tests.circles.forming import enrol, pairs, ready
from tests.factories import CohortFactory, OrganisationFactory, SlotFactory, StaffFactory, TopicFactory

pytestmark = pytest.mark.django_db


def form(cohort: Cohort, seconds: int = 1) -> FormationRun:
    run = formation.start_run(cohort=cohort, by=None, seconds=seconds)
    assert run_engine(run.pk)
    run.refresh_from_db()
    return run


def layout(run: FormationRun) -> dict[int, set]:
    return {c.number: {seat.enrolment_id for seat in c.seats.all()} for c in run.circles.all()}


def test_a_run_seats_everybody_and_tells_nobody():
    cohort = ready(leads=2, members=8)
    run = form(cohort)
    assert run.state == "done"
    assert sum(map(len, layout(run).values())) == 8
    assert not run.seats.filter(circle=None).exists()
    assert run.input_hash
    assert run.cost == sum(run.parts.values())
    assert all(seat.because for seat in run.seats.all())
    assert all(str(c.slot) == "Tuesday 12:30pm" for c in run.circles.all())
    assert not Message.objects.exists()


def test_nobody_is_led_by_somebody_of_their_own_organisation_and_the_reason_is_given():
    cohort = ready(leads=1, members=4)
    lead = cohort.enrolments.get(side="lead")
    colleague = enrol(cohort, organisation=lead.organisation, slots=list(cohort.slots.all()))
    run = form(cohort)
    seat = run.seats.get(enrolment=colleague)
    assert seat.circle is None
    assert seat.reason == "Every mentor is from the same organisation."


def test_only_those_who_have_finished_enrolling_are_seated():
    cohort = ready(leads=1, members=4)
    left = cohort.enrolments.members().first()
    Enrolment.objects.filter(pk=left.pk).update(state="withdrawn")
    assert not form(cohort).seats.filter(enrolment=left).exists()


def test_the_problem_holds_nothing_sensitive():
    cohort = ready(leads=1, members=1)
    person = cohort.enrolments.members().first()
    person.access_needs, person.goal_note = "A quiet room", "Something personal"
    person.save()
    data = selectors.problem_data(cohort, list(selectors.people_of(cohort)))
    known = {"id", "organisation", "level", "function", "slots", "places", "goals", "expertise", "capacity"}
    assert all(set(one) <= known for one in data["mentors"] + data["mentees"])
    text = str(data)
    assert not any(word in text for word in (person.user.email, person.user.last_name, "quiet", "personal"))
    assert read_problem(data)


def test_goals_level_and_function_reach_the_engine():
    cohort = ready(leads=1, members=0)
    topic = TopicFactory(name="Leading change")
    enrol(cohort, topics=[topic], level=4, function="legal", slots=[cohort.slots.get()])
    mentee = selectors.problem_of(cohort).mentees[0]
    assert (mentee.goals, mentee.level, mentee.function) == (("Leading change",), 4, "legal")
    assert mentee.slots == ("Tuesday 12:30pm",)


@pytest.mark.parametrize("mutual", [False, True])
def test_pairs_come_from_the_same_engine(mutual: bool):
    run = form(pairs(3, mutual=mutual))
    assert [len(members) for members in layout(run).values()] == [1, 1, 1]
    sides = {circle.lead.side for circle in run.circles.select_related("lead")}
    assert sides == {"lead"}
    assert set(run.seats.values_list("enrolment__side", flat=True)) == {"member"}


def test_one_run_at_a_time():
    cohort = ready()
    formation.start_run(cohort=cohort, by=None)
    with pytest.raises(FormationError, match="being formed already"):
        formation.start_run(cohort=cohort, by=None)


def test_a_run_is_claimed_once():
    run = formation.start_run(cohort=ready(), by=None, seconds=1)
    assert run_engine(run.pk) is True
    assert run_engine(run.pk) is False


def test_a_run_needs_people_on_both_sides():
    with pytest.raises(FormationError, match="mentor"):
        formation.start_run(cohort=ready(leads=0), by=None)


def test_a_run_whose_worker_died_does_not_stand_in_the_way(move_clock):
    cohort = ready()
    dead = formation.start_run(cohort=cohort, by=None)
    move_clock(dead.created_at.date().replace(year=dead.created_at.year + 1))
    formation.start_run(cohort=cohort, by=None)
    dead.refresh_from_db()
    assert dead.state == "failed"
    assert "start again" in dead.problem


def test_stopping_keeps_what_was_found():
    cohort = ready(leads=2, members=8)
    run = formation.start_run(cohort=cohort, by=None, seconds=120)
    FormationRun.objects.filter(pk=run.pk).update(stop_requested=True)
    run_engine(run.pk)
    run.refresh_from_db()
    assert run.state == "done"
    assert (run.finished_at - run.started_at).total_seconds() < 60
    assert run.seats.count() == 8


def test_stopping_before_the_start_ends_the_run():
    run = formation.start_run(cohort=ready(), by=None)
    formation.stop_run(run=run, by=StaffFactory())
    run.refresh_from_db()
    assert run.state == "failed"
    assert run_engine(run.pk) is False


def test_a_fault_leaves_a_readable_problem(monkeypatch):
    run = formation.start_run(cohort=ready(), by=None)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(formation, "solve", fail)
    run_engine(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "secret" not in run.problem


def test_a_pin_that_breaks_a_rule_fails_the_next_run_by_name():
    cohort = ready(leads=1, members=4)
    run = form(cohort)
    seat = run.seats.first()
    board.pin(run=run, enrolment=seat.enrolment, pinned=True, by=None, version=1)
    lead = cohort.enrolments.get(side="lead")
    Enrolment.objects.filter(pk=seat.enrolment_id).update(organisation=lead.organisation)
    again = form(cohort)
    assert again.state == "failed"
    assert seat.enrolment.user.get_full_name() in again.problem
    assert str(seat.enrolment_id) not in again.problem


def test_a_pin_survives_forming_again():
    cohort = ready(leads=2, members=8)
    run = form(cohort)
    seat = run.seats.select_related("circle").first()
    board.pin(run=run, enrolment=seat.enrolment, pinned=True, by=None, version=1)
    again = form(cohort)
    held = again.seats.select_related("circle").get(enrolment=seat.enrolment)
    assert held.circle.lead_id == seat.circle.lead_id
    assert held.pinned
    assert "Fixed here by hand." in held.because


# --- moving -----------------------------------------------------------------------------------
def two_circles() -> tuple[FormationRun, object, object]:
    run = form(ready(leads=2, members=8))
    first, second = run.circles.all()
    return run, first, second


def test_a_move_changes_the_proposal_its_cost_and_its_version():
    run, first, second = two_circles()
    person = first.seats.first().enrolment
    foreseen = moves.effect(run=run, enrolment=person, circle=second)
    before = run.cost
    board.move(run=run, enrolment=person, circle=second, by=None, version=1)
    run.refresh_from_db()
    assert run.version == 2
    assert run.cost == before + foreseen.cost
    seat = run.seats.get(enrolment=person)
    assert seat.circle == second
    assert seat.pinned
    assert AuditEvent.objects.filter(verb="formation.moved", object_id=run.pk).exists()


def test_a_move_to_the_waiting_list_and_back():
    run, first, _ = two_circles()
    person = first.seats.first().enrolment
    board.move(run=run, enrolment=person, circle=None, by=None, version=1)
    seat = run.seats.get(enrolment=person)
    assert (seat.circle, seat.reason) == (None, selectors.BY_HAND)
    board.move(run=run, enrolment=person, circle=first, by=None, version=2)
    assert run.seats.get(enrolment=person).reason == ""


def test_a_move_on_an_old_version_is_told_and_overwrites_nothing():
    run, first, second = two_circles()
    mine, theirs = [seat.enrolment for seat in first.seats.all()[:2]]
    board.move(run=run, enrolment=theirs, circle=second, by=None, version=1)
    with pytest.raises(ConflictError, match="Somebody moved somebody at"):
        board.move(run=run, enrolment=mine, circle=None, by=None, version=1)
    assert run.seats.get(enrolment=mine).circle == first
    assert run.seats.get(enrolment=theirs).circle == second


def test_a_move_under_a_colleague_is_refused_with_the_reason():
    run, first, second = two_circles()
    person = first.seats.first().enrolment
    person.organisation = second.lead.organisation
    person.save()
    assert not moves.effect(run=run, enrolment=person, circle=second).allowed
    with pytest.raises(FormationError, match="same organisation"):
        board.move(run=run, enrolment=person, circle=second, by=None, version=1)
    assert run.seats.get(enrolment=person).circle == first


def test_a_move_to_a_time_that_does_not_suit_is_refused():
    run, first, second = two_circles()
    person = first.seats.first().enrolment
    person.slots.set([SlotFactory(cohort=run.cohort, weekday=4)])
    with pytest.raises(FormationError, match="no time that suits everyone"):
        board.move(run=run, enrolment=person, circle=second, by=None, version=1)


def test_a_move_into_a_full_circle_is_refused():
    cohort = ready(leads=2, members=13, circle_minimum=3, circle_target=10)
    run = form(cohort)
    sizes = sorted(run.circles.all(), key=lambda circle: circle.seats.count())
    small, large = sizes
    while large.seats.count() < 10:
        person = small.seats.first().enrolment
        run.refresh_from_db()
        board.move(run=run, enrolment=person, circle=large, by=None, version=run.version)
    run.refresh_from_db()
    with pytest.raises(FormationError, match="11 people for 10 seats"):
        board.move(run=run, enrolment=small.seats.first().enrolment, circle=large, by=None, version=run.version)


def test_a_move_that_leaves_a_circle_under_its_minimum_is_refused_unless_somebody_is_pinned():
    run, first, second = two_circles()
    people = [seat.enrolment for seat in first.seats.all()]
    board.move(run=run, enrolment=people[0], circle=second, by=None, version=1)
    with pytest.raises(FormationError, match="needs 3"):
        board.move(run=run, enrolment=people[1], circle=second, by=None, version=2)
    board.pin(run=run, enrolment=people[3], pinned=True, by=None, version=2)
    board.move(run=run, enrolment=people[1], circle=second, by=None, version=3)
    assert first.seats.count() == 2


def test_a_circle_that_its_last_member_leaves_goes():
    run = form(pairs(2))
    circle = run.circles.first()
    board.move(run=run, enrolment=circle.seats.get().enrolment, circle=None, by=None, version=1)
    assert not run.circles.filter(pk=circle.pk).exists()


# --- readiness --------------------------------------------------------------------------------
def test_readiness_shows_slots_without_a_mentor_and_people_with_few_circles():
    cohort = ready(leads=3, members=5)
    lonely = SlotFactory(cohort=cohort, weekday=4)
    person = enrol(cohort, slots=[lonely])
    enrol(cohort, state="started", agreed_at=None)
    found = selectors.readiness(cohort)
    assert (found.leads, found.members, found.unfinished, found.seats) == (3, 6, 1, 30)
    assert [slot.label for slot in found.slots if slot.lacks_a_lead] == ["Friday 12:30pm"]
    assert [(one.enrolment, one.circles, one.barred) for one in found.few] == [
        (person, 0, ["no time in common with 3"])
    ]
    assert (found.seatable, found.will_wait, found.nothing_amiss) == (5, 1, False)


def test_readiness_names_organisations_that_cannot_be_spread_one_to_a_circle():
    cohort = ready(leads=1, members=1)
    big = OrganisationFactory(name="Big Employer")
    for _ in range(2):
        enrol(cohort, organisation=big)
    assert selectors.readiness(cohort).crowded == [selectors.CrowdedOrganisation("Big Employer", 2, 1, 1)]


def test_readiness_names_circles_that_cannot_reach_the_minimum_and_places_nobody_leads_in():
    cohort = ready(leads=1, members=4)
    early = SlotFactory(cohort=cohort, weekday=4)
    lonely = enrol(cohort, role="mentor", slots=[early])
    for _ in range(2):
        enrol(cohort, slots=[early], meets_at=["online", "Leeds"])
    found = selectors.readiness(cohort)
    assert found.short == [selectors.ShortCircle(lonely, 2, 3)]
    assert found.unled_places == ["Leeds"]


def test_a_cohort_with_nothing_in_the_way_says_so():
    found = selectors.readiness(ready(leads=3, members=9))
    assert found.nothing_amiss
    assert (found.few, found.crowded, found.short, found.unled_places, found.will_wait) == ([], [], [], [], 0)


@pytest.mark.parametrize("mutual", [False, True])
def test_readiness_of_pairs_counts_partners(mutual: bool):
    cohort = pairs(2, mutual=mutual)
    assert selectors.readiness(cohort).nothing_amiss
    role = "partner" if mutual else "mentee"
    alone = enrol(cohort, role=role, side="member", slots=[SlotFactory(cohort=cohort, weekday=4)])
    found = selectors.readiness(cohort)
    assert [(one.enrolment, one.circles, one.barred) for one in found.few] == [(alone, 0, ["no time in common with 2"])]
    assert (found.seatable, found.will_wait, found.crowded) == (2, 1, [])


def test_readiness_takes_as_many_queries_for_many_as_for_few(count_queries):
    def queries(people: int) -> int:
        cohort = ready(leads=people, members=people)
        return count_queries(lambda: selectors.readiness(Cohort.objects.select_related("format").get(pk=cohort.pk)))

    assert queries(1) == queries(3)


def test_the_problem_has_the_known_keys_only_and_each_of_them_from_an_answer_about_meeting():
    """Whatever else becomes known about people: what the engine is told is this list, and no more."""
    cohort = ready(leads=1, members=1)
    data = selectors.problem_data(cohort, list(selectors.people_of(cohort)), {"x": "y"})
    assert set(data) == {
        "mentors", "mentees", "apart", "met", "fit", "pinned", "own_organisation", "mutual", "minimum", "target",
    }  # fmt: skip
    person = {"id", "organisation", "level", "function", "slots", "places"}
    assert [set(one) for one in data["mentors"]] == [person | {"capacity", "expertise"}]
    assert [set(one) for one in data["mentees"]] == [person | {"goals"}]
    lead, member = cohort.enrolments.get(side="lead"), cohort.enrolments.get(side="member")
    assert {one["id"] for one in data["mentors"] + data["mentees"]} == {str(lead.pk), str(member.pk)}
    assert data["mentees"][0]["organisation"] == str(member.organisation_id)


def test_the_best_so_far_stands_while_another_start_is_tried():
    run = FormationRun.objects.create(cohort=CohortFactory())
    report = formation._Reporter(run)
    for cost in (500.0, None):
        report(Status(cost=cost, bound=400.0, seconds=1, share=0.1))
    run.refresh_from_db()
    assert (run.progress["cost"], run.progress["step"]) == (500, "Making the circles better")


def test_a_proposal_keeps_what_is_proven_of_it():
    run = form(ready(leads=2, members=8))
    assert (run.progress["waiting"], run.progress["held"]) == (0, 0)
    assert "waiting" in run.progress["proof"]
