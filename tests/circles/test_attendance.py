"""Who came, and who may say so."""

import datetime as dt
from collections.abc import Callable

import pytest

from circles.models import Attendance, Session
from circles.selectors import attended_count
from circles.services import sessions
from circles.services.attendance import record_all, record_attendance
from circles.services.sessions import SessionError
from privacy.models import AuditEvent
from tests.circles.circle import Published, add_member, published


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    return published(dt.date(2026, 10, 1))


@pytest.fixture
def session(ours: Published, move_clock: Callable) -> Session:
    """The first session, ten minutes after it has begun."""
    first = sessions.plan_sessions(circle=ours.circle, by=None)[0]
    move_clock(first.starts_at + dt.timedelta(minutes=10))
    return first


def test_a_member_says_so_with_one_tap_and_the_lead_corrects(ours: Published, session: Session) -> None:
    me = ours.members[0]
    record_attendance(session=session, enrolment=me, attended=True, by=me.user)
    assert attended_count(me) == 1
    record_attendance(session=session, enrolment=me, attended=False, by=ours.lead.user)
    assert attended_count(me) == 0


def test_a_member_cannot_contradict_the_lead(ours: Published, session: Session) -> None:
    me = ours.members[0]
    record_attendance(session=session, enrolment=me, attended=False, by=ours.lead.user)
    with pytest.raises(SessionError, match="recorded already"):
        record_attendance(session=session, enrolment=me, attended=True, by=me.user)
    assert attended_count(me) == 0


def test_the_lead_records_everybody_at_once(ours: Published, session: Session) -> None:
    came = {ours.lead.pk, ours.members[1].pk}
    assert record_all(session=session, came=came, by=ours.lead.user) == 3
    assert record_all(session=session, came=came, by=ours.lead.user) == 0
    facts = dict(Attendance.objects.values_list("enrolment_id", "attended"))
    assert facts == {ours.lead.pk: True, ours.members[0].pk: False, ours.members[1].pk: True}


def test_a_reply_is_kept_beside_the_fact(ours: Published, move_clock: Callable) -> None:
    first = sessions.plan_sessions(circle=ours.circle, by=None)[0]
    sessions.reply(session=first, enrolment=ours.members[0], reply="no")
    move_clock(first.starts_at)
    record_all(session=first, came={ours.members[0].pk}, by=ours.lead.user)
    fact = Attendance.objects.get(enrolment=ours.members[0])
    assert (fact.reply, fact.attended) == ("no", True)


def test_who_joins_later_was_not_absent_before(ours: Published, session: Session, move_clock: Callable) -> None:
    move_clock(session.ends_at + dt.timedelta(days=3))
    late = add_member(ours.circle, 5)
    record_all(session=session, came=set(), by=ours.lead.user)
    assert not late.attendances.exists()


def test_who_had_left_is_not_recorded(ours: Published, session: Session) -> None:
    ours.members[0].memberships.update(left_at=session.starts_at - dt.timedelta(days=1))
    record_all(session=session, came=set(), by=ours.lead.user)
    assert not ours.members[0].attendances.exists()


def test_not_before_it_starts_and_not_when_it_was_cancelled(ours: Published) -> None:
    first, second, *_ = sessions.plan_sessions(circle=ours.circle, by=None)
    with pytest.raises(SessionError, match="once the session has started"):
        record_all(session=first, came=set(), by=ours.lead.user)
    cancelled = sessions.cancel_session(session=second, by=ours.lead.user)
    with pytest.raises(SessionError, match="cancelled"):
        record_attendance(session=cancelled, enrolment=ours.lead, attended=True, by=ours.lead.user)


def test_a_stranger_cannot_have_been_there(ours: Published, session: Session) -> None:
    stranger = published(dt.date(2026, 12, 1)).members[0]
    with pytest.raises(SessionError, match="not in the circle"):
        record_attendance(session=session, enrolment=stranger, attended=True, by=ours.lead.user)


def test_a_circle_of_any_size_is_recorded_with_the_same_queries_and_a_line_for_each(
    ours: Published, session: Session, count_queries: Callable
) -> None:
    lines = AuditEvent.objects.filter(verb="attendance.recorded")
    record_all(session=session, came=set(), by=ours.lead.user)
    three = count_queries(lambda: record_all(session=session, came={ours.lead.pk}, by=ours.lead.user))
    everybody = {ours.lead.pk} ^ set(Attendance.objects.values_list("enrolment_id", flat=True))
    assert count_queries(lambda: record_all(session=session, came=everybody, by=ours.lead.user)) == three
    assert lines.count() == 3 + 1 + 3
    assert {line.data["attended"] for line in lines} == {True, False}
