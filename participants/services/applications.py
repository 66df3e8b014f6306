"""Where people are not nominated: they apply by their organisation's link, and the organisation confirms them."""

from django.db import transaction

from accounts.models import User
from organisations.models import Participation
from participants import emails, selectors
from participants.models import Nomination, NominationState
from participants.services import places
from privacy.services import record


@transaction.atomic
def apply(
    *, participation: Participation, role: str, first_name: str, last_name: str, email: str, reason: str
) -> Nomination | None:
    """Record an application and acknowledge it by e-mail.

    None, without a word, when that address is already known in the cohort: a stranger can't find out who takes part.
    Raises RefusedError when applications have closed.
    """
    participation = places.lock(participation)
    places.check_open(participation)
    if selectors.is_taken(participation.cohort, email):
        return None
    nomination = Nomination.objects.create(
        participation=participation,
        cohort=participation.cohort,
        role=role,
        first_name=first_name,
        last_name=last_name,
        email=email.strip().lower(),
        reason=reason,
        origin=Nomination.Origin.APPLIED,
        state=NominationState.APPLIED,
    )
    record(by=None, verb="application.made", about=nomination, role=role)
    emails.acknowledge_application(nomination)
    return nomination


@transaction.atomic
def confirm_application(*, nomination: Nomination, by: User | None) -> Nomination:
    """The organisation says yes: the person is invited, or waits on the reserve list when the places are full."""
    nomination = places.lock_nomination(nomination)
    if nomination.state != NominationState.APPLIED:
        return nomination
    places.check_open(nomination.participation)
    nomination.nominated_by = by
    places.to_reserve(nomination)
    record(by=by, verb="application.confirmed", about=nomination, role=nomination.role)
    places.fill_places(participation=nomination.participation, by=by)
    nomination.refresh_from_db()
    places.tell_if_waiting(nomination)
    return nomination


@transaction.atomic
def renew_application_link(*, participation: Participation, by: User | None) -> Participation:
    """Make the link that was passed round invalid, and a new one valid."""
    participation = places.lock(participation)
    participation.application_version += 1
    participation.save(update_fields=["application_version"])
    record(by=by, verb="application.link_renewed", about=participation)
    return participation
