"""The formation board, from readiness to publication."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from circles.models import Circle, FormationRun, KeptApart
from circles.services import board, formation
from circles.services.apart import keep_apart
from cohorts.models import Cohort
from outbox.models import Message
from tests.circles.forming import enrol, pairs, ready
from tests.circles.forming import proposed as proposal
from tests.factories import CohortFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(StaffFactory(role="manager"))
    return client


def url(cohort: Cohort, name: str = "board") -> str:
    return reverse(f"admin:formation_{name}", args=[cohort.pk])


def move_url(run: FormationRun, seat) -> str:  # type: ignore[no-untyped-def]
    return reverse("admin:formation_move", args=[run.pk, seat.enrolment_id])


def text(response) -> str:  # type: ignore[no-untyped-def]
    assert response.status_code == 200
    return response.content.decode()


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


# --- kept apart -------------------------------------------------------------------------------
def apart_url(run: FormationRun, seat) -> str:  # type: ignore[no-untyped-def]
    return reverse("admin:formation_apart", args=[run.pk, seat.enrolment_id])


def test_keeping_somebody_out_of_a_circle_leads_on_to_another_place(staff):
    run = proposal(ready(leads=2, members=8))
    seat = run.seats.filter(circle__number=1).first()
    lead = seat.circle.lead
    assert f"Keep apart from {lead.user}" in text(staff.get(apart_url(run, seat)))
    page = text(staff.post(apart_url(run, seat), {"other": lead.pk}, follow=True))
    assert "They still sit together" in page
    assert "Move to" in page
    board_page = text(staff.get(url(run.cohort)))
    assert f"{lead.user} and {seat.enrolment.user} are kept apart." in board_page
    assert "Kept apart (1)" in board_page


def test_keeping_two_apart_who_sit_apart_and_taking_it_back(staff):
    run = proposal(ready(leads=2, members=8))
    one, other = run.seats.filter(circle__number=1).first(), run.seats.filter(circle__number=2).first()
    page = text(staff.post(apart_url(run, one), {"other": other.enrolment_id}, follow=True))
    assert "are kept apart from now on" in page
    pair = KeptApart.objects.get()
    remove = reverse("admin:formation_together", args=[pair.pk])
    assert "They may sit together" in text(staff.get(remove))
    assert KeptApart.objects.exists()
    assert "may sit together again" in text(staff.post(remove, follow=True))
    assert not KeptApart.objects.exists()


def test_what_contradicts_a_held_seat_is_refused_on_the_page(staff):
    run = proposal(ready(leads=2, members=8))
    seat = run.seats.filter(circle__number=1).first()
    board.pin(run=run, enrolment=seat.enrolment, pinned=True, by=None, version=1)
    page = text(staff.post(apart_url(run, seat), {"other": seat.circle.lead_id}))
    assert "is held in circle 1. Let them go there first." in page
    assert not KeptApart.objects.exists()


def test_nobody_of_another_cohort_can_be_chosen(staff):
    run, stranger = proposal(ready(leads=2, members=8)), enrol(CohortFactory())
    page = text(staff.post(apart_url(run, run.seats.first()), {"other": stranger.pk}))
    assert "There is a problem" in page
    assert not KeptApart.objects.exists()


# --- versions ---------------------------------------------------------------------------------
def test_versions_are_listed_compared_and_taken_up_again(staff):
    cohort = ready(leads=2, members=8)
    older = proposal(cohort)
    seat = older.seats.filter(circle__number=1).first()
    board.move(run=older, enrolment=seat.enrolment, circle=None, by=None, version=1)
    newer = proposal(cohort)
    page = text(staff.get(url(cohort, "versions")))
    assert "Changed by hand 1 time." in page
    assert "On the board" in page
    assert page.count("Take this one up again") == 1
    page = text(staff.get(url(cohort, "compare"), {"first": older.pk, "second": newer.pk}))
    assert "Wait only in the first (1)" in page
    assert str(seat.enrolment.user) in page
    page = text(staff.post(reverse("admin:formation_take_up", args=[older.pk]), follow=True))
    assert "as a new one. Nothing was overwritten." in page
    assert cohort.formation_runs.count() == 3
    assert "copied from an older proposal" in page


def test_a_comparison_of_nothing_shows_the_list(staff):
    cohort = ready(leads=2, members=8)
    other = proposal(ready(leads=2, members=8))
    assert "No proposal yet" in text(staff.get(url(cohort, "versions")))
    proposal(cohort)
    page = text(staff.get(url(cohort, "compare"), {"first": other.pk, "second": other.pk}))
    assert "There is a problem" in page


@pytest.mark.parametrize("name", ["versions", "compare"])
def test_lists_of_versions_take_as_many_queries_for_three_as_for_two(staff, count_queries, name):
    cohort = ready(leads=2, members=8)
    runs = [proposal(cohort), proposal(cohort)]
    data = {"first": runs[0].pk, "second": runs[1].pk}
    two = count_queries(lambda: text(staff.get(url(cohort, name), data)))
    proposal(cohort)
    assert count_queries(lambda: text(staff.get(url(cohort, name), data))) == two


def test_places_take_as_many_queries_for_three_circles_as_for_one(staff, count_queries):
    def queries(leads: int) -> int:
        run = proposal(ready(leads=leads, members=3 * leads, circle_minimum=3, circle_target=3))
        options = reverse("admin:formation_options", args=[run.pk, run.seats.first().enrolment_id])
        return count_queries(lambda: text(staff.get(options)))

    assert queries(1) == queries(3)


# --- publishing -------------------------------------------------------------------------------
def test_publishing_previews_who_is_told_and_then_tells_them(staff):
    cohort = ready(leads=1, members=4)
    run = proposal(cohort)
    page = text(staff.get(url(cohort, "publish")))
    assert "5 people are told" in page
    assert all(str(one.user) in page for one in cohort.enrolments.all())
    assert "Read one in full" in page
    assert "The first session is on Tuesday" in page
    assert not Message.objects.exists()
    page = text(staff.post(url(cohort, "publish"), {"run": run.pk, "version": 1}, follow=True))
    assert "1 circle published. Everybody is told." in page
    assert Circle.objects.filter(cohort=cohort).count() == 1
    assert Message.objects.filter(kind="circles.placed").count() == 5


def test_a_preview_that_is_out_of_date_publishes_nothing(staff):
    cohort = ready(leads=2, members=8)
    run = proposal(cohort)
    board.pin(run=run, enrolment=run.seats.first().enrolment, pinned=True, by=None, version=1)
    page = text(staff.post(url(cohort, "publish"), {"run": run.pk, "version": 1}, follow=True))
    assert "Nothing was published. Check again" in page
    assert not Circle.objects.exists()


def test_a_preview_of_another_proposal_publishes_nothing(staff):
    cohort = ready(leads=2, members=8)
    older = proposal(cohort)
    proposal(cohort)
    page = text(staff.post(url(cohort, "publish"), {"run": older.pk, "version": 1}, follow=True))
    assert "Nothing was published" in page
    assert "That did not work" in text(staff.post(url(cohort, "publish"), {"version": 1}, follow=True))
    assert not Circle.objects.exists()


def test_pairs_are_called_pairs(staff):
    cohort = pairs(2)
    assert "Form pairs</button>" in text(staff.get(url(cohort)))
    proposal(cohort)
    assert "Pair 1" in text(staff.get(url(cohort)))


@pytest.mark.parametrize("role", ["inclusion_adviser", "analyst", "read_only"])
def test_other_staff_may_neither_look_nor_act(client, role):
    client.force_login(StaffFactory(role=role))
    cohort = ready()
    assert client.get(url(cohort)).status_code == 403
    assert client.post(url(cohort, "start")).status_code == 403
    assert client.post(url(cohort, "publish")).status_code == 403
    assert not FormationRun.objects.exists()


def test_another_cohort_s_board_and_people_are_not_found(client):
    mine, other = ready(), ready(leads=1, members=4)
    user = StaffFactory(role="manager")
    user.staff_assignments.update(cohort=mine)
    client.force_login(user)
    run = proposal(other)
    assert client.get(url(mine)).status_code == 200
    assert client.get(url(other)).status_code == 404
    seat = run.seats.first()
    assert client.get(move_url(run, seat)).status_code == 404
    assert client.get(apart_url(run, seat)).status_code == 404
    assert client.post(reverse("admin:formation_take_up", args=[run.pk])).status_code == 404
    pair = keep_apart(first=seat.enrolment, second=run.seats.last().enrolment, by=None)
    assert client.post(reverse("admin:formation_together", args=[pair.pk])).status_code == 404
    assert KeptApart.objects.exists()


@pytest.mark.parametrize("name", ["start", "stop"])
def test_looking_changes_nothing(staff, name):
    assert staff.get(url(ready(), name)).status_code == 405
