"""The formation board, from readiness to publication."""

import pytest
from django.test import Client
from django.urls import reverse

from circles.models import Circle, FormationRun
from circles.services import board, formation
from circles.tasks.formation import run_engine
from cohorts.models import Cohort
from outbox.models import Message
from tests.circles.forming import enrol, pairs, ready
from tests.factories import CohortFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(StaffFactory(role="manager"))
    return client


def proposal(cohort: Cohort) -> FormationRun:
    run = formation.start_run(cohort=cohort, by=None, seconds=1)
    run_engine(run.pk)
    run.refresh_from_db()
    return run


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
    assert "Tuesday 12:30" in page
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
        "cost": None, "bound": None, "seconds": 0,
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
    assert "Tuesday 12:30, online" in page
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


def test_checking_a_move_shows_its_effect_and_changes_nothing(staff):
    run = proposal(ready(leads=2, members=8))
    first, second = run.circles.all()
    seat = first.seats.first()
    page = text(staff.post(move_url(run, seat), {"version": 1, "to": str(second.pk), "check": "1"}))
    assert "This move is possible" in page
    assert run.seats.get(pk=seat.pk).circle == first


def test_moving_somebody(staff):
    run = proposal(ready(leads=2, members=8))
    first, second = run.circles.all()
    seat = first.seats.first()
    page = text(staff.post(move_url(run, seat), {"version": 1, "to": str(second.pk), "move": "1"}, follow=True))
    assert f"is moved to Circle {second.number}" in page
    assert run.seats.get(pk=seat.pk).circle == second


def test_a_move_that_breaks_a_rule_says_so_when_checked_and_when_tried(staff):
    run = proposal(ready(leads=2, members=8))
    first, second = run.circles.all()
    seat = first.seats.first()
    seat.enrolment.organisation = second.lead.organisation
    seat.enrolment.save()
    data = {"version": 1, "to": str(second.pk)}
    assert "This move is not possible" in text(staff.post(move_url(run, seat), data | {"check": "1"}))
    assert "same organisation" in text(staff.post(move_url(run, seat), data | {"move": "1"}, follow=True))
    assert run.seats.get(pk=seat.pk).circle == first


def test_the_second_of_two_staff_is_told_and_overwrites_nothing(staff):
    run = proposal(ready(leads=2, members=8))
    first, second = run.circles.all()
    mine, theirs = first.seats.all()[:2]
    assert 'name="version" value="1"' in text(staff.get(move_url(run, mine)))
    board.move(run=run, enrolment=theirs.enrolment, circle=second, by=None, version=1)
    page = text(staff.post(move_url(run, mine), {"version": 1, "to": str(second.pk), "move": "1"}, follow=True))
    assert "Somebody else changed the proposal" in page
    assert run.seats.get(pk=mine.pk).circle == first


def test_holding_somebody_and_letting_go(staff):
    run = proposal(ready(leads=2, members=8))
    seat = run.seats.first()
    pin = reverse("admin:formation_pin", args=[run.pk, seat.enrolment_id])
    assert "Held here" in text(staff.post(pin, {"version": 1, "pinned": "on"}, follow=True))
    assert "Held here" not in text(staff.post(pin, {"version": 2}, follow=True))


def test_publishing_previews_who_is_told_and_then_tells_them(staff):
    cohort = ready(leads=1, members=4)
    proposal(cohort)
    page = text(staff.get(url(cohort, "publish")))
    assert "5 people are told" in page
    assert all(str(one.user) in page for one in cohort.enrolments.all())
    assert not Message.objects.exists()
    page = text(staff.post(url(cohort, "publish"), {"version": 1}, follow=True))
    assert "1 circle published. Everybody is told." in page
    assert Circle.objects.filter(cohort=cohort).count() == 1
    assert Message.objects.filter(kind="circles.placed").count() == 5


def test_a_preview_that_is_out_of_date_publishes_nothing(staff):
    cohort = ready(leads=2, members=8)
    run = proposal(cohort)
    board.pin(run=run, enrolment=run.seats.first().enrolment, pinned=True, by=None, version=1)
    page = text(staff.post(url(cohort, "publish"), {"version": 1}, follow=True))
    assert "Somebody changed the proposal" in page
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
    assert client.get(move_url(run, run.seats.first())).status_code == 404


@pytest.mark.parametrize("name", ["start", "stop"])
def test_looking_changes_nothing(staff, name):
    assert staff.get(url(ready(), name)).status_code == 405
