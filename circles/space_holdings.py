"""What a person has put into the space of a circle or told in confidence, and how it is forgotten."""

from accounts.models import User
from circles.models import Action, AgendaItem, AgendaVote, Concern, Notice, Reflection, SessionNote, SharedGoal
from privacy import registry
from privacy.registry import Entry, Holding


def export_space(user: User) -> list[Entry]:
    notices = Notice.objects.up().filter(written_by__user=user)
    goals, actions = SharedGoal.objects.filter(added_by__user=user), Action.objects.filter(owner__user=user)
    votes = AgendaVote.objects.filter(enrolment__user=user).select_related("item")
    items = AgendaItem.objects.filter(added_by__user=user)
    notes = SessionNote.objects.filter(written_by__user=user).select_related("session")
    return [
        *({"You put on the agenda": one.text, "When": one.created_at} for one in items),
        *({"Notes of": str(one.session), "As you wrote them": one.decisions, "When": one.written_at} for one in notes),
        *({"Notice": one.text, "When": one.created_at} for one in notices),
        *({"Shared goal": one.text, "When": one.created_at} for one in goals),
        *({"Action": one.text, "By": one.due_on, "Done": one.done_at is not None} for one in actions),
        *({"You voted for": one.item.text} for one in votes),
    ]


def erase_space(user: User) -> int:
    """Everything that is theirs goes, votes of others for it included.

    Notes of a session belong to whoever wrote them last: nobody can tell which words of an earlier writer are left,
    and whoever saved them after reading made them their own.
    """
    theirs = (
        AgendaItem.objects.filter(added_by__user=user),
        SessionNote.objects.filter(written_by__user=user),
        Notice.objects.filter(written_by__user=user),
        SharedGoal.objects.filter(added_by__user=user),
        Action.objects.filter(owner__user=user) | Action.objects.filter(added_by__user=user),
        AgendaVote.objects.filter(enrolment__user=user),
    )
    return sum(rows.delete()[0] for rows in theirs)


def export_reflections(user: User) -> list[Entry]:
    kept = Reflection.objects.filter(enrolment__user=user).select_related("session")
    return [{"Session": str(one.session), "When": one.changed_at, "Your words": one.text} for one in kept]


def erase_reflections(user: User) -> int:
    return Reflection.objects.filter(enrolment__user=user).delete()[0]


def export_concerns(user: User) -> list[Entry]:
    told = Concern.objects.filter(enrolment__user=user)
    return [
        {"When": one.created_at, "Your words": one.text, "Taken up": one.acknowledged_at, "Closed": one.closed_at}
        for one in told
    ]


def erase_concerns(user: User) -> int:
    return Concern.objects.filter(enrolment__user=user).delete()[0]


def register() -> None:
    registry.register(
        Holding(
            key="reflections",
            title="Your reflections",
            export=export_reflections,
            erase=erase_reflections,
            position=10,
        )
    )
    registry.register(
        Holding(
            key="concerns",
            title="What you told the team in confidence",
            export=export_concerns,
            erase=erase_concerns,
            position=10,
        )
    )
    registry.register(
        Holding(
            key="circle_space",
            title="What you put into your circle’s space",
            export=export_space,
            erase=erase_space,
            position=10,
        )
    )
