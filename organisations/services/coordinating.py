"""Who acts for an organisation: asking a colleague, handing over, leaving.

Nothing is handed over until the next one accepts. Where the last coordinator leaves with nobody to follow, the team's
front page says so.
"""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.models import User
from organisations import matching
from organisations.emails import COORDINATOR_ANSWERED, COORDINATOR_ASKED, OPEN_FOR
from organisations.models import Coordinator, CoordinatorInvitation, Organisation, Participation
from organisations.services.participations import person_at
from outbox.models import Message
from outbox.services import queue
from privacy.services import record

MOST = 6  # of one organisation, those who are asked counted in
State = CoordinatorInvitation.State


@transaction.atomic
def ask_coordinator(
    *, organisation: Organisation, first_name: str, last_name: str, email: str, hand_over: bool, by: User
) -> CoordinatorInvitation:
    """Ask a colleague to coordinate beside `by`, or instead of them where they hand over.

    Raises ValidationError where `by` does not coordinate, the address is of another employer or coordinates already,
    somebody is being asked already, or there would be too many.
    """
    _lock(organisation)
    own = _acting(organisation, by)
    email = email.strip().lower()
    _check_address(organisation, email, by)
    _check_room(organisation, hand_over)
    if hand_over and own.hand_overs.filter(state=State.OPEN).exists():
        raise ValidationError("You are handing over to somebody already. Take that back first.")
    asked = CoordinatorInvitation.objects.create(
        organisation=organisation, first_name=first_name.strip(), last_name=last_name.strip(), email=email,
        invited_by=by, replaces=own if hand_over else None,
    )  # fmt: skip
    record(by=by, verb="coordinator.asked", about=asked, hand_over=hand_over)
    queue(kind=COORDINATOR_ASKED, about=asked, address=email, name=asked.full_name)
    return asked


