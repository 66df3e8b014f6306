"""A coordinator or the team reminds those who have not answered, seldom enough to be welcome."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from accounts.models import User
from organisations.models import Organisation, Participation
from participants import emails, reminding
from participants.models import Nomination
from participants.services import places
from participants.services.errors import RefusedError
from privacy.services import record


@transaction.atomic
def remind_nominees(*, participation: Participation, chosen: Collection[UUID], by: User) -> list[Nomination]:
    """Write again to those of the chosen who may be written to today; returns them.

    Raises RefusedError once nominations have closed, where the organisation has done so often enough today, or
    nobody of the chosen may be written to.
    """
    Organisation.objects.select_for_update(of=("self",)).get(pk=participation.organisation_id)
    participation = places.lock(participation)
    places.check_open(participation)
    people = list(participation.nominations.unanswered())
    found = reminding.reminding(participation, people, reminding.written_to(people))
    if not found.left_today:
        raise RefusedError(f"Reminders have been sent {reminding.ROUNDS} times today. That is as often as is welcome.")
    told = [nomination for nomination in found.due if nomination.pk in chosen]
    if not told:
        raise RefusedError("Nobody of those can be reminded today: they have answered, or were written to lately.")
    for nomination in told:
        emails.remind(nomination)
    record(by=by, verb=reminding.VERB, about=participation, people=len(told))
    return told


@transaction.atomic
def remind_nominee(*, nomination: Nomination, by: User) -> None:
    """The team writes again to one nominee. Raises RefusedError, with the reason, where that can't be today."""
    nomination = places.lock_nomination(nomination)
    if why := reminding.why_not(nomination, reminding.written_to([nomination]).get(nomination.pk)):
        raise RefusedError(why)
    emails.remind(nomination)
    record(by=by, verb="nomination.reminded", about=nomination)
