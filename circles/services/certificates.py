"""Certificates for those who attended enough sessions."""

from functools import cache
from pathlib import Path

import typst
from django.conf import settings
from django.db import transaction

from accounts.models import User
from circles.links import page
from circles.models import Certificate
from circles.selectors.people import earned
from cohorts.models import Cohort
from outbox.services import queue
from privacy.services import record
from ui.dates import uk_date

TEMPLATE = Path(__file__).resolve().parent.parent / "certificate.typ"


@transaction.atomic
def issue_certificates(*, cohort: Cohort, by: User | None) -> int:
    """Give a certificate to everybody who came to enough sessions; returns how many are new.

    Sessions count in whichever circle somebody sat at the time, also for who has no seat any more because their circle
    ended. Who has withdrawn gets none; who has one keeps it as it is. Each is told.
    """
    people = list(earned(cohort).select_related("user"))
    for one in people:
        certificate = Certificate.objects.create(enrolment=one, sessions_attended=one.came, sessions_held=one.held)
        queue(kind="circles.certificate_issued", about=certificate, to=one.user)
    if people:
        record(by=by, verb="certificates.issued", about=cohort, certificates=len(people))
    return len(people)


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
