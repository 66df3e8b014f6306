"""What a coordinator does: put people forward, take them back, order the reserve list."""

from typing import Any

from django.db import transaction

from accounts.models import User
from organisations.models import Participation
from outbox import bounces
from outbox.services import put_aside
from participants import emails, reminding, selectors
from participants.models import Nomination, NominationState
from participants.services import places
from participants.services.errors import RefusedError
from privacy.services import record

MOST_A_DAY = 3  # mails that ask one nominee for an answer
# Until somebody has said yes, the coordinator may take the nomination back.
WITHDRAWABLE = [NominationState.APPLIED, NominationState.RESERVE, NominationState.INVITED]
# An applicant wrote their own address, and got our answer there.
CORRECTABLE = [NominationState.RESERVE, NominationState.INVITED]


def check_new(participation: Participation, role: str, email: str) -> None:
    """Raise RefusedError when this person can't be put forward here now."""
    places.check_open(participation)
    if role not in participation.cohort.format.roles:
        raise RefusedError("This cohort has no such role.")
    live = participation.cohort.nominations.live().filter(email__iexact=email.strip()).first()
    if live is not None and live.participation_id == participation.pk:
        raise RefusedError("Somebody with this address has already been put forward here.")
    if live is not None or selectors.has_been_enrolled(participation.cohort, email):
        # Who takes part for another employer is nobody's business here.
        raise RefusedError(selectors.NOT_AT_THIS_ADDRESS)


@transaction.atomic
def nominate(
    *,
    participation: Participation,
    role: str,
    first_name: str,
    last_name: str,
    email: str,
    reason: str,
    by: User | None,
    on_word_of: User | None = None,
) -> Nomination:
    """Put one person forward: invited while there is a place, else at the end of the reserve list.

    Where the team does it, `on_word_of` is who at the organisation told them to: they put the person forward.
    Raises RefusedError, with words for the coordinator, when nominations have closed or the person is taken.
    """
    participation = places.lock(participation)
    check_new(participation, role, email)
    values = {"role": role, "first_name": first_name, "last_name": last_name, "email": email, "reason": reason}
    nomination = put_forward(participation, by, on_word_of, **values)
    invited = places.fill_places(participation=participation, by=by)
    nomination = next((one for one in invited if one.pk == nomination.pk), nomination)
    places.tell_if_waiting(nomination)
    return nomination


def put_forward(
    participation: Participation, by: User | None, on_word_of: User | None = None, **values: Any
) -> Nomination:
    """Store a nomination on the reserve list; the caller holds the participation and fills places afterwards."""
    values["email"] = values["email"].strip().lower()
    whose = {"nominated_by": on_word_of or by, "entered_by_team": on_word_of is not None}
    nomination = places.to_reserve(
        Nomination(participation=participation, cohort=participation.cohort, **whose, **values)
    )
    told = {"on_word_of": str(on_word_of.pk)} if on_word_of else {}
    record(by=by, verb="nomination.made", about=nomination, role=nomination.role, **told)
    return nomination


@transaction.atomic
def withdraw_nomination(*, nomination: Nomination, by: User | None) -> Nomination:
    """Take a nomination back, tell the person, and invite the next of the reserve list.

    Raises RefusedError once the person has accepted. Doing it twice changes nothing.
    """
    nomination = places.lock_nomination(nomination)
    if nomination.state == NominationState.ACCEPTED:
        raise RefusedError(f"{nomination.full_name} has accepted. Please ask the programme team to withdraw them.")
    if nomination.state not in WITHDRAWABLE:
        return nomination
    places.release(nomination, NominationState.WITHDRAWN)
    record(by=by, verb="nomination.withdrawn", about=nomination, role=nomination.role)
    emails.tell_withdrawn(nomination)
    places.fill_places(participation=nomination.participation, by=by)
    return nomination


