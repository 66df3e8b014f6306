"""What a person has put into the space of a circle, and how it is forgotten."""

from accounts.models import User
from circles.models import Action, AgendaVote, Notice, SessionNote, SharedGoal
from privacy import registry
from privacy.registry import Entry, Holding


def export_space(user: User) -> list[Entry]:
    notices = Notice.objects.up().filter(written_by__user=user)
    goals, actions = SharedGoal.objects.filter(added_by__user=user), Action.objects.filter(owner__user=user)
    votes = AgendaVote.objects.filter(enrolment__user=user).select_related("item")
    return [
        *({"Notice": one.text, "When": one.created_at} for one in notices),
        *({"Shared goal": one.text, "When": one.created_at} for one in goals),
        *({"Action": one.text, "By": one.due_on, "Done": one.done_at is not None} for one in actions),
        *({"You voted for": one.item.text} for one in votes),
    ]


def erase_space(user: User) -> int:
    """Everything that is theirs goes; the circle's decisions stay, without who wrote them down."""
    theirs = (
        Notice.objects.filter(written_by__user=user),
        SharedGoal.objects.filter(added_by__user=user),
        Action.objects.filter(owner__user=user) | Action.objects.filter(added_by__user=user),
        AgendaVote.objects.filter(enrolment__user=user),
    )
    notes = SessionNote.objects.filter(written_by__user=user).update(written_by=None)
    return sum(rows.delete()[0] for rows in theirs) + notes


def register() -> None:
    registry.register(
        Holding(
            key="circle_space",
            title="What you put into your circle’s space",
            export=export_space,
            erase=erase_space,
            position=10,
        )
    )
