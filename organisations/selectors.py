"""Questions about organisations that pages and services ask."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from cohorts.models import Cohort, StaffRole
from organisations import matching
from organisations.models import Coordinator, Fee, Interest, Participation
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

    Each says whether it has `registered` for this one, is `offered` a renewal, and has somebody who `acts` for it.
    """
    now = Participation.objects.filter(organisation=OuterRef("organisation"), cohort=cohort, withdrawn_at=None)
    mail = {"kind": RENEWAL, "object_id": OuterRef("pk"), "occurrence": str(cohort.pk)}
    rows = Participation.objects.filter(
        ~Exists(now), cohort__format=cohort.format_id, cohort__launch_from__lt=cohort.launch_from, withdrawn_at=None
    )
    last = rows.order_by("organisation_id", "-cohort__launch_from").distinct("organisation_id")
    return (
        Participation.objects.filter(pk__in=last.values("pk"))
        .annotate(
            registered=Exists(Interest.objects.filter(organisation=OuterRef("organisation"), cohort=cohort)),
            offered=Exists(Message.objects.filter(**mail)),
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
