"""What this app holds about somebody by their address: what they wrote to us, and what they wanted to hear."""

from accounts.models import User
from organisations.models import Demand, Interest
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


def register() -> None:
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
