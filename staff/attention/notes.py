"""What people have told the team, and nobody has dealt with."""

from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort
from staff.attention.base import Item, Rule
from surveys.models import TeamNote


def help_asked_for(user: User, cohorts: list[Cohort]) -> list[Item]:
    """People who agreed to be contacted, in a note to the team."""
    notes = TeamNote.objects.asking_for_help().filter(cohort__in=cohorts).select_related("enrolment__user")
    return [Item(note.cohort_id, f"{note.enrolment.user}: {note.get_origin_display()}", _note(note)) for note in notes]


def unnamed(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Notes without a name that nobody has dealt with."""
    notes = TeamNote.objects.open().filter(cohort__in=cohorts, enrolment=None)
    return [Item(note.cohort_id, "A note without a name", _note(note)) for note in notes]


def _note(note: TeamNote) -> str:
    return reverse("admin:surveys_teamnote_change", args=[note.pk])


_LIST = "admin:surveys_teamnote_changelist"
RULES = [
    Rule(
        key="help_asked_for",
        says="Somebody asks the team to get in touch",
        action="Read the note",
        permission="surveys.change_teamnote",
        find=help_asked_for,
        list_page=_LIST,
        list_filter=(("asks_for_help__exact", "1"),),
    ),
    Rule(
        key="note_to_team",
        says="A note to the team waits to be read",
        action="Read the note",
        permission="surveys.change_teamnote",
        find=unnamed,
        list_page=_LIST,
    ),
]
