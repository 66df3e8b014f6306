"""What this app holds about somebody: what they wrote to us by their address, for whom they coordinate and answered."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from organisations.models import Coordinator, CoordinatorInvitation, Demand, Interest, RenewalAnswer
from organisations.services.retention import erase_contact, erase_demand
from privacy import registry
from privacy.registry import Entry, Holding


def export_contacts(user: User) -> list[Entry]:
    wrote = Interest.objects.filter(contact_email__iexact=user.email).order_by("created_at")
    asked = Demand.objects.filter(email__iexact=user.email).order_by("created_at")
    return [
        *(
            {"On": one.created_at, "For": one.organisation_as_written, "Name": one.contact_name,
             "E-mail address": one.contact_email, "Role": one.contact_role, "Your words": one.message}
            for one in wrote
        ),
        *({"On": one.created_at, "Asked to hear when they join": one.employer} for one in asked),
    ]  # fmt: skip


def erase_contacts(user: User) -> int:
    """Forget who wrote; that their organisation asked stays."""
    wrote = Interest.objects.filter(contact_email__iexact=user.email).values_list("pk", flat=True)
    asked = Demand.objects.filter(email__iexact=user.email).values_list("pk", flat=True)
    return sum(erase_contact(key) for key in list(wrote)) + sum(erase_demand(key) for key in list(asked))


def export_coordinating(user: User) -> list[Entry]:
    rows = Coordinator.objects.filter(user=user).select_related("organisation")
    return [{"Organisation": str(row.organisation), "Since": row.created_at, "Until": row.ended_at} for row in rows]


def erase_coordinating(user: User) -> int:
    return Coordinator.objects.filter(user=user).delete()[0]


def export_asked(user: User) -> list[Entry]:
    rows = CoordinatorInvitation.objects.filter(email__iexact=user.email).select_related("organisation")
    return [
        {"Organisation": str(row.organisation), "Asked on": row.created_at, "Answer": row.get_state_display()}
        for row in rows
    ]


def erase_asked(user: User) -> int:
    rows = CoordinatorInvitation.objects.filter(email__iexact=user.email)
    return rows.update(first_name="Erased", last_name="", email="", state=CoordinatorInvitation.State.EXPIRED)


def export_renewals(user: User) -> list[Entry]:
    rows = RenewalAnswer.objects.filter(answered_by=user).select_related("cohort", "participation__organisation")
    return [
        {
            "Organisation": str(row.participation.organisation), "Cohort": str(row.cohort), "Again": row.again,
            "Note": row.note, "When": row.answered_at,
        }
        for row in rows
    ]  # fmt: skip


def erase_renewals(user: User) -> int:
    return RenewalAnswer.objects.filter(answered_by=user).update(answered_by=None, note="")


HOLDINGS = [
    ("coordinating", "For whom you coordinate", export_coordinating, erase_coordinating),
    ("coordinator_invitations", "When you were asked to coordinate", export_asked, erase_asked),
    ("renewal_answers", "What you answered for your organisation", export_renewals, erase_renewals),
]


def coordinating(since: dt.datetime) -> QuerySet[Coordinator]:
    """Whoever acts for an organisation, or did after that."""
    return Coordinator.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since)).values("user")


def in_touch(since: dt.datetime) -> QuerySet[User]:
    """Whose address is that of somebody who wrote to us, wants to hear from us or is asked to coordinate."""
    found = Q()
    for model, field in ((Interest, "contact_email"), (Demand, "email"), (CoordinatorInvitation, "email")):
        found |= Q(email__in=model.objects.exclude(**{field: ""}).values_list(Lower(field)))
    return User.objects.filter(found).values("pk")


def register() -> None:
    registry.need("coordinators", coordinating)
    registry.need("contacts", in_touch)
    registry.register(
        Holding(
            key="contacts",
            title="What you wrote to us for your organisation",
            export=export_contacts,
            erase=erase_contacts,
            position=20,
            apart=True,
            of_them="What they wrote to us for their organisation",
        )
    )
    for key, title, export, erase in HOLDINGS:
        registry.register(Holding(key=key, title=title, export=export, erase=erase, position=40))
