"""An organisation's part in a cohort: confirmed, with agreed places and the people who act for it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cohorts.models import Cohort, Role
from organisations.models import Coordinator, Demand, Interest, Organisation, Participation, Place
from organisations.selectors import taken_places
from outbox.services import queue
from privacy.services import record

MOST_PLACES = 500  # of one role; more is a slip of the keyboard


@transaction.atomic
def confirm_participation(
    *,
    organisation: Organisation,
    cohort: Cohort,
    places: dict[str, int],
    coordinator: dict[str, str],
    by: User,
    interest: Interest | None = None,
) -> Participation:
    """Confirm an organisation in a cohort with agreed places per role, and invite its coordinator.

    `coordinator` has `first_name`, `last_name` and `email`. Raises ValidationError when the cohort is closed, the
    organisation is in it already, the places don't fit the format, or the coordinator's account is switched off.
    """
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    _check_cohort(organisation, cohort)
    _check_places(cohort, places)
    participation = _participate(organisation, cohort, by)
    _grow_and_shrink(participation, places)
    record(by=by, verb="participation.confirmed", about=participation, places=places)
    if interest is not None:
        _settle(interest, by)
    add_coordinator(participation=participation, by=by, **coordinator)
    _tell_those_who_asked(organisation)
    return participation


def _check_cohort(organisation: Organisation, cohort: Cohort) -> None:
    if cohort.closed_at:
        raise ValidationError(f"{cohort} is closed.")
    if organisation.participations.filter(cohort=cohort, withdrawn_at=None).exists():
        raise ValidationError(f"{organisation} is confirmed in {cohort} already. Change its places instead.")


def _check_places(cohort: Cohort, places: dict[str, int]) -> None:
    roles = cohort.format.roles
    if set(places) != set(roles):
        raise ValidationError(f"{cohort.format} has places for: {', '.join(roles)}.")
    if any(not 0 <= agreed <= MOST_PLACES for agreed in places.values()):
        raise ValidationError(f"Agree between 0 and {MOST_PLACES} places for each role.")
    if not any(places.values()):
        raise ValidationError("Agree at least one place.")


def _participate(organisation: Organisation, cohort: Cohort, by: User) -> Participation:
    """A new participation, or one that was withdrawn and comes back."""
    participation, _ = Participation.objects.update_or_create(
        organisation=organisation, cohort=cohort, defaults={"confirmed_by": by, "withdrawn_at": None}
    )
    return participation


def _settle(interest: Interest, by: User) -> None:
    Interest.objects.filter(pk=interest.pk).update(state=Interest.State.CONFIRMED)
    record(by=by, verb="interest.confirmed", about=interest)


def _tell_those_who_asked(organisation: Organisation) -> None:
    """The one message that individuals left their address for; then it is erased, as they were promised."""
    asked = Q(organisation=organisation) | Q(employer_key=organisation.name_key)
    for demand in Demand.objects.filter(asked).exclude(email=""):
        queue(kind="organisations.employer_joined", about=demand, address=demand.email)
        demand.email = ""
        demand.save(update_fields=["email"])


@transaction.atomic
def set_places(*, participation: Participation, places: dict[str, int], by: User) -> None:
    """Change the agreed places. Raises ValidationError for fewer than are held by nominations, and says how many."""
    locked = (
        Participation.objects.select_for_update(of=("self",)).select_related("cohort__format").get(pk=participation.pk)
    )
    _check_places(locked.cohort, places)
    _grow_and_shrink(locked, places)
    record(by=by, verb="participation.places_changed", about=locked, places=places)


def _grow_and_shrink(participation: Participation, places: dict[str, int]) -> None:
    # Locked, so that nobody is given a free place while it is being taken away.
    list(participation.places.free().select_for_update(of=("self",)))
    taken = taken_places(participation)
    if short := [role for role, agreed in places.items() if agreed < taken[role]]:
        raise ValidationError([_too_few(role, taken[role]) for role in short])
    for role, agreed in places.items():
        _resize(participation, role, agreed)


def _too_few(role: str, taken: int) -> str:
    word = Role(role).label.lower()
    return (
        f"{taken} {word} {'place is' if taken == 1 else 'places are'} taken already. "
        f"Agree at least {taken}, or withdraw nominations first."
    )


def _resize(participation: Participation, role: str, agreed: int) -> None:
    """Remove the free places with the highest numbers, or add the lowest missing numbers."""
    numbers = set(participation.places.filter(role=role).values_list("number", flat=True))
    wanted = agreed - len(numbers)
    if wanted < 0:
        free = participation.places.free().filter(role=role).order_by("-number")
        Place.objects.filter(pk__in=[place.pk for place in free[:-wanted]]).delete()
        return
    missing = [number for number in range(1, agreed + len(numbers) + 1) if number not in numbers]
    Place.objects.bulk_create(Place(participation=participation, role=role, number=n) for n in missing[:wanted])


@transaction.atomic
def add_coordinator(
    *, participation: Participation, first_name: str, last_name: str, email: str, by: User
) -> Coordinator:
    """Let a person act for the organisation, with an account if they have none, and invite them.

    Raises ValidationError when an account of that address is switched off.
    """
    user = person_at(first_name, last_name, email)
    coordinator, created = Coordinator.objects.get_or_create(
        organisation=participation.organisation, user=user, ended_at=None
    )
    if created:
        record(by=by, verb="coordinator.added", about=coordinator)
    queue(kind="organisations.coordinator_invited", about=participation, to=user)
    return coordinator


def person_at(first_name: str, last_name: str, email: str) -> User:
    """The account of this address. An existing one keeps the name that its owner goes by."""
    user = User.objects.by_address(email)
    if user is None:
        return User.objects.create_user(email, first_name=first_name.strip(), last_name=last_name.strip())
    if not user.is_active:
        raise ValidationError(f"The account of {user.email} is switched off. Name somebody else.")
    return user