def _lock(organisation: Organisation) -> None:
    """Held until the transaction ends, so that two who leave at one moment leave one after the other."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)


def _acting(organisation: Organisation, user: User) -> Coordinator:
    own = organisation.coordinators.filter(user=user, ended_at=None).first()
    if own is None:
        raise ValidationError(f"You do not coordinate {organisation} any more.")
    return own


def _check_address(organisation: Organisation, email: str, by: User) -> None:
    """A coordinator sees names and addresses of colleagues: only somebody of the same employer is let in this way."""
    domains = {domain for domain in (organisation.domain, matching.own_domain(by.email)) if domain}
    if domains and email.rpartition("@")[2] not in domains:
        named = " or ".join(f"@{domain}" for domain in sorted(domains))
        raise ValidationError(
            {"email": f"Use a work address that ends in {named}. For anybody else, ask the programme team."}
        )
    if organisation.coordinators.filter(user__email__iexact=email, ended_at=None).exists():
        raise ValidationError({"email": f"This person coordinates {organisation} already."})
    if organisation.coordinator_invitations.filter(email__iexact=email, state=State.OPEN).exists():
        raise ValidationError({"email": "This person has been asked already, and has not answered yet."})
    if User.objects.filter(email__iexact=email, is_active=False).exists():
        raise ValidationError({"email": "The account of this address is switched off. Name somebody else."})


def _check_room(organisation: Organisation, hand_over: bool) -> None:
    acting = organisation.coordinators.filter(ended_at=None).count()
    asked = organisation.coordinator_invitations.filter(state=State.OPEN, replaces=None).count()
    if not hand_over and acting + asked >= MOST:
        raise ValidationError(f"{MOST} people coordinate or have been asked. That is as many as there can be.")


@transaction.atomic
def accept_coordinating(*, invitation: CoordinatorInvitation) -> Coordinator:
    """They say yes: an account, made if need be, and the right to act; who hands over stops in the same moment.

    Raises ValidationError where it was answered or taken back, or is too old.
    """
    invitation = _answerable(invitation)
    organisation = invitation.organisation
    user = person_at(invitation.first_name, invitation.last_name, invitation.email)
    coordinator, created = Coordinator.objects.get_or_create(organisation=organisation, user=user, ended_at=None)
    _settle(invitation, State.ACCEPTED)
    if created:
        record(by=user, verb="coordinator.added", about=coordinator)
    if invitation.replaces and invitation.replaces.ended_at is None:
        _end(invitation.replaces)
        record(by=user, verb="coordinator.handed_over", about=invitation.replaces, to=str(coordinator.pk))
    for part in Participation.objects.active().filter(
        organisation=organisation, cohort__recruitment_until__gte=clock.today()
    ):
        queue(kind="organisations.coordinator_invited", about=part, to=user)
    return coordinator


@transaction.atomic
def decline_coordinating(*, invitation: CoordinatorInvitation) -> CoordinatorInvitation:
    """They say no. Whoever asked goes on coordinating, and is told."""
    invitation = _answerable(invitation)
    _settle(invitation, State.DECLINED)
    record(by=None, verb="coordinator.declined", about=invitation)
    return invitation


@transaction.atomic
def take_back(*, invitation: CoordinatorInvitation, by: User) -> None:
    """Whoever coordinates may take back what a colleague or they themselves asked. Doing it twice changes nothing."""
    _lock(invitation.organisation)
    _acting(invitation.organisation, by)
    taken = CoordinatorInvitation.objects.filter(pk=invitation.pk, state=State.OPEN)
    if taken.update(state=State.TAKEN_BACK, answered_at=clock.now()):
        record(by=by, verb="coordinator.taken_back", about=invitation)


@transaction.atomic
def stop_coordinating(*, organisation: Organisation, by: User) -> int:
    """Leave; returns how many go on coordinating. Nothing of what was done is lost, and what was asked stands."""
    _lock(organisation)
    return _leave(_acting(organisation, by), by)


@transaction.atomic
def end_coordinator(*, coordinator: Coordinator, by: User) -> int:
    """The team ends somebody's part, as if they had left: returns how many go on.

    Raises ValidationError where they have stopped already.
    """
    organisation = coordinator.organisation
    _lock(organisation)
    current = organisation.coordinators.filter(pk=coordinator.pk, ended_at=None).first()
    if current is None:
        raise ValidationError(f"{coordinator.user} does not coordinate {organisation} any more.")
    return _leave(current, by)


def _leave(coordinator: Coordinator, by: User) -> int:
    _end(coordinator)
    left = coordinator.organisation.coordinators.filter(ended_at=None).count()
    record(by=by, verb="coordinator.ended", about=coordinator, left=left)
    return left


def _end(coordinator: Coordinator) -> None:
    coordinator.ended_at = clock.now()
    coordinator.save(update_fields=["ended_at"])


def _answerable(invitation: CoordinatorInvitation) -> CoordinatorInvitation:
    _lock(invitation.organisation)
    rows = CoordinatorInvitation.objects.select_for_update(of=("self",)).select_related("organisation", "replaces")
    locked = rows.get(pk=invitation.pk)
    if not is_answerable(locked):
        raise ValidationError("This has been answered or taken back already.")
    return locked


def is_answerable(invitation: CoordinatorInvitation) -> bool:
    return invitation.state == State.OPEN and clock.now() < invitation.created_at + OPEN_FOR


def _settle(invitation: CoordinatorInvitation, state: str) -> None:
    invitation.state, invitation.answered_at = state, clock.now()
    invitation.save(update_fields=["state", "answered_at"])
    if invitation.invited_by is not None:
        queue(kind=COORDINATOR_ANSWERED, about=invitation, to=invitation.invited_by)


def erase_old_invitations() -> int:
    """After thirty days, end what was not answered and forget who was asked; the row stays. Returns how many."""
    old = CoordinatorInvitation.objects.filter(created_at__lte=clock.now() - OPEN_FOR).exclude(email="")
    return sum(_erase(invitation) for invitation in old)


@transaction.atomic
def _erase(invitation: CoordinatorInvitation) -> bool:
    invitation = CoordinatorInvitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.email:
        return False
    invitation.first_name, invitation.last_name, invitation.email = "Erased", "", ""
    if invitation.state == State.OPEN:
        invitation.state = State.EXPIRED
    invitation.save()
    Message.objects.about(invitation).filter(recipient=None).update(address="", name="")
    record(by=None, verb="coordinator.invitation_erased", about=invitation)
    return True
