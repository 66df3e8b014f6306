"""Another e-mail address for somebody: a code that is sent there first, then their calendar and their mail move to it.

What was sent to the old address is taken out of the calendar there and asked anew at the other, each with a number of
its own, so that neither calendar keeps what is not for it. The old address hears that it is used no more, and not
which one is.
"""

import hmac
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.models import AddressChange, User
from circles.models import Membership, Session, StandIn
from circles.selectors.address_change import code_of, owner_of, waiting
from circles.selectors.feeds import feed_of
from circles.services.events import take_out_of_calendar
from circles.services.feeds import switch_off_feed
from circles.services.sessions import invite, raise_sequence, uninvite
from circles.services.stand_ins import STAND_IN_CANCELLED, STAND_IN_INVITED
from outbox.models import Message, State
from outbox.services import queue
from privacy.services import record

CODE, CHANGED = "account.address_code", "account.address_changed"
BY_CODE, BY_STAFF = "code", "checked by staff"


class AddressError(ValueError):
    """Why somebody can't have an address, in words for the team."""


class TakenError(AddressError):
    """Somebody else has it. Only the team is told so."""


# --- asking ---------------------------------------------------------------------------------------
def check(user: User, address: str) -> str:
    """The address as it is kept. Raises AddressError, or TakenError, when this person can't have it."""
    address = address.strip().lower()
    if address == user.email.lower():
        raise AddressError("This is their address already.")
    if owner_of(address, other_than=user):
        raise TakenError("Somebody else has this address. If the two are one person, merge them.")
    return address


@transaction.atomic
def ask(*, user: User, address: str, by: User, discreetly: bool = False) -> AddressChange:
    """Send a code to the address; one that was asked for before counts no more. Raises AddressError.

    `discreetly`: nothing tells the person that somebody else has the address, and no code is sent there.
    """
    try:
        address, taken = check(user, address), False
    except TakenError:
        if not discreetly:
            raise
        address, taken = address.strip().lower(), True
    AddressChange.objects.filter(user=user).delete()
    change = AddressChange.objects.create(user=user, address=address, asked_by=by)
    if not taken:
        queue(kind=CODE, about=change, address=address, name=user.get_full_name())
    record(by=by, verb="person.address_asked", about=user)
    return change


def confirm(*, user: User, code: str, by: User) -> bool:
    """Give back the code, and have the address; False for a wrong one, or when too many were. Raises AddressError."""
    with transaction.atomic():
        change = AddressChange.objects.select_for_update().filter(user=user).first()
        if change is None or waiting(user) is None:
            return False
        change.attempts += 1
        change.save(update_fields=["attempts"])
    given = "".join(code.split())
    if not hmac.compare_digest(given.encode(), code_of(change).encode()):
        return False
    change_address(user=user, address=change.address, by=by, how=BY_CODE)
    return True


# --- doing it -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Follows:
    """What a change of address comes to, as it is shown before."""

    sessions: int
    has_feed: bool


def follows(user: User) -> Follows:
    return Follows(sum(1 for _ in _meetings(user)), feed_of(user) is not None)


def change_address(*, user: User, address: str, by: User, how: str) -> User:
    """Write to somebody at another address from now on: `how` says by what it was shown to be theirs.

    Raises AddressError when somebody else has it.
    """
    try:
        return _change(user, address, by, how)
    except IntegrityError as error:
        raise TakenError("Somebody else has this address. If the two are one person, merge them.") from error


@transaction.atomic
def _change(user: User, address: str, by: User, how: str) -> User:
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    address, old = check(user, address), user.email
    # What has not left yet goes to the new address, except for what takes the old calendar's entries out.
    Message.objects.filter(recipient=user, state=State.WAITING).update(address=address)
    leave_calendar(user)
    _keep(user, address, old)
    enter_calendar(user)
    switch_off_feed(user=user, by=by, verb="calendar_link.ended")
    queue(kind=CHANGED, about=user, to=user, address=old, occurrence=f"{clock.now():%Y-%m-%dT%H:%M:%S}")
    AddressChange.objects.filter(user=user).delete()
    record(by=by, verb="person.address_changed", about=user, how=how)
    return user


def leave_calendar(user: User) -> None:
    """Take what is to come out of the calendar of the address that somebody has now; the caller is in a transaction."""
    for session, seat in _meetings(user):
        uninvite(session=session, enrolment=seat.enrolment)
    _tell_of_stand_ins(user, STAND_IN_CANCELLED)
    take_out_of_calendar(user=user)


def enter_calendar(user: User) -> None:
    """Ask somebody anew to what left a calendar of theirs; to ceremonies they are at the next tick."""
    for session, seat in _meetings(user):
        invite(session=session, enrolment=seat.enrolment)
    _tell_of_stand_ins(user, STAND_IN_INVITED)


def _meetings(user: User) -> list[tuple[Session, Membership]]:
    """The sessions to come of the circles in which somebody sits, each with their seat."""
    seats = Membership.objects.current().filter(enrolment__user=user).select_related("circle", "enrolment__user")
    return [(session, seat) for seat in seats for session in seat.circle.sessions.upcoming()]


def _tell_of_stand_ins(user: User, kind: str) -> None:
    """Of the sessions that somebody leads in another's place, each with the next number of its calendar entry."""
    leads = StandIn.objects.accepted().filter(enrolment__user=user).select_related("session")
    for one in (one for one in leads if not one.session.is_past):
        raise_sequence(one.session)
        queue(kind=kind, about=one.session, to=user, occurrence=str(one.session.sequence))


def _keep(user: User, address: str, old: str) -> None:
    """The former employer may read the old mailbox, so that nobody can sign in with it any more."""
    EmailAddress.objects.filter(user=user, email__iexact=old).delete()
    EmailAddress.objects.filter(user=user).update(primary=False)
    user.email = address
    user.save(update_fields=["email"])
    EmailAddress.objects.update_or_create(user=user, email=address, defaults={"verified": True, "primary": True})
