"""What people have told the team, and nobody has dealt with."""

from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.models import Concern
from cohorts.models import Cohort
from staff.attention.base import Item, Rule
from surveys.models import TeamNote
from ui.dates import uk_date


def help_asked_for(user: User, cohorts: list[Cohort]) -> list[Item]:
    """People who agreed to be contacted, in a note to the team."""
    notes = TeamNote.objects.asking_for_help().filter(cohort__in=cohorts).select_related("enrolment__user")
    return [Item(note.cohort_id, f"{note.enrolment.user}: {note.get_origin_display()}", _note(note)) for note in notes]


def unnamed(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Notes without a name that nobody has dealt with."""
    notes = TeamNote.objects.open().filter(cohort__in=cohorts, enrolment=None)
    return [Item(note.cohort_id, "A note without a name", _note(note)) for note in notes]


def concerns(user: User, cohorts: list[Cohort]) -> list[Item]:
    """What was told in confidence and nobody has taken up; no name, so that a shared screen tells nothing."""
    waiting = Concern.objects.waiting().readable_by(user).filter(cohort__in=cohorts)
    today = clock.today()
    found = [(one, "is late" if one.due_on < today else f"to be taken up by {uk_date(one.due_on)}") for one in waiting]
    return [Item(one.cohort_id, f"A concern {when}", _concern(one)) for one, when in found]


def _concern(concern: Concern) -> str:
    return reverse("admin:circles_concern_change", args=[concern.pk])


def _note(note: TeamNote) -> str:
    return reverse("admin:surveys_teamnote_change", args=[note.pk])


RULES = [
    Rule(
        key="concern_waiting",
        says="A concern was raised, and nobody has taken it up",
        action="Read and take it up",
        permission="circles.change_concern",
        find=concerns,
        confided=True,
    ),
    Rule(
        key="help_asked_for",
        says="Somebody asks the team to get in touch",
        action="Read the note",
        permission="surveys.change_teamnote",
        find=help_asked_for,
        confided=True,
    ),
    Rule(
        key="note_to_team",
        says="A note to the team waits to be read",
        action="Read the note",
        permission="surveys.change_teamnote",
        find=unnamed,
        confided=True,
    ),
]
