"""The formation board, from readiness to a proposal that people change by hand."""

import re

import pytest
from django.urls import reverse

from circles.models import FormationRun
from circles.services import board, formation
from tests.circles.forming import enrol, ready
from tests.circles.forming import proposed as proposal
from tests.factories import CohortFactory, StaffFactory
from tests.staff.forming.pages import move_url, text, url

pytestmark = pytest.mark.django_db


def test_the_board_of_a_new_cohort_says_how_ready_it_is(staff):
    page = text(staff.get(url(ready(leads=2, members=5))))
    assert "people to seat" in page
    assert "Tuesday 12:30pm" in page
    assert "Form circles</button>" in page


def test_a_cohort_without_people_says_what_is_missing(staff):
    assert "Nobody can be seated yet" in text(staff.get(url(CohortFactory())))


def test_starting_a_run_shows_its_progress(staff):
    cohort = ready()
    page = text(staff.post(url(cohort, "start"), {"seconds": "10"}, follow=True))
    assert "Waiting for a worker to begin" in page
    run = cohort.formation_runs.get()
    assert run.seconds_limit == 10
    assert staff.get(url(cohort, "progress")).json() == {
        "running": True, "percent": 0, "step": "Waiting for a worker to begin",
        "cost": None, "bound": None, "words": "", "seconds": 0, "limit": 10,
    }  # fmt: skip


def test_starting_twice_is_told(staff):
    cohort = ready()
    staff.post(url(cohort, "start"), {"seconds": "10"})
    assert "being formed already" in text(staff.post(url(cohort, "start"), {"seconds": "10"}, follow=True))
    assert cohort.formation_runs.count() == 1


def test_stopping_asks_the_run_to_keep_what_it_has(staff):
    cohort = ready()
    run = formation.start_run(cohort=cohort, by=None)
    FormationRun.objects.filter(pk=run.pk).update(state="running")
    page = text(staff.post(url(cohort, "stop"), follow=True))
    run.refresh_from_db()
    assert run.stop_requested
    assert "Stopping" in page


def test_a_failed_run_says_why_and_offers_another(staff):
    cohort = ready()
    FormationRun.objects.create(cohort=cohort, state="failed", problem="Ada and Bo can't be pinned together.")
    page = text(staff.get(url(cohort)))
    assert "Ada and Bo can&#x27;t be pinned together." in page or "Ada and Bo can't be pinned together." in page
    assert "Form circles</button>" in page


def test_the_proposal_shows_who_is_where_why_and_who_waits(staff):
    cohort = ready(leads=1, members=4)
    lead = cohort.enrolments.get(side="lead")
    waits = enrol(cohort, organisation=lead.organisation, slots=list(cohort.slots.all()))
    run = proposal(cohort)
    page = text(staff.get(url(cohort)))
    assert f"Led by {lead.user}" in page
    assert "Tuesday 12:30pm, online" in page
    assert "4 members from 4 organisations" in page
    assert "Every mentor is from the same organisation." in page
    assert str(waits.user) in page
    assert run.seats.filter(circle__isnull=False).first().because[0] in page
    assert "Nobody has been told" in page


def test_the_board_takes_as_many_queries_for_three_as_for_one(staff, count_queries):
    def queries(leads: int) -> int:
        cohort = ready(leads=leads, members=3 * leads, circle_minimum=3, circle_target=3)
        proposal(cohort)
        assert cohort.formation_runs.get().circles.count() == leads
        return count_queries(lambda: text(staff.get(url(cohort))))

    assert queries(1) == queries(3)


def test_the_move_page_lists_every_place_with_its_effect_the_best_first(staff):
    run = proposal(ready(leads=3, members=12, circle_target=6))
    first, second, third = run.circles.all()
    seat = first.seats.first()
    third.lead.organisation = seat.enrolment.organisation
    third.lead.save()
    page = text(staff.get(move_url(run, seat)))
    assert page.index(f"Circle {second.number}</strong>") < page.index("The waiting list</strong>")
    assert page.index("The waiting list</strong>") < page.index(f"Circle {third.number}</strong>")
    assert "The mentor and a mentee have the same organisation." in page
    assert "One more person waits." in page
    assert run.seats.get(pk=seat.pk).circle == first


