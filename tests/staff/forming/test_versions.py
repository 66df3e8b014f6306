"""Who is kept apart, versions of a proposal, and publishing one."""

import pytest
from django.urls import reverse

from circles.models import Circle, FormationRun, KeptApart, ProposedSeat
from circles.services import board
from circles.services.apart import keep_apart
from outbox.models import Message
from privacy import purposes
from privacy.models import AuditEvent
from tests.circles.forming import enrol, pairs, ready
from tests.circles.forming import proposed as proposal
from tests.factories import CohortFactory, StaffFactory
from tests.staff.forming.pages import move_url, text, url

pytestmark = pytest.mark.django_db


# --- kept apart -------------------------------------------------------------------------------
def apart_url(run: FormationRun, seat: ProposedSeat) -> str:
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
def test_publishing_previews_who_is_told_and_then_tells_them(staff, monkeypatch):
    monkeypatch.setattr(purposes, "MANY", 4)
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
    noted = AuditEvent.objects.get(verb="people.acted_on").data  # nobody was asked what for: it is a step of the plan
    assert (noted["act"], noted["rows"], noted["purpose"]) == ("Publish the circles", 5, "cohort")


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
