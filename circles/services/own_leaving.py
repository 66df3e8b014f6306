"""People leave of their own accord, and come back within a day. What it does is what the team's own act does."""

from django.db import transaction

from circles.selectors.leavers import left_by_themselves, seat_to_arrange
from circles.selectors.standing import Standing
from circles.services import changes
from circles.services.changes import ChangeError, Plan, Undo
from circles.services.changes.leaving import KEEP
from circles.services.membership import withdraw
from cohorts.models import Cohort
from participants.models import Enrolment
from participants.services import ask_to_leave


@transaction.atomic
def leave_programme(*, enrolment: Enrolment, reason: str = "") -> bool:
    """Withdraw somebody who says so; whether they have left.

    Where a circle would have nobody to lead it, or only one is left in it, the team is told instead and nothing
    changes until it acts. `reason` is for the team alone. Raises ChangeError for who takes part no more.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("format").get(pk=enrolment.cohort_id)
    enrolment = Enrolment.objects.select_related("user", "organisation", "cohort__format").get(pk=enrolment.pk)
    if not enrolment.takes_part:
        raise ChangeError("You do not take part in this cohort any more.")
    if seat_to_arrange(enrolment):
        ask_to_leave(enrolment=enrolment, reason=reason)
        return False
    if cohort.published_at is None:
        withdraw(enrolment=enrolment, by=enrolment.user, note=reason)
        return True
    _withdraw_after_publication(cohort, enrolment, reason)
    return True


def _withdraw_after_publication(cohort: Cohort, enrolment: Enrolment, reason: str) -> None:
    """The team's act with its least change: the seat stays free, and nobody else moves."""

    def make(standing: Standing) -> Plan:
        return changes.plan_withdrawal(standing, enrolment)

    changes.confirm(
        cohort=cohort, make=make, option=KEEP, fingerprint=make(Standing(cohort)).fingerprint, by=enrolment.user,
        note=reason,
    )  # fmt: skip


def way_back(enrolment: Enrolment) -> Undo | None:
    """What coming back would bring, while somebody who left can do so without asking anybody.

    None when they did not leave by themselves, after a day, and where their place is somebody else's or offered to one:
    then the team decides.
    """
    if left_by_themselves(enrolment) is None:
        return None
    undo = changes.plan_undo(enrolment)
    return None if undo.why_not or undo.place.offered_to else undo


@transaction.atomic
def return_to_programme(*, enrolment: Enrolment) -> Undo:
    """Take one's own leaving back. Raises ChangeError when it can't be done any more."""
    undo = way_back(enrolment)
    if undo is None:
        raise ChangeError("You can’t come back by yourself any more.")
    return changes.undo_withdrawal(enrolment=enrolment, fingerprint=undo.fingerprint, by=enrolment.user)