def test_moving_somebody_and_undoing_it(staff):
    run = proposal(ready(leads=2, members=8))
    first, second = run.circles.all()
    seat = first.seats.first()
    page = text(staff.post(move_url(run, seat), {"version": 1, "to": str(second.pk)}, follow=True))
    assert f"is moved to Circle {second.number}" in page
    assert "Your last move" in page
    assert run.seats.get(pk=seat.pk).circle == second
    page = text(staff.post(reverse("admin:formation_undo", args=[run.pk]), follow=True))
    assert "is back where they were" in page
    assert "Your last move" not in page
    seat.refresh_from_db()
    assert (seat.circle, seat.pinned) == (first, False)


def test_a_move_is_no_longer_undone_once_somebody_else_has_changed_the_proposal(staff):
    run = proposal(ready(leads=2, members=8))
    first, second = run.circles.all()
    mine, theirs = first.seats.all()[:2]
    staff.post(move_url(run, mine), {"version": 1, "to": str(second.pk)})
    maya = StaffFactory(first_name="Maya", last_name="Manager")
    board.pin(run=run, enrolment=theirs.enrolment, pinned=True, by=maya, version=2)
    assert "Your last move" not in text(staff.get(url(run.cohort)))
    page = text(staff.post(reverse("admin:formation_undo", args=[run.pk]), follow=True))
    assert "Maya Manager held people where they are" in page
    assert run.seats.get(pk=mine.pk).circle == second


def test_there_is_nothing_to_undo_where_nothing_was_moved(staff):
    run = proposal(ready(leads=2, members=8))
    page = text(staff.post(reverse("admin:formation_undo", args=[run.pk]), follow=True))
    assert "There is no move of yours to take back." in page


def test_a_place_has_to_be_chosen(staff):
    run = proposal(ready(leads=2, members=8))
    page = text(staff.post(move_url(run, run.seats.first()), {"version": 1}))
    assert "Choose where they should sit." in page


def test_a_move_that_breaks_a_rule_says_so_and_moves_nobody(staff):
    run = proposal(ready(leads=2, members=8))
    first, second = run.circles.all()
    seat = first.seats.first()
    seat.enrolment.organisation = second.lead.organisation
    seat.enrolment.save()
    response = staff.post(move_url(run, seat), {"version": 1, "to": str(second.pk)})
    assert response.status_code == 409
    assert "This move is not possible" in response.content.decode()
    assert "same organisation" in response.content.decode()
    assert run.seats.get(pk=seat.pk).circle == first


def test_the_second_of_two_staff_is_told_who_when_and_keeps_the_choice(staff):
    run = proposal(ready(leads=2, members=8))
    first, second = run.circles.all()
    mine, theirs = first.seats.all()[:2]
    assert 'name="version" value="1"' in text(staff.get(move_url(run, mine)))
    maya = StaffFactory(first_name="Maya", last_name="Manager")
    board.pin(run=run, enrolment=theirs.enrolment, pinned=True, by=maya, version=1)
    response = staff.post(move_url(run, mine), {"version": 1, "to": str(second.pk)})
    page = response.content.decode()
    assert response.status_code == 409
    assert re.search(r"Maya Manager held people where they are at \S+\.", page)
    assert re.search(rf'value="{second.pk}" checked', page)
    assert 'name="version" value="2"' in page
    assert run.seats.get(pk=mine.pk).circle == first
    assert "is moved to" in text(staff.post(move_url(run, mine), {"version": 2, "to": str(second.pk)}, follow=True))


def test_a_change_to_a_proposal_that_has_been_replaced_is_refused(staff):
    cohort = ready(leads=2, members=8)
    older = proposal(cohort)
    proposal(cohort)
    response = staff.post(move_url(older, older.seats.first()), {"version": 1, "to": "waiting"})
    assert "There is a newer proposal by now" in response.content.decode()


