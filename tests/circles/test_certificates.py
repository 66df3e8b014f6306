"""Certificates: who earns one, what it looks like to a program."""

import datetime as dt
import io
from collections.abc import Callable
from functools import partial

import pytest
from django.core import mail
from pypdf import PdfReader

from circles.models import Certificate, Circle
from circles.selectors import attended_count, held_count
from circles.services import sessions
from circles.services.attendance import record_attendance
from circles.services.certificates import certificate_pdf, issue_certificates
from circles.services.changes import confirm, plan_merge
from circles.services.membership import add_to_circle, withdraw
from outbox.delivery import deliver_all
from participants.models import Enrolment
from tests.circles import changing, forming
from tests.circles.circle import Published, published
from tests.factories import StaffFactory


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    """A circle after its six sessions: the first member came to four of them, the second to three."""
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    planned = sessions.plan_sessions(circle=made.circle, by=None)
    move_clock(dt.date(2027, 4, 12))
    for enrolment, times in [(made.lead, 6), (made.members[0], 4), (made.members[1], 3)]:
        for session in planned[:times]:
            record_attendance(session=session, enrolment=enrolment, attended=True, by=made.lead.user)
    return made


def test_those_who_came_often_enough(ours: Published) -> None:
    assert issue_certificates(cohort=ours.circle.cohort, by=None) == 2
    facts = set(Certificate.objects.values_list("enrolment_id", "sessions_attended", "sessions_held"))
    assert facts == {(ours.lead.pk, 6, 6), (ours.members[0].pk, 4, 6)}


def test_issuing_again_gives_nobody_a_second(ours: Published) -> None:
    issue_certificates(cohort=ours.circle.cohort, by=None)
    assert issue_certificates(cohort=ours.circle.cohort, by=None) == 0
    deliver_all()
    assert [m.subject for m in mail.outbox] == ["Your mentoring certificate"] * 2


def test_the_number_is_the_cohorts(ours: Published) -> None:
    ours.circle.cohort.certificate_sessions = 3
    ours.circle.cohort.save()
    assert issue_certificates(cohort=ours.circle.cohort, by=None) == 3


def test_who_has_withdrawn_gets_none(ours: Published) -> None:
    withdraw(enrolment=ours.members[0], by=None)
    assert issue_certificates(cohort=ours.circle.cohort, by=None) == 1


def test_sessions_count_in_whichever_circle_somebody_sat(move_clock: Callable) -> None:
    """One who moves after two sessions, one who led until then, and one who joined the other circle late."""
    move_clock(dt.date(2026, 9, 1))
    cohort = changing.published()
    stays, ends = changing.circle_of(cohort, 2), changing.circle_of(cohort, 1, week=3)
    [moves], spare = changing.members_of(ends), changing.lead_of(ends)
    move_clock(dt.date(2026, 11, 25))
    attend(ends, moves, spare)
    found = changing.standing(cohort)
    plan = partial(plan_merge, now=changing.now_of(stays, found), other=changing.now_of(ends, found))
    made = plan(found)
    confirm(cohort=cohort, make=plan, option=made.options[0].key, fingerprint=made.fingerprint, by=None)
    late = forming.enrol(cohort, slots=[changing.tuesday(cohort)])
    add_to_circle(enrolment=late, circle=stays, by=None)
    move_clock(dt.date(2027, 4, 12))
    attend(stays, moves, late, since=dt.datetime(2026, 11, 25, tzinfo=dt.UTC))
    assert (attended_count(moves), held_count(moves)) == (6, 6)
    assert (attended_count(late), held_count(late)) == (4, 4)
    assert (attended_count(spare), held_count(spare)) == (2, 2)
    cohort.certificate_sessions = 2
    cohort.save()
    issue_certificates(cohort=cohort, by=None)
    facts = set(Certificate.objects.values_list("enrolment_id", "sessions_attended", "sessions_held"))
    assert facts == {(moves.pk, 6, 6), (late.pk, 4, 4), (spare.pk, 2, 2)}


def attend(circle: Circle, *people: Enrolment, since: dt.datetime | None = None) -> None:
    """The people come to every session that has begun."""
    for session in circle.sessions.past().filter(starts_at__gte=since or circle.created_at):
        for one in people:
            record_attendance(session=session, enrolment=one, attended=True, by=StaffFactory())


def test_a_session_cancelled_afterwards_does_not_count(ours: Published) -> None:
    ours.circle.sessions.filter(number=1).update(state="cancelled")
    assert issue_certificates(cohort=ours.circle.cohort, by=None) == 1
    assert Certificate.objects.get().sessions_held == 5


def test_the_pdf_is_tagged_and_says_what_is_true(ours: Published) -> None:
    user = ours.members[0].user
    user.first_name, user.last_name = "Zoë #eval", "O’Łukasz *Ngũgĩ*"
    user.save()
    issue_certificates(cohort=ours.circle.cohort, by=None)
    certificate = Certificate.objects.get(enrolment=ours.members[0])
    pdf = certificate_pdf(certificate)
    reader = PdfReader(io.BytesIO(pdf))
    words = " ".join(reader.pages[0].extract_text().split())
    assert "Zoë #eval O’Łukasz *Ngũgĩ*" in words
    assert "came to 4 of 6 monthly sessions" in words
    assert certificate.code in words
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(reader.trailer["/Root"]["/Lang"]).lower().startswith("en")
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert certificate_pdf(certificate) == pdf
