"""Certificates: who earns one, what it looks like to a program."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.core import mail
from pypdf import PdfReader

from circles.models import Certificate
from circles.services import sessions
from circles.services.attendance import record_attendance
from circles.services.certificates import certificate_pdf, issue_certificates
from outbox.delivery import deliver_all
from tests.circles.circle import Published, published


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


def test_who_has_left_gets_none(ours: Published) -> None:
    ours.members[0].memberships.update(left_at=dt.datetime(2027, 4, 1, tzinfo=dt.UTC))
    assert issue_certificates(cohort=ours.circle.cohort, by=None) == 1


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
