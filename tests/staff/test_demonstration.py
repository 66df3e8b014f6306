"""The demonstration programme: whole, the same everywhere, and silent about its past."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import clock
from accounts.models import User
from circles.models import Attendance, Circle, Membership, SessionNote
from circles.selectors.movers import just_moved
from circles.selectors.standing import Standing
from cohorts.models import Cohort
from organisations.models import Organisation
from outbox.models import Message, State
from participants.models import EnrolmentState, Nomination
from staff.demonstration.names import EMPLOYERS
from surveys.models import Comment, Publication, Response, Snapshot, Testimonial
from surveys.selectors import may_pass_on, released_figures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demonstration")]


def test_the_whole_programme_is_loaded_and_nothing_is_mailed_about_the_past():
    call_command("set_up", verbosity=0)
    progress = StringIO()
    before = clock.offset()
    call_command("load_demonstration", stderr=progress)
    assert clock.offset() == before
    assert "100%" in progress.getvalue()
    assert Organisation.objects.count() == len(EMPLOYERS) == 28
    assert 270 <= User.objects.count() <= 320
    assert Circle.objects.count() == 26
    assert {c.phase for c in Cohort.objects.all()} == {"closed", "sessions", "recruitment", "applications"}
    check_awkward_cases()
    check_mail()


def check_awkward_cases() -> None:
    """Somebody withdrawn, somebody absent, an employer with exactly three people, figures of a closed cohort."""
    running = Cohort.objects.get(name="Cohort 14")
    assert running.enrolments.filter(state=EnrolmentState.WITHDRAWN).exists()
    absent = Membership.objects.get(circle__cohort=running, circle__number=2, seat=Membership.LEAD_SEAT).enrolment
    latest = Attendance.objects.filter(enrolment=absent, attended__isnull=False).order_by("-session__starts_at")[:2]
    assert [fact.attended for fact in latest] == [False, False]
    late = running.enrolments.get(user__last_name="Ashgrove").memberships.current().get()
    assert late.is_lead
    assert late.circle.hand_over
    assert [one.state for one in Standing(running).reserve] == ["enrolled"]
    assert just_moved(running).count() == 1
    closed = Cohort.objects.get(name="Cohort 13")
    assert set(closed.snapshots.values_list("kind", flat=True)) == {*Snapshot.Kind.values} - {Snapshot.Kind.TOGETHER}
    assert Publication.objects.on_show().filter(cohort=closed).exists()
    assert Comment.objects.filter(answer__question__survey__cohort=closed).exists()
    assert Response.objects.filter(survey__cohort=closed, survey__wave="post", submitted_at__isnull=False).count() > 50
    check_figures(closed)
    assert running.team_notes.open().exists()
    assert running.concerns.waiting().exists()
    assert SessionNote.objects.filter(session__circle__cohort=running).exists()
    sizes = [p.nominations.live().count() for p in running.participations.all()]
    assert 3 in sizes, sizes


def check_figures(closed: Cohort) -> None:
    """There is something to see in every part of the impact page."""
    figures = released_figures(closed, Snapshot.Kind.IMPACT)
    assert figures["outcomes"][0]["key"] == "ngse"
    assert all(one["figures"] and one["looking_back"] for one in figures["outcomes"])
    assert any(row["figures"] for row in figures["check_ins"]["rows"])
    assert [one["figures"] is not None for one in figures["questions"]] == [True, True]
    assert closed.evaluation_plan.locked_at
    assert may_pass_on()
    assert Testimonial.objects.filter(state="published").count() == 4


def check_mail() -> None:
    """The past is written down as skipped; the one message that waits goes to an address that will refuse it."""
    waiting = Message.objects.exclude(state=State.SKIPPED)
    assert [m.kind for m in waiting] == ["participants.nominated"]
    assert waiting.get().address.endswith("@undeliverable.example")
    assert Nomination.objects.filter(email=waiting.get().address).exists()


def test_it_refuses_a_database_with_people_and_production(settings, django_user_model):
    django_user_model.objects.create_user("ada@employer.example", first_name="Ada", last_name="A")
    with pytest.raises(CommandError, match="people in this database"):
        call_command("load_demonstration")
    call_command("load_demonstration", "--if-empty")
    assert User.objects.count() == 1
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="no place in production"):
        call_command("load_demonstration", "--if-empty")
