"""The list with which somebody gets ready, as its page and their home show it: each line with where it is done."""

from dataclasses import dataclass

from django.urls import reverse

from circles.selectors.feeds import has_meetings
from circles.selectors.sessions import circle_of
from cohorts.models import OnboardingItem
from content.models import Resource
from participants.models import Enrolment
from surveys.selectors import Checklist, Task, checklist, guides_of
from ui.dates import uk_date

Kind = OnboardingItem.Kind


@dataclass(frozen=True)
class Row:
    """One line, and the page on which it is done; without an address there is none (yet)."""

    task: Task
    url: str
    action: str

    @property
    def when(self) -> str:
        """By when, in words; blank once it is done or without a date."""
        if self.task.done or self.task.due is None:
            return ""
        day = uk_date(self.task.due)
        return f"It was due by {day}: it still helps" if self.task.is_late else f"By {day}"


@dataclass(frozen=True)
class Readiness:
    """Somebody's list for one cohort."""

    checklist: Checklist
    rows: list[Row]

    @property
    def enrolment(self) -> Enrolment:
        return self.checklist.enrolment

    @property
    def next(self) -> Row | None:
        """The first required line that is open and has a page. The survey is a step of its own on the home page."""
        open_rows = (row for row in self.rows if row.task.item.required and not row.task.done)
        return next((row for row in open_rows if row.task.item.kind != Kind.SURVEY), None)


def readiness(enrolment: Enrolment) -> Readiness:
    """The list of one person in one cohort."""
    found = checklist(enrolment)
    return Readiness(found, [_row(task, enrolment) for task in found.tasks])


def row_for_guide(enrolment: Enrolment, guide: Resource) -> Row | None:
    """The line of the list that a guide belongs to, if it does."""
    rows = readiness(enrolment).rows
    return next((row for row in rows if row.task.item.guide_id == guide.pk), None)


def guide_links(enrolment: Enrolment) -> list[tuple[Resource, str]]:
    """Every guide for the person, with its address."""
    return [(guide, reverse("portal:guide", args=[enrolment.pk, guide.pk])) for guide in guides_of(enrolment)]


def _row(task: Task, enrolment: Enrolment) -> Row:
    url, action = _place(task, enrolment)
    return Row(task, url, action)


def _place(task: Task, enrolment: Enrolment) -> tuple[str, str]:
    """Where a line is done, and what the link there says."""
    match task.item.kind:
        case Kind.READ:
            return reverse("portal:guide", args=[enrolment.pk, task.item.guide_id]), "Read it"
        case Kind.SURVEY:
            return (
                (reverse("portal:survey", args=[task.survey.pk]), "Answer it")
                if task.survey and not task.done
                else ("", "")
            )
        case Kind.SHARING:
            return f"{reverse('portal:account')}#circle-sees", "See your choices"
        case Kind.CALENDAR:
            return (reverse("portal:calendar"), "See how") if has_meetings(enrolment.user) else ("", "")
        case Kind.NOTICE:
            circle = circle_of(enrolment)
            return (reverse("portal:notices", args=[circle.pk]), "Write") if circle else ("", "")
    return "", ""
