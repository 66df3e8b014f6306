"""What no app forgets by itself is forgotten on its day, not before it, and everything else stays (G-08)."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import clock
from accounts.models import AddressChange, User
from circles.models import Attendance, Certificate, Circle, Notice
from cohorts.models import Cohort
from participants.models import Enrolment
from participants.tasks import expire_nominations
from privacy import retention
from privacy.erasure import is_erased
from privacy.models import AuditEvent
from privacy.tasks import forget_old
from surveys.models import IntruderTest
from surveys.tasks import forget_old as surveys_forget_old
from tests.factories import (
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    InterestFactory,
    NominationFactory,
    ParticipationFactory,
    StaffFactory,
    UserFactory,
)
from tests.surveys.people import AFTER, BEFORE, cohort_with_sessions, seated

pytestmark = pytest.mark.django_db
DAY, TWO_YEARS = dt.timedelta(days=1), dt.timedelta(days=730)


def left_behind(enrolment: Enrolment) -> None:
    circle = Circle.objects.get(memberships__enrolment=enrolment)
    session = circle.sessions.first()
    Attendance.objects.update_or_create(
        session=session, enrolment=enrolment, defaults={"reply": "yes", "attended": True}
    )
    Certificate.objects.create(enrolment=enrolment, sessions_attended=5, sessions_held=6)
    Notice.objects.create(circle=circle, text="The lift is broken", written_by=enrolment)
    circle.hand_over = "She wants to move on"
    circle.save()
    Enrolment.objects.filter(pk=enrolment.pk).update(goal_note="To lead", access_needs="A ramp", job_title="Clerk")


def test_a_cohort_goes_after_two_years_and_whoever_nothing_needs(move_clock: Callable) -> None:
    move_clock(BEFORE)
    cohort, loaded = cohort_with_sessions(), CohortFactory(number=77)
    gone, here = (seated(cohort, seat=1 + n) for n in range(2))
    of_loaded = EnrolmentFactory(cohort=loaded, goal_note="Loaded")
    for enrolment in (gone, here):
        left_behind(enrolment)
    participation = ParticipationFactory(organisation=gone.organisation, cohort=cohort)
    nomination = NominationFactory(participation=participation, email=gone.user.email, state="accepted", reason="Good")
    Enrolment.objects.filter(pk=gone.pk).update(nomination=nomination)
    move_clock(AFTER)
    Cohort.objects.filter(pk=cohort.pk).update(closed_at=clock.now())
    ended = clock.now()

    move_clock(ended + TWO_YEARS - DAY)
    current = EnrolmentFactory(user=here.user, goal_note="This time")
    # Loaded today, although it was over long ago.
    Cohort.objects.filter(pk=loaded.pk).update(closed_at=ended - TWO_YEARS, created_at=clock.now())
    User.objects.filter(pk=of_loaded.user_id).update(created_at=clock.now())
    assert forget_old() == 0
    expire_nominations()
    nomination.refresh_from_db()
    assert (nomination.erased_at, nomination.reason) == (None, "Good")

    move_clock(ended + TWO_YEARS + DAY)
    assert forget_old() > 0
    expire_nominations()
    for enrolment in (gone, here, current, of_loaded):
        enrolment.refresh_from_db()
    assert [is_erased(one.user) for one in (gone, here, of_loaded)] == [True, False, False]
    assert (here.goal_note, here.access_needs, here.job_title, here.role) == ("", "", "", "mentee")
    assert (current.goal_note, of_loaded.goal_note) == ("This time", "Loaded")
    assert not Certificate.objects.exists()
    assert not Notice.objects.exists()
    assert set(Circle.objects.filter(cohort=cohort).values_list("hand_over", flat=True)) == {""}
    assert set(Attendance.objects.values_list("reply", "attended")) == {("", True)}
    nomination.refresh_from_db()
    assert (bool(nomination.erased_at), nomination.reason) == (True, "")
    assert AuditEvent.objects.get(verb="cohort.forgotten").object_id == cohort.pk
    assert AuditEvent.objects.get(verb="person.forgotten").object_id == gone.user_id
    assert forget_old() == 0


def test_an_account_is_kept_while_anything_needs_it(move_clock: Callable) -> None:
    began = clock.now()
    nobody, signs_in = UserFactory(), UserFactory()
    needed = [StaffFactory(), CoordinatorFactory().user, EnrolmentFactory().user]
    was_coordinator = CoordinatorFactory(ended_at=began + DAY).user
    User.objects.filter(pk=signs_in.pk).update(last_login=began + TWO_YEARS)
    needed += [UserFactory(email=name + "@employer.example") for name in ("again", "wrote")]
    NominationFactory(email="Again@employer.example", state="invited")
    InterestFactory(contact_email="Wrote@employer.example")
    move_clock(began + TWO_YEARS - DAY)
    assert retention.forget_accounts() == 0
    move_clock(began + TWO_YEARS + dt.timedelta(hours=1))
    assert retention.forget_accounts() == 1
    move_clock(began + TWO_YEARS + 2 * DAY)
    assert retention.forget_accounts() == 1
    found = {one.pk for one in User.objects.all() if is_erased(one)}
    assert found == {nobody.pk, was_coordinator.pk}
    assert not found & {one.pk for one in needed}


def test_what_was_for_signing_in_goes_when_it_is_over(move_clock: Callable) -> None:
    staff, began = StaffFactory(), clock.now()
    change = AddressChange.objects.create(user=staff, address="new@employer.example")
    kind = ContentType.objects.get_for_model(User)
    line = LogEntry.objects.create(user=staff, content_type=kind, object_id="1", object_repr="Ada", action_flag=2)
    LogEntry.objects.filter(pk=line.pk).update(action_time=began)
    for key, ends in (("over", -1), ("lasts", 1)):
        expires = timezone.now() + dt.timedelta(hours=ends)
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    move_clock(began + dt.timedelta(hours=23))
    assert retention.forget_sign_ins() == 1
    assert Session.objects.get().session_key == "lasts"
    move_clock(began + DAY)
    assert retention.forget_sign_ins() == 1
    assert not AddressChange.objects.filter(pk=change.pk).exists()
    move_clock(began + dt.timedelta(days=364))
    assert retention.forget_sign_ins() == 0
    move_clock(began + dt.timedelta(days=366))
    assert retention.forget_sign_ins() == 1
    assert not LogEntry.objects.exists()


def test_who_tried_to_find_somebody_is_forgotten_and_what_came_of_it_is_not(move_clock: Callable) -> None:
    test = IntruderTest.objects.create(done_on=clock.today(), tried_by="Jo", tried="All", outcome="nobody")
    for days, by in ((2191, "Jo"), (2192, "Erased"), (2193, "Erased")):
        move_clock(test.done_on + dt.timedelta(days=days))
        surveys_forget_old()
        test.refresh_from_db()
        assert (test.tried_by, test.tried, test.outcome) == (by, "All", "nobody")
