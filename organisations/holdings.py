"""What this app holds about a person: for whom they coordinate, what they were asked, what they answered for others."""

from accounts.models import User
from organisations.models import Coordinator, CoordinatorInvitation, RenewalAnswer
from privacy import registry
from privacy.registry import Entry, Holding


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


def register() -> None:
    for key, title, export, erase in HOLDINGS:
        registry.register(Holding(key=key, title=title, export=export, erase=erase, position=40))
