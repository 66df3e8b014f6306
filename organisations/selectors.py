"""Questions about organisations that pages and services ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from accounts.prepared import prepared
from cohorts.models import Cohort, StaffRole
from organisations import matching
from organisations.models import Coordinator, Fee, Interest, Participation, RenewalAnswer
from outbox.models import Message
from privacy.models import AuditEvent
from ui.dates import uk_date

RENEWAL = "organisations.renewal_offered"  # the kind of message that asks an organisation whether it will again

ANSWERING = [StaffRole.LEAD, StaffRole.MANAGER, StaffRole.INCLUSION_ADVISER, StaffRole.RELATIONSHIP_MANAGER]


def team_for(interest: Interest) -> QuerySet[User]:
    """The leads and managers in whose queue an interest without an adviser stands."""
    roles = Q(staff_assignments__role__in=[StaffRole.LEAD, StaffRole.MANAGER])
    if interest.cohort_id:
        roles &= Q(staff_assignments__cohort=None) | Q(staff_assignments__cohort=interest.cohort_id)
    return User.objects.filter(roles, is_active=True, is_staff=True).distinct()


def answering_staff() -> QuerySet[User]:
    """Everybody to whom an interest can be assigned."""
    return User.objects.filter(staff_assignments__role__in=ANSWERING, is_active=True, is_staff=True).distinct()


def takes_part(*, employer: str) -> bool:
    """Whether an employer of this name takes part in a cohort that is open today."""
    organisation = matching.find(name=employer, email="")
    return organisation is not None and Participation.objects.active().filter(organisation=organisation).exists()


def taken_places(participation: Participation) -> dict[str, int]:
    """How many places of each role are held by a nomination."""
    held = list(participation.places.taken().values_list("role", flat=True))
    return {role: held.count(role) for role in participation.cohort.format.roles}


def agreed_places(participation: Participation) -> dict[str, int]:
    """How many places of each role are agreed."""
    agreed = list(participation.places.values_list("role", flat=True))
    return {role: agreed.count(role) for role in participation.cohort.format.roles}


def to_renew(cohort: Cohort) -> QuerySet[Participation]:
    """The last part that each organisation had in an earlier cohort of the format, where it has none in this one.

    Each says whether it has `registered` for this one, is `offered` a renewal, has `declined` it, and has somebody who
    `acts` for it.
    """
    now = Participation.objects.filter(organisation=OuterRef("organisation"), cohort=cohort, withdrawn_at=None)
    mail = {"kind": RENEWAL, "object_id": OuterRef("pk"), "occurrence": str(cohort.pk)}
    declined = RenewalAnswer.objects.filter(participation=OuterRef("pk"), cohort=cohort, again=False)
    rows = Participation.objects.filter(
        ~Exists(now), cohort__format=cohort.format_id, cohort__launch_from__lt=cohort.launch_from, withdrawn_at=None
    )
    last = rows.order_by("organisation_id", "-cohort__launch_from").distinct("organisation_id")
    return (
        Participation.objects.filter(pk__in=last.values("pk"))
        .annotate(
            registered=Exists(Interest.objects.filter(organisation=OuterRef("organisation"), cohort=cohort)),
            offered=Exists(Message.objects.filter(**mail)),
            declined=Exists(declined),
            declined_because=Subquery(declined.values("note")[:1]),
            acts=Exists(Coordinator.objects.filter(organisation=OuterRef("organisation"), ended_at=None)),
        )
        .select_related("organisation", "cohort")
    )


def fee_history(participation: Participation) -> list[tuple[str, str, str]]:
    """How its fee was marked, as the audit trail has it, the latest first: the day, the mark, and who it was."""
    kind = ContentType.objects.get_for_model(Participation)
    events = AuditEvent.objects.filter(
        content_type=kind, object_id=participation.pk, verb="participation.fee_marked"
    ).select_related("actor")
    return [(uk_date(event.at), Fee(event.data["fee"]).label, str(event.actor or "the system")) for event in events]


@dataclass(frozen=True)
class RenewalOffer:
    """An organisation is asked whether it takes part again: in which cohort, and what has become of it."""

    participation: Participation
    cohort: Cohort
    answer: RenewalAnswer | None
    registered: bool
    confirmed: bool

    @property
    def can_answer(self) -> bool:
        """A yes, by whichever way it came, is the team's to undo."""
        return not (self.registered or self.confirmed)

    @property
    def waits(self) -> bool:
        return self.can_answer and self.answer is None


@prepared
def _asked(participations: list[UUID]) -> QuerySet[Message, tuple[UUID, str]]:
    return Message.objects.filter(kind=RENEWAL, object_id__in=participations).values_list("object_id", "occurrence")


def renewal_offers(participations: Iterable[Participation]) -> list[RenewalOffer]:
    """What these organisations were asked about cohorts that still take organisations in; one query where nothing."""
    parts = {part.pk: part for part in participations}
    asked = sorted(set(_asked(list(parts))))
    if not asked:
        return []
    cohorts = Cohort.objects.accepting_interest().select_related("format")
    cohorts_by_key = {str(cohort.pk): cohort for cohort in cohorts.filter(pk__in={key for _, key in asked})}
    about = {"organisation__in": {part.organisation_id for part in parts.values()}, "cohort__in": cohorts_by_key}
    both = ("organisation_id", "cohort_id")
    confirmed = set(Participation.objects.filter(withdrawn_at=None, **about).values_list(*both))
    registered = set(Interest.objects.filter(**about).values_list(*both))
    answers = {
        (answer.participation_id, answer.cohort_id): answer
        for answer in RenewalAnswer.objects.filter(participation__in=parts).select_related("answered_by")
    }
    return [
        RenewalOffer(
            parts[key],
            cohort,
            answers.get((key, cohort.pk)),
            registered=(parts[key].organisation_id, cohort.pk) in registered,
            confirmed=(parts[key].organisation_id, cohort.pk) in confirmed,
        )
        for key, occurrence in asked
        if (cohort := cohorts_by_key.get(occurrence)) is not None
    ]


def renewal_offer(participation: Participation, cohort: Cohort) -> RenewalOffer | None:
    """The offer of one cohort to one organisation that took part before; None where there is none."""
    return next((offer for offer in renewal_offers([participation]) if offer.cohort == cohort), None)


def coordinators_of(participation: Participation) -> list[Coordinator]:
    """Who acts for the organisation today, the longest first."""
    return _acting(participation.organisation_id)


@prepared
def _acting(organisation: UUID) -> QuerySet[Coordinator]:
    return Coordinator.objects.filter(organisation=organisation, ended_at=None).select_related("user")


@prepared
def coordinations_of(user: UUID) -> QuerySet[Coordinator]:
    """For which organisations somebody acts today."""
    return Coordinator.objects.filter(user=user, ended_at=None).select_related("organisation")
