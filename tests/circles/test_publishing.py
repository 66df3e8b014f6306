"""Publication: circles become real, sessions are planned, and everybody is told then and not before."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType

from accounts import clock
from circles.models import Circle, FormationRun, Membership, Session
from circles.services import board, formation, publishing
from circles.services.board import ConflictError, FormationError
from circles.services.rehearsal import rehearse
from circles.tasks.formation import run_engine
from cohorts.models import Cohort
from outbox import kinds
from outbox.delivery import deliver_all
from outbox.models import Message
from outbox.rendering import render
from outbox.tasks import deliver
from participants.models import Enrolment
from privacy.models import AuditEvent
from tests.circles.forming import enrol, pairs, ready
from tests.factories import StaffFactory

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
    assert {str(circle.slot) for circle in circles} == {"Tuesday 12:30pm"}


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


def waiting_colleague(cohort: Cohort) -> Enrolment:
    """Somebody whose only possible mentor is a colleague."""
    lead = cohort.enrolments.get(side="lead")
    return enrol(cohort, organisation=lead.organisation, slots=list(cohort.slots.all()))


def test_the_rehearsal_tells_exactly_what_publishing_then_does():
    cohort = ready(leads=1, members=4)
    waiting_colleague(cohort)
    run = proposal(cohort)
    enrol(cohort, slots=list(cohort.slots.all()))  # too late for the proposal, and told that they wait
    seen = rehearse(run=run, by=None)
    assert [(told.title, len(told.people), told.messages) for told in seen.told] == [
        ("Your circle, to mentors", 1, 1),
        ("Your circle, to mentees", 4, 4),
        ("Invitation to a session, to everybody with a seat", 5, 30),
        ("No seat yet, to mentees", 2, 2),
    ]
    assert (seen.people, seen.messages, seen.circles) == (7, 37, 1)
    publishing.publish(run=run, by=None)
    assert Message.objects.count() == 37


def test_a_rehearsal_shows_one_message_of_each_sort_in_full():
    cohort = ready(leads=1, members=4)
    waiting_colleague(cohort)
    lead, _, invitation, waiting = rehearse(run=proposal(cohort), by=None).told
    assert "has 4 members" in lead.example.text
    assert lead.example_for == cohort.enrolments.get(side="lead").user.get_full_name()
    assert (lead.has_calendar, invitation.has_calendar) == (False, True)
    assert "every mentor is from the same organisation" in waiting.example.text.lower()


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_rehearsal_gets_out(monkeypatch, mailoutbox):
    woken = []
    monkeypatch.setattr(deliver, "try_delay", lambda: woken.append(True))
    cohort = ready(leads=1, members=4)
    run = proposal(cohort)
    audit = AuditEvent.objects.count()
    assert rehearse(run=run, by=None).people == 5
    run.refresh_from_db()
    cohort.refresh_from_db()
    assert (run.state, run.version, cohort.published_at) == ("done", 1, None)
    assert [model.objects.count() for model in (Message, Circle, Membership)] == [0, 0, 0]
    assert (AuditEvent.objects.count(), woken, mailoutbox) == (audit, [], [])
    publishing.publish(run=run, by=None)
    assert woken == [True]  # the guard can see a worker that is woken


def test_a_rehearsal_says_what_stands_in_the_way():
    cohort = ready(leads=1, members=4)
    run = proposal(cohort)
    cohort.enrolments.filter(side="lead").update(state="withdrawn")
    seen = rehearse(run=run, by=None)
    assert "withdrawn" in seen.blockers[0]
    assert seen.told == []


def test_a_rehearsal_says_which_sessions_leave_their_usual_day():
    cohort = ready(leads=1, members=4)
    run = proposal(cohort)
    usual = {session.circle.number for session in rehearse(run=run, by=None).moved if "Strike" in session.moved_because}
    first = cohort.sessions_from
    cohort.blocked_dates.create(first_day=first, last_day=first + dt.timedelta(days=13), label="Strike")
    moved = [session for session in rehearse(run=run, by=None).moved if "Strike" in session.moved_because]
    assert usual == set()
    assert all(clock.local(session.starts_at).date() > first + dt.timedelta(days=13) for session in moved)
    assert not Session.objects.exists()


def test_a_cohort_whose_days_are_all_blocked_is_not_published():
    cohort = ready(leads=1, members=4)
    run = proposal(cohort)
    cohort.blocked_dates.create(first_day=cohort.sessions_from, last_day=cohort.sessions_until, label="Strike")
    (why,) = rehearse(run=run, by=None).blockers
    assert why.startswith("The sessions of Circle 1 can’t be planned: No Tuesday is free for the session of ")
    with pytest.raises(FormationError, match="No Tuesday is free"):
        publishing.publish(run=run, by=None)
    assert not Circle.objects.exists()


def test_publishing_names_the_version_that_was_looked_at():
    run = proposal(ready(leads=2, members=8))
    staff = StaffFactory(first_name="Maya", last_name="Manager")
    board.pin(run=run, enrolment=run.seats.first().enrolment, pinned=True, by=staff, version=1)
    with pytest.raises(ConflictError, match=r"Maya Manager held people where they are at \S+\."):
        publishing.publish(run=run, by=None, version=1)
    assert not Circle.objects.exists()


def test_an_older_proposal_is_not_published_in_the_place_of_the_newest():
    cohort = ready(leads=2, members=8)
    older = proposal(cohort)
    proposal(cohort)
    with pytest.raises(ConflictError):
        publishing.publish(run=older, by=None, version=1)
    assert not Circle.objects.exists()


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
    assert "withdrawn" in publishing.blockers(run)[0]


def test_a_run_that_is_not_ready_is_not_published():
    run = formation.start_run(cohort=ready(), by=None)
    with pytest.raises(FormationError, match="not ready"):
        publishing.publish(run=run, by=None)


@pytest.mark.parametrize("mutual", [False, True])
def test_pairs_are_published_like_circles(mutual: bool):
    circles = publishing.publish(run=proposal(pairs(2, mutual=mutual)), by=None)
    assert [(circle.capacity, circle.memberships.count()) for circle in circles] == [(1, 2), (1, 2)]
    message = Message.objects.filter(kind="circles.placed").first()
    assert "Your mentoring pair" in text_of(message)


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
    # Known kinds of thing cost a query once a process.
    ContentType.objects.get_for_models(FormationRun, Cohort, Circle, Session, Membership, Enrolment)
    told = count_queries(lambda: publishing.publish(run=few, by=None))
    assert count_queries(lambda: publishing.publish(run=many, by=None)) == told
    invited = Message.objects.filter(kind="circles.session_invited")
    assert invited.count() == (5 + 9) * 6
    assert invited.values("recipient", "object_id").distinct().count() == invited.count()
