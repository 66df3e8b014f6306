"""Somebody wants to leave whose circle the team has to see to first; and what comes of it."""

from django.db import transaction

from accounts import clock
from accounts.models import User
from participants.models import Enrolment, LeaveRequest
from privacy.services import record


@transaction.atomic
def ask_to_leave(*, enrolment: Enrolment, reason: str = "") -> LeaveRequest:
    """Tell the team; nothing else changes yet. Said again before the team has seen to it, the last words count."""
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    made, is_new = LeaveRequest.objects.update_or_create(
        enrolment=enrolment, answered_at=None, defaults={"reason": reason.strip()}
    )
    if is_new:
        record(by=enrolment.user, verb="enrolment.leaving_asked", about=enrolment)
    return made


@transaction.atomic
def take_back_leaving(*, enrolment: Enrolment) -> bool:
    """They think better of it; whether there was anything to take back."""
    gone = LeaveRequest.objects.filter(enrolment=enrolment, answered_at=None).delete()[0]
    if gone:
        record(by=enrolment.user, verb="enrolment.leaving_taken_back", about=enrolment)
    return bool(gone)


def settle_leaving(*, enrolment: Enrolment, by: User | None) -> str:
    """They have left: what was asked for is done. Returns the reason that they gave; the caller is in a transaction."""
    asked = LeaveRequest.objects.filter(enrolment=enrolment, answered_at=None).first()
    if asked is None:
        return ""
    asked.answered_at, asked.answered_by = clock.now(), by
    asked.save(update_fields=["answered_at", "answered_by"])
    return asked.reason
