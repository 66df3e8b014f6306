"""Two questions after a session, once, in confidence; and half-way through a pair a note, never a figure."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts import clock
from circles.models import Attendance, Session
from cohorts.reminders import for_rule
from outbox.models import Message
from participants.models import Enrolment
from privacy.models import AuditEvent
from surveys import services
from surveys.models import Answer, ParticipantKey, Response, TeamNote
from surveys.selectors import due_check_ins, due_mid_points
from surveys.selectors.check_ins import check_in_page
from surveys.selectors.windows import session_span
from surveys.services import queue_survey_reminders
from tests.factories import (
    CircleFactory,
    CohortFactory,
    EnrolmentFactory,
    FormatFactory,
    MembershipFactory,
    SessionFactory,
)
from tests.surveys.people import FIRST_SESSION, LAUNCH, cohort_with_sessions, seated

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
ENDED = FIRST_SESSION + 2 * HOUR


@pytest.fixture
def person(move_clock) -> Enrolment:  # type: ignore[no-untyped-def]
    """Sat in the circle at its first session, which is just over."""
    move_clock(FIRST_SESSION - DAY)
    cohort = cohort_with_sessions()
    enrolment = seated(cohort)
    move_clock(ENDED)
    return enrolment


def first_session(person: Enrolment) -> Session:
    return Session.objects.select_related("circle__cohort").get(circle__cohort=person.cohort, number=1)


def say(person: Enrolment, value: int | None = 4, **values: object) -> Response:
    part = check_in_page(person.cohort)
    item = part.instrument.items.get()
    return services.answer_check_in(session=first_session(person), enrolment=person, values={item.pk: value}, **values)


def test_who_was_there_is_asked_for_two_weeks_and_once(person: Enrolment, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(FIRST_SESSION + HOUR)
    assert due_check_ins(person.user) == []
    move_clock(ENDED)
    assert [due.session.number for due in due_check_ins(person.user)] == [1]
    say(person)
    assert due_check_ins(person.user) == []
    with pytest.raises(services.AlreadySubmittedError):
        say(person)
    assert Answer.objects.count() == 1


def test_it_closes_after_two_weeks(person: Enrolment, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(first_session(person).ends_at + 14 * DAY)
    assert due_check_ins(person.user) == []
    with pytest.raises(services.NotOpenError):
        say(person)


def test_who_stayed_away_is_not_asked(person: Enrolment) -> None:
    Attendance.objects.create(session=first_session(person), enrolment=person, attended=False)
    assert due_check_ins(person.user) == []
    with pytest.raises(services.NotOpenError):
        say(person)


def test_an_answer_knows_neither_the_person_nor_the_circle(person: Enrolment) -> None:
    response = say(person, None)
    assert response.occasion == 1
    assert response.participant_key == ParticipantKey.objects.get(enrolment=person).key
    assert Answer.objects.get().value is None
    assert not AuditEvent.objects.filter(actor=person.user).exists()
    other = seated(person.cohort)
    with pytest.raises(ValidationError):
        say(other, 9)


@pytest.mark.parametrize("named", [True, False])
def test_a_note_goes_to_the_team_with_a_name_or_without(person: Enrolment, named: bool) -> None:
    say(person, note="Zuleika was not well.", named=named)
    note = TeamNote.objects.get()
    assert (note.enrolment == person, note.asks_for_help) == (named, named)
    assert bool(note.participant_key) is not named
    assert AuditEvent.objects.filter(actor=person.user, verb="note.sent").exists() is named
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM surveys_teamnote")
        assert "Zuleika" not in cursor.fetchone()[0]


def test_a_note_has_a_name_or_a_key_and_never_both(person: Enrolment) -> None:
    for values in ({"enrolment": person, "participant_key": "a" * 32}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamNote.objects.create(cohort=person.cohort, origin="check_in", text="x", **values)


# --- by mail ----------------------------------------------------------------------------------
def test_the_day_after_who_was_there_is_asked_once_and_not_beside_the_other_mail(person: Enrolment, move_clock) -> None:  # type: ignore[no-untyped-def]
    session, other = first_session(person), seated(person.cohort)
    for one in (person, other):
        Attendance.objects.create(session=session, enrolment=one, attended=True)
    Message.objects.create(
        key="x", kind="circles.session_attendance", about=session, recipient=other.user, address=other.user.email
    )
    move_clock(ENDED + 3 * HOUR)
    queue_survey_reminders()
    assert not Message.objects.filter(kind="surveys.check_in").exists()
    for hours in (24, 25, 48, 80):
        move_clock(session.ends_at + hours * HOUR)
        queue_survey_reminders()
    asked = Message.objects.filter(kind="surveys.check_in")
    assert [message.recipient for message in asked] == [person.user]


def test_a_cohort_asks_after_as_many_days_as_its_own_rule_says_or_not_at_all(person: Enrolment, move_clock) -> None:  # type: ignore[no-untyped-def]
    session, rules = first_session(person), person.cohort.reminder_rules.filter(kind="check_in")
    Attendance.objects.create(session=session, enrolment=person, attended=True)
    rules.update(days=2)
    for hours, queued in ((24, 0), (48, 1)):
        move_clock(session.ends_at + hours * HOUR)
        (verdict,) = for_rule(rules.get())
        assert (queue_survey_reminders(), verdict.when) == (queued, "now" if queued else "later")
    Message.objects.all().delete()
    rules.update(enabled=False)
    assert queue_survey_reminders() == 0


def test_a_tick_after_sessions_costs_the_same_for_three_people_as_for_one(person, move_clock, count_queries) -> None:  # type: ignore[no-untyped-def]
    session = first_session(person)
    Attendance.objects.create(session=session, enrolment=person, attended=True)
    move_clock(session.ends_at + DAY)
    assert queue_survey_reminders() == 1
    one = count_queries(queue_survey_reminders)
    for _ in range(2):
        Attendance.objects.create(session=session, enrolment=seated(person.cohort), attended=True)
    assert queue_survey_reminders() >= 2
    assert count_queries(queue_survey_reminders) == one


# --- half-way through a pair ------------------------------------------------------------------
@pytest.fixture
def partner(move_clock) -> Enrolment:  # type: ignore[no-untyped-def]
    move_clock(LAUNCH)
    cohort = CohortFactory(launch=LAUNCH, format=FormatFactory(key="pairs", capacity=1, minimum=1, target=1))
    services.ensure_surveys(cohort=cohort)
    circle = CircleFactory(cohort=cohort, capacity=1)
    enrolment = EnrolmentFactory(cohort=cohort, completed_at=clock.now())
    MembershipFactory(circle=circle, enrolment=enrolment, seat=1)
    for number in range(6):
        SessionFactory(circle=circle, number=number + 1, starts_at=FIRST_SESSION + 28 * number * DAY)
    return enrolment


def test_the_second_half_asks_once_and_keeps_nothing_without_consent(partner: Enrolment, move_clock) -> None:  # type: ignore[no-untyped-def]
    span = session_span(partner.cohort)
    half = span.first_starts + (span.last_ends - span.first_starts) / 2
    move_clock(half - HOUR)
    assert due_mid_points(partner.user) == []
    move_clock(half)
    assert due_mid_points(partner.user) == [partner]
    told = {"enrolment": partner, "shared": "mine", "text": "I explain everything.", "asks_for_help": True}
    with pytest.raises(ValidationError):
        services.send_mid_point(**told, agreed=False)
    assert not TeamNote.objects.exists()
    note = services.send_mid_point(**told, agreed=True)
    assert (note.text, note.asks_for_help) == ("I explain everything.", True)
    assert due_mid_points(partner.user) == []
    assert not Response.objects.exists()  # two people are no statistic
    with pytest.raises(services.AlreadySubmittedError):
        services.send_mid_point(**told, agreed=True)
    move_clock(span.last_ends)
    assert due_mid_points(partner.user) == []


def test_who_has_nothing_to_tell_is_left_alone(partner: Enrolment, move_clock) -> None:  # type: ignore[no-untyped-def]
    span = session_span(partner.cohort)
    move_clock(span.first_starts + (span.last_ends - span.first_starts) / 2)
    note = services.decline_mid_point(enrolment=partner)
    assert (note.text, note.shared, note.settled_at is not None) == ("", "", True)
    assert due_mid_points(partner.user) == []