def test_holding_somebody_and_letting_go(staff):
    run = proposal(ready(leads=2, members=8))
    seat = run.seats.first()
    pin = reverse("admin:formation_pin", args=[run.pk, seat.enrolment_id])
    assert "stays there when you form again" in text(staff.post(pin, {"version": 1, "pinned": "on"}, follow=True))
    assert "may move when you form again" in text(staff.post(pin, {"version": 2}, follow=True))
    assert "let people go at" in text(staff.post(pin, {"version": 2}, follow=True))  # an old version by now


def test_holding_a_whole_circle_and_letting_everybody_go(staff):
    run = proposal(ready(leads=2, members=8))
    first = run.circles.first()
    hold = reverse("admin:formation_hold", args=[run.pk])
    page = text(staff.post(hold, {"version": 1, "circle": first.pk, "pinned": "on"}, follow=True))
    assert "4 more people held in Circle 1." in page
    assert "<strong>4</strong> people are held and stay" in page
    assert run.seats.filter(pinned=True).count() == 4
    assert "4 people let go." in text(staff.post(hold, {"version": 2}, follow=True))
    assert not run.seats.filter(pinned=True).exists()
    page = text(staff.post(hold, {"version": 3, "circle": run.cohort.pk, "pinned": "on"}, follow=True))
    assert "That circle has gone" in page


def test_the_script_is_answered_in_json(staff):
    run = proposal(ready(leads=2, members=8))
    first, second = run.circles.all()
    seat, headers = first.seats.first(), {"accept": "application/json"}
    options = staff.get(reverse("admin:formation_options", args=[run.pk, seat.enrolment_id])).json()
    assert (options["version"], options["person"]) == (1, seat.enrolment.user.get_full_name())
    assert [target["key"] for target in options["targets"]] == [str(first.pk), str(second.pk), "waiting"]
    assert [target["now"] for target in options["targets"]] == [True, False, False]
    data = {"version": 1, "to": str(second.pk)}
    answer = staff.post(move_url(run, seat), data, headers=headers)
    assert answer.json()["focus"] == f"move-{seat.enrolment_id}"
    assert "is moved to Circle 2" in answer.json()["message"]
    refused = staff.post(move_url(run, seat), data, headers=headers)
    assert refused.status_code == 409
    assert "moved somebody at" in refused.json()["message"]
    assert "messagelist" not in text(staff.get(url(run.cohort)))  # nothing is left over for the next page


def test_finding_a_person_shows_their_circle_and_marks_them(staff):
    run = proposal(ready(leads=2, members=8))
    seat = run.seats.filter(circle__number=1).first()
    user = seat.enrolment.user
    user.first_name, user.last_name = "Zoë", "Ødegård"
    user.save()
    page = text(staff.get(url(run.cohort), {"q": "ZOE"}))
    assert "<mark>Zoë Ødegård</mark>" in page
    assert "1 person matches" in page
    assert ">Circle 1</h3>" in page
    assert ">Circle 2</h3>" not in page
    assert "0 people match" in text(staff.get(url(run.cohort), {"q": "nobody of that name"}))
    assert "1 person matches" in text(staff.get(url(run.cohort), {"q": seat.enrolment.organisation.name}))


def test_a_circle_that_breaks_a_rule_by_now_says_so_on_its_card(staff):
    run = proposal(ready(leads=2, members=8))
    seat = run.seats.filter(circle__number=1).first()
    seat.enrolment.organisation = run.circles.first().lead.organisation
    seat.enrolment.save()
    page = text(staff.get(url(run.cohort)))
    assert "This can’t be published as it is" in page
    assert "One of them breaks a rule by now" in page


def test_the_board_says_when_answers_have_changed_since(staff):
    run = proposal(ready(leads=2, members=8))
    assert "Something has changed since" not in text(staff.get(url(run.cohort)))
    enrolment = run.seats.first().enrolment
    enrolment.level = 6
    enrolment.save()
    assert "Something has changed since" in text(staff.get(url(run.cohort)))
