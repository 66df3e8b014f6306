"""Certificates for those who attended enough sessions."""

from functools import cache
from pathlib import Path

import typst
from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from accounts import clock
from accounts.models import User
from circles.links import page
from circles.models import Certificate, Membership, Session
from cohorts.models import Cohort
from outbox.services import queue
from privacy.services import record
from ui.dates import uk_date

TEMPLATE = Path(__file__).resolve().parent.parent / "certificate.typ"


@transaction.atomic
def issue_certificates(*, cohort: Cohort, by: User | None) -> int:
    """Give a certificate to everybody with a seat who came to enough sessions; returns how many are new.

    Somebody who has one keeps it as it is. Each is told.
    """
    seats = list(_earned(cohort).filter(enrolment__certificate=None))
    for seat in seats:
        certificate = Certificate.objects.create(
            enrolment=seat.enrolment, sessions_attended=seat.attended, sessions_held=max(seat.held, seat.attended)
        )
        queue(kind="circles.certificate_issued", about=certificate, to=seat.enrolment.user)
    if seats:
        record(by=by, verb="certificates.issued", about=cohort, certificates=len(seats))
    return len(seats)


def _earned(cohort: Cohort) -> QuerySet[Membership]:
    """Seats of people who came to at least as many sessions as the cohort asks for."""
    planned = Session.State.PLANNED
    came = Q(enrolment__attendances__attended=True, enrolment__attendances__session__state=planned)
    held = Q(circle__sessions__state=planned, circle__sessions__starts_at__lte=clock.now())
    seats = Membership.objects.current().filter(circle__cohort=cohort).select_related("enrolment__user")
    return seats.annotate(
        attended=Count("enrolment__attendances", filter=came, distinct=True),
        held=Count("circle__sessions", filter=held, distinct=True),
    ).filter(attended__gte=F("circle__cohort__certificate_sessions"))


def certificate_pdf(certificate: Certificate) -> bytes:
    """The certificate as a tagged PDF (PDF/UA-1), the same bytes every time."""
    enrolment = certificate.enrolment
    values = {
        "name": enrolment.user.get_full_name(),
        "programme": f"{enrolment.cohort.format.name}, {enrolment.cohort.name}",
        "service": settings.SERVICE_NAME,
        "role": enrolment.get_role_display().lower(),
        "attended": str(certificate.sessions_attended),
        "held": str(certificate.sessions_held),
        "date": uk_date(certificate.created_at).partition(" ")[2],
        "check": page("portal:certificate_check", certificate.code),
        "code": certificate.code,
    }
    return typst.compile(
        _source(),
        sys_inputs={name: str(value) for name, value in values.items()},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        timestamp=certificate.created_at.replace(microsecond=0),
    )


@cache
def _source() -> bytes:
    return TEMPLATE.read_bytes()
