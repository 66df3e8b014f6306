"""Publication: circles become real, sessions are planned, and everybody is told then and not before."""

import pytest

from circles.models import Circle, FormationRun, Membership
from circles.services import formation, publishing
from circles.services.board import FormationError
from circles.tasks.formation import run_engine
from cohorts.models import Cohort
from outbox import kinds
from outbox.delivery import deliver_all
from outbox.models import Message
from outbox.rendering import render
from participants.models import Enrolment
from tests.circles.forming import enrol, pairs, ready

pytestmark = pytest.mark.django_db


def proposal(cohort: Cohort) -> FormationRun:
    run = formation.start_run(cohort=cohort, by=None, seconds=1)
    run_engine(run.pk)
    run.refresh_from_db()
    return run


def text_of(message: Message) -> str:
    kind = kinds.get(message.kind)
    rendered = render(kind.template, kind.context(message))
    return f"{rendered.subject}\n{rendered.text}"


def test_publishing_seats_everybody_and_plans_their_sessions():
    cohort = ready(leads=2, members=8)
    run = proposal(cohort)
    circles = publishing.publish(run=run, by=None)
    cohort.refresh_from_db()
    run.refresh_from_db()
    assert cohort.published_at
    assert run.state == "published"
    assert [circle.number for circle in circles] == [1, 2]
    assert Membership.objects.filter(seat=0).count() == 2
    assert Membership.objects.exclude(seat=0).count() == 8
    assert all(circle.sessions.count() == 6 for circle in circles)
    assert {str(circle.slot) for circle in circles} == {"Tuesday 12:30"}


def test_circles_at_the_same_time_meet_in_different_weeks():
    circles = publishing.publish(run=proposal(ready(leads=2, members=8)), by=None)
    assert sorted(circle.week_of_month for circle in circles) == [1, 2]


def test_nobody_is_told_before_and_everybody_once_after():
    cohort = ready(leads=1, members=4)
    lead = cohort.enrolments.get(side="lead")
    waits = enrol(cohort, organisation=lead.organisation, slots=list(cohort.slots.all()))
    run = proposal(cohort)
    assert not Message.objects.exists()
    publishing.publish(run=run, by=None)
    placed = Message.objects.filter(kind="circles.placed")
    assert placed.count() == 5
    assert set(placed.values_list("recipient", flat=True)) == {
        one.user_id for one in cohort.enrolments.all() if one.pk != waits.pk
    }
    assert Message.objects.get(kind="circles.waiting").recipient == waits.user
    assert Message.objects.filter(kind="circles.session_invited").count() == 5 * 6
    assert not Message.objects.filter(recipient=waits.user, kind="circles.session_invited").exists()


def test_the_preview_says_what_publishing_does():
    cohort = ready(leads=1, members=4)
    lead = cohort.enrolments.get(side="lead")
    waits = enrol(cohort, organisation=lead.organisation, slots=list(cohort.slots.all()))
    run = proposal(cohort)
    late = enrol(cohort, slots=list(cohort.slots.all()))
    seen = publishing.preview(run)
    assert (seen.leads, len(seen.members), set(seen.waiting), seen.told) == ([lead], 4, {waits, late}, 7)
    publishing.publish(run=run, by=None)
    told = Message.objects.filter(kind__in=["circles.placed", "circles.waiting"])
    assert told.count() == seen.told


def test_publishing_twice_is_refused():
    run = proposal(ready(leads=1, members=4))
    publishing.publish(run=run, by=None)
    with pytest.raises(FormationError, match="published already"):
        publishing.publish(run=run, by=None)
    assert Circle.objects.count() == 1


def test_a_cohort_that_is_published_forms_no_more_circles():
    cohort = ready(leads=1, members=4)
    publishing.publish(run=proposal(cohort), by=None)
    with pytest.raises(FormationError, match="published already"):
        formation.start_run(cohort=cohort, by=None)


def test_a_proposal_that_breaks_a_rule_by_now_is_not_published():
    cohort = ready(leads=1, members=4)
    run = proposal(cohort)
    lead = cohort.enrolments.get(side="lead")
    Enrolment.objects.filter(pk=run.seats.first().enrolment_id).update(organisation=lead.organisation)
    with pytest.raises(FormationError, match="same organisation"):
        publishing.publish(run=run, by=None)
    assert not Circle.objects.exists()
    assert not Message.objects.exists()


def test_a_proposal_whose_mentor_has_withdrawn_is_not_published():
    cohort = ready(leads=1, members=4)
    run = proposal(cohort)
    cohort.enrolments.filter(side="lead").update(state="withdrawn")
    assert "withdrawn" in publishing.preview(run).blockers[0]


def test_a_run_that_is_not_ready_is_not_published():
    run = formation.start_run(cohort=ready(), by=None)
    with pytest.raises(FormationError, match="not ready"):
        publishing.publish(run=run, by=None)


@pytest.mark.parametrize("mutual", [False, True])
def test_pairs_are_published_like_circles(mutual: bool):
    circles = publishing.publish(run=proposal(pairs(2, mutual=mutual)), by=None)
    assert [(circle.capacity, circle.memberships.count()) for circle in circles] == [(1, 2), (1, 2)]
    message = Message.objects.filter(kind="circles.placed").first()
    assert "Your pair in" in text_of(message)


def test_what_people_are_told():
    cohort = ready(leads=1, members=4)
    lead = cohort.enrolments.get(side="lead")
    enrol(cohort, organisation=lead.organisation, slots=list(cohort.slots.all()))
    publishing.publish(run=proposal(cohort), by=None)
    placed = Message.objects.filter(kind="circles.placed")
    member = text_of(placed.exclude(recipient=lead.user).first())
    assert f"It is led by {lead.user}" in member
    assert "The first session is on Tuesday" in member
    assert "has 4 members" in text_of(placed.get(recipient=lead.user))
    waiting = text_of(Message.objects.get(kind="circles.waiting"))
    assert "every mentor is from the same organisation" in waiting.lower()


def test_people_who_have_left_by_then_are_not_told(mailoutbox):
    cohort = ready(leads=1, members=4)
    publishing.publish(run=proposal(cohort), by=None)
    gone = Membership.objects.filter(seat=1).get()
    gone.left_at = cohort.created_at
    gone.save()
    deliver_all()
    assert Message.objects.get(kind="circles.placed", recipient=gone.enrolment.user).state == "skipped"


def test_telling_takes_as_many_queries_for_eight_people_as_for_four(count_queries):
    few, many = proposal(ready(leads=1, members=4)), proposal(ready(leads=1, members=8))
    told = count_queries(lambda: publishing.publish(run=few, by=None))
    assert count_queries(lambda: publishing.publish(run=many, by=None)) == told
    invited = Message.objects.filter(kind="circles.session_invited")
    assert invited.count() == (5 + 9) * 6
    assert invited.values("recipient", "object_id").distinct().count() == invited.count()
