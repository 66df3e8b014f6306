"""Keeping two people of a cohort apart, and letting them sit together again."""

from django.db import transaction

from accounts.models import User
from circles.models import KeptApart, Membership
from circles.selectors.formation import latest_proposal
from circles.services.board import FormationError
from cohorts.models import Cohort
from participants.models import Enrolment
from privacy.services import record


@transaction.atomic
def keep_apart(*, first: Enrolment, second: Enrolment, by: User | None) -> KeptApart:
    """Never put two people of one cohort into one circle. Doing it twice, either way round, changes nothing.

    Raises FormationError where they are held in one circle of the newest proposal, or sit in one that is published.
    """
    if first.pk == second.pk:
        raise FormationError("Nobody can be kept apart from themselves.")
    if first.cohort_id != second.cohort_id:
        raise FormationError("The two are not in the same cohort.")
    # Publishing locks the cohort too: the two never pass each other.
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=first.cohort_id)
    _check_seated(first, second)
    _check_held(cohort, first, second)
    low, high = sorted((first, second), key=lambda one: one.pk)
    pair, created = KeptApart.objects.get_or_create(first=low, second=high, defaults={"cohort": cohort, "added_by": by})
    if created:
        record(by=by, verb="formation.kept_apart", about=cohort)
    return pair


def _check_seated(first: Enrolment, second: Enrolment) -> None:
    theirs = Membership.objects.current().filter(enrolment=second).values("circle")
    seat = Membership.objects.current().filter(enrolment=first, circle__in=theirs).select_related("circle").first()
    if seat:
        word = first.cohort.format.group_word
        raise FormationError(f"They sit together in {word} {seat.circle.number}. One of them has to move first.")


def _check_held(cohort: Cohort, first: Enrolment, second: Enrolment) -> None:
    """A pin and a ban that contradict each other would leave the next run with nothing to do."""
    proposal = latest_proposal(cohort)
    if proposal is None or cohort.published_at:
        return
    held = proposal.seats.filter(enrolment__in=[first, second], pinned=True, circle__isnull=False)
    seats = list(held.select_related("circle", "enrolment__user"))
    together = len({seat.circle_id for seat in seats}) == 1 and len(seats) == 2
    if together or any(seat.circle.lead_id in (first.pk, second.pk) for seat in seats):
        names = " and ".join(seat.enrolment.user.get_full_name() for seat in seats)
        verb = "are" if len(seats) > 1 else "is"
        word = cohort.format.group_word
        raise FormationError(f"{names} {verb} held in {word} {seats[0].circle.number}. Let them go there first.")


@transaction.atomic
def let_together(*, pair: KeptApart, by: User | None) -> None:
    """Two people may sit in one circle again."""
    record(by=by, verb="formation.let_together", about=pair.cohort)
    pair.delete()
