"""What the team has kept about a person, and what of the team's own work is a person's."""

from django.db.models import Q

from accounts.models import User
from cohorts.models import Cover
from privacy import registry
from privacy.registry import Entry, Holding
from staff.models import Contact, Task


def export_contacts(user: User) -> list[Entry]:
    """Not with whom, where that was somebody else."""
    return [
        {"When": one.spoken_on, "How": one.get_channel_display(), "What was written down": one.said}
        for one in Contact.objects.filter(person=user)
    ]


def erase_contacts(user: User) -> int:
    """Those about the person go; those that they wrote about others stay, as nobody's."""
    nobodys = Contact.objects.filter(written_by=user).exclude(person=user).update(written_by=None)
    return Contact.objects.filter(person=user).delete()[0] + nobodys


def export_tasks(user: User) -> list[Entry]:
    rows = Task.objects.filter(Q(person=user) | Q(owner=user))
    return [{"What": one.what, "By": one.due_on, "Done": one.done_at, "Yours to do": one.owner == user} for one in rows]


def erase_tasks(user: User) -> int:
    gone = Task.objects.filter(person=user).delete()[0]
    return gone + sum(Task.objects.filter(**{name: user}).update(**{name: None}) for name in _BY)


_BY = ["owner", "asked_by", "done_by"]


def _covers(user: User) -> Q:
    return Q(person=user) | Q(covered_by=user)


def export_covers(user: User) -> list[Entry]:
    rows = Cover.objects.filter(_covers(user))
    return [{"From": one.first_day, "To": one.last_day, "You were away": one.person_id == user.pk} for one in rows]


def erase_covers(user: User) -> int:
    return Cover.objects.filter(_covers(user)).delete()[0]


def register() -> None:
    for key, title, export, erase in (
        ("contact_log", "Contacts with you that the programme team wrote down", export_contacts, erase_contacts),
        ("tasks", "What the programme team had to do about you, or you for it", export_tasks, erase_tasks),
        ("covers", "When somebody of the team was covered by another", export_covers, erase_covers),
    ):
        registry.register(Holding(key=key, title=title, export=export, erase=erase, position=10))