@transaction.atomic
def replace_nomination(
    *, nomination: Nomination, first_name: str, last_name: str, email: str, reason: str, by: User | None
) -> Nomination:
    """Take back an invitation that is not answered and give its place to somebody else, before the reserve list.

    Raises RefusedError as `nominate` does, and once the person has answered; then nothing has changed.
    """
    nomination = places.lock_nomination(nomination)
    participation, role = nomination.participation, nomination.role
    if nomination.state != NominationState.INVITED:
        raise RefusedError(f"{nomination.full_name} has answered, or the invitation was taken back already.")
    check_new(participation, role, email)
    places.release(nomination, NominationState.WITHDRAWN)
    record(by=by, verb="nomination.withdrawn", about=nomination, role=role)
    emails.tell_withdrawn(nomination)
    made = put_forward(
        participation, by, role=role, first_name=first_name, last_name=last_name, email=email, reason=reason
    )
    # Before everybody who waits: the coordinator has just said who is to have this place.
    made.reserve_position = 0
    made.save(update_fields=["reserve_position"])
    record(by=by, verb="nomination.replaced", about=nomination, by_nomination=str(made.pk))
    places.fill_places(participation=participation, by=by)
    made.refresh_from_db()
    places.tell_if_waiting(made)
    return made


@transaction.atomic
def move_reserve(*, nomination: Nomination, direction: str, by: User | None) -> None:
    """Move somebody on the reserve list of their role `up`, `down` or to the `first` place."""
    nomination = places.lock_nomination(nomination)
    waiting = list(selectors.reserve_list(nomination.participation, nomination.role))
    if nomination not in waiting:
        return
    at = waiting.index(nomination)
    waiting.remove(nomination)
    waiting.insert({"first": 0, "up": max(at - 1, 0), "down": at + 1}[direction], nomination)
    for position, waiter in enumerate(waiting, start=1):
        waiter.reserve_position = position
    Nomination.objects.bulk_update(waiting, ["reserve_position"])
    record(by=by, verb="nomination.reordered", about=nomination)
    places.fill_places(participation=nomination.participation, by=by)


@transaction.atomic
def correct_address(*, nomination: Nomination, email: str, by: User | None, reason: str | None = None) -> None:
    """Write to a nominee at another address from now on: what asks them is sent there, and the earlier link ends.

    `reason`, where given, is why they are put forward from now on. Only while they have not answered. Raises
    RefusedError, and changes nothing, when somebody has the address already or mail does not reach it.
    """
    nomination, email = places.lock_nomination(nomination), email.strip().lower()
    if email == nomination.email.lower():
        return
    check_correction(nomination, email)
    put_aside(about=nomination, reason=emails.ELSEWHERE)
    nomination.email = email
    nomination.link_version += 1
    if reason is not None:
        nomination.reason = reason
    nomination.save(update_fields=["email", "link_version", "reason"])
    record(by=by, verb="nomination.address_corrected", about=nomination)
    if nomination.state == NominationState.INVITED:
        emails.invite(nomination)
    else:
        emails.tell_reserve(nomination)


def check_correction(nomination: Nomination, email: str) -> None:
    """Raise RefusedError when this nominee can't be written to at the address."""
    if nomination.state not in CORRECTABLE:
        raise RefusedError(f"{nomination.full_name} does not wait for an answer or a place any more.")
    places.check_open(nomination.participation)
    others = nomination.cohort.nominations.live().filter(email__iexact=email).exclude(pk=nomination.pk)
    if others.exists() or selectors.has_been_enrolled(nomination.cohort, email):
        raise RefusedError("Somebody with this address has been put forward for this cohort, or takes part in it.")
    if why := bounces.suppressed([email]).get(email):
        raise RefusedError(
            f"We do not write to this address. {why} Check it with {nomination.first_name}. If it works after all, the "
            "programme team can have it written to again under “Addresses that mail does not reach”."
        )


@transaction.atomic
def send_again(*, nomination: Nomination, by: User | None) -> None:
    """Send an invitation again, with a new link: the earlier one ends. Raises RefusedError when not invited."""
    nomination = places.lock_nomination(nomination)
    if nomination.state != NominationState.INVITED or not places.is_open(nomination.cohort):
        raise RefusedError(f"{nomination.full_name} is not waiting to answer an invitation.")
    if reminding.times_today(nomination) >= MOST_A_DAY:
        raise RefusedError(f"{nomination.full_name} has been written to {MOST_A_DAY} times today. Try again tomorrow.")
    nomination.link_version += 1
    nomination.save(update_fields=["link_version"])
    record(by=by, verb="nomination.sent_again", about=nomination)
    emails.invite(nomination)
