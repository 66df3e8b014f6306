"""What a nominee does with their invitation, and what happens when they do nothing."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from accounts import clock
from accounts.models import User
from organisations.models import Participation
from outbox.models import Message
from participants import emails
from participants.models import LIVE, Enrolment, EnrolmentChange, Nomination, NominationState
from participants.services import places
from participants.services.errors import RefusedError
from privacy.erasure import ERASED_DOMAIN
from privacy.services import record

ERASE_AFTER = dt.timedelta(days=30)
TWO_YEARS = dt.timedelta(days=730)


def _check_answerable(nomination: Nomination) -> None:
    if nomination.state != NominationState.INVITED:
        raise RefusedError("This invitation has been answered or taken back.")
    _check_in_time(nomination)


def _lock_by_link(nomination: Nomination) -> Nomination:
    """The nomination, locked. Raises RefusedError where the link by which it was read has ended meanwhile.

    Who waited for the lock while an address was put right holds the link that went to the wrong one.
    """
    locked = places.lock_nomination(nomination)
    if locked.link_version != nomination.link_version:
        raise RefusedError("This link has ended, because a newer one has been sent.")
    return locked


def _check_in_time(nomination: Nomination) -> None:
    if not places.is_open(nomination.cohort):
        raise RefusedError("The last day to answer this invitation has passed.")


@transaction.atomic
def accept_nomination(*, nomination: Nomination) -> Enrolment:
    """The nominee says yes: an account, made if need be, and an enrolment that they go on to fill in.

    Raises RefusedError when the invitation can't be answered any more, `nomination` was read by a link that has ended
    since, or the person takes part already.
    """
    nomination = _lock_by_link(nomination)
    _check_answerable(nomination)
    user = _account_of(nomination)
    enrolment = _enrol(nomination, user)
    nomination.state, nomination.answered_at = NominationState.ACCEPTED, clock.now()
    nomination.save()
    EnrolmentChange.objects.create(enrolment=enrolment, state=enrolment.state, by=user)
    record(by=user, verb="nomination.accepted", about=nomination, role=nomination.role)
    return enrolment


def _account_of(nomination: Nomination) -> User:
    known = User.objects.by_address(nomination.email)
    if known:
        return known
    return User.objects.create_user(nomination.email, first_name=nomination.first_name, last_name=nomination.last_name)


def _enrol(nomination: Nomination, user: User) -> Enrolment:
    try:
        with transaction.atomic():
            return Enrolment.objects.create(
                cohort=nomination.cohort,
                user=user,
                nomination=nomination,
                organisation=nomination.participation.organisation,
                role=nomination.role,
                side=nomination.cohort.format.side_of(nomination.role),
            )
    except IntegrityError as error:
        raise RefusedError(f"You already take part in {nomination.cohort}.") from error


@transaction.atomic
def decline_nomination(*, nomination: Nomination, reason: str = "") -> Nomination:
    """The nominee says no: their place goes to the next of the reserve list, and the coordinator is told.

    Who waits on that list may say no as well. `reason` is a DeclineReason or blank, for the programme team alone.
    Raises RefusedError as `accept_nomination` does.
    """
    nomination = _lock_by_link(nomination)
    waited = nomination.state == NominationState.RESERVE
    (_check_in_time if waited else _check_answerable)(nomination)
    nomination.answered_at, nomination.decline_reason = clock.now(), reason
    places.release(nomination, NominationState.DECLINED)
    record(by=None, verb="nomination.declined", about=nomination, role=nomination.role)
    emails.tell_coordinators(nomination, waited=waited)
    places.fill_places(participation=nomination.participation, by=None)
    return nomination


def expire_nominations() -> int:
    """After the last day to answer, end what was not answered, and free its places. Returns how many."""
    overdue = Nomination.objects.past_deadline().filter(state__in=LIVE).exclude(state=NominationState.ACCEPTED)
    return sum(_expire(nomination) for nomination in overdue.select_related("participation"))


@transaction.atomic
def _expire(nomination: Nomination) -> bool:
    nomination = places.lock_nomination(nomination)
    if nomination.state not in LIVE or nomination.state == NominationState.ACCEPTED:
        return False
    before = nomination.state
    places.release(nomination, NominationState.EXPIRED)
    record(by=None, verb="nomination.expired", about=nomination, before=before)
    return True


def erase_unanswered() -> int:
    """Thirty days after the deadline, forget those who did not enrol; the row stays. Returns how many."""
    over = Nomination.objects.filter(cohort__recruitment_until__lt=clock.today() - ERASE_AFTER)
    forgettable = over.filter(erased_at__isnull=True, enrolment__isnull=True).exclude(state__in=LIVE)
    declined = Nomination.objects.filter(
        state=NominationState.DECLINED, erased_at__isnull=True, answered_at__lt=clock.now() - ERASE_AFTER
    )
    return sum(erase_nomination(nomination) for nomination in [*forgettable, *declined.exclude(pk__in=forgettable)])


def erase_answered() -> int:
    """Two years after its cohort closed, forget who was put forward and took part. Returns how many."""
    limit = clock.now() - TWO_YEARS
    old = Nomination.objects.filter(erased_at=None, cohort__closed_at__lte=limit, cohort__created_at__lte=limit)
    return sum(erase_nomination(nomination) for nomination in old)


@transaction.atomic
def erase_nomination(nomination: Nomination) -> bool:
    """Forget who was put forward; the row stays. Whether that was to be done yet."""
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    if nomination.erased_at:
        return False
    nomination.first_name, nomination.last_name, nomination.reason = "Erased", "", ""
    # One that holds a place has an address of its own still: two such rows of a cohort are never the same person’s.
    nomination.email = f"{nomination.pk}@{ERASED_DOMAIN}" if nomination.state in LIVE else ""
    nomination.erased_at = clock.now()
    nomination.save()
    Message.objects.about(nomination).filter(recipient__isnull=True).update(address="", name="")
    record(by=None, verb="nomination.erased", about=nomination)
    return True


def fill_freed_places() -> int:
    """Invite from reserve lists where the programme team has agreed more places since. Returns how many.

    Whoever goes on waiting has been written to by then.
    """
    waiting = Nomination.objects.filter(state=NominationState.RESERVE, cohort__recruitment_until__gte=clock.today())
    participations = {n.participation for n in waiting.select_related("participation")}
    return sum(_fill(participation) for participation in participations)


@transaction.atomic
def _fill(participation: Participation) -> int:
    participation = places.lock(participation)
    invited = places.fill_places(participation=participation, by=None)
    tell_reserve_list(participation)
    return len(invited)


def tell_reserve_list(participation: Participation) -> None:
    """Write to those on the reserve list who have not heard from us yet; the caller holds the participation."""
    if not places.is_open(participation.cohort):
        return
    told = Message.objects.filter(kind=emails.RESERVED, object_id=OuterRef("pk"))
    for nomination in participation.nominations.filter(~Exists(told), state=NominationState.RESERVE):
        emails.tell_reserve(nomination)
