"""The contact log and the tasks as they stand below an object's own page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import Model
from django.http import HttpRequest

from accounts import clock
from cohorts.covers import Covers
from privacy import typed
from privacy.models import AuditEvent
from staff.desk import reach, subjects
from staff.desk.forms import ContactForm
from staff.desk.subjects import Subject
from staff.models import Contact, Task
from ui.dates import uk_datetime

CONTACTS, DONE, LINES = 10, 10, 20
PARAMETER = "contacts"
VERBS = {
    "contact.written": "wrote down a contact",
    "contact.changed": "changed a contact",
    "contact.deleted": "deleted a contact",
}


@dataclass(frozen=True)
class Line:
    """A task with its owner's name and who covers them today; `about` what, where the page does not say it."""

    task: Task
    owner: str
    about: str = ""

    @property
    def tone(self) -> str:
        if self.task.done_at:
            return "good"
        return "attention" if self.task.due_on <= clock.today() else "neutral"


@dataclass(frozen=True)
class Desk:
    """What is kept about one organisation, person or cohort. `page` and `form` are None where nobody is spoken with."""

    subject: Subject
    tasks: list[Line]
    done: list[Line]
    page: Page | None
    form: ContactForm | None
    history: list[tuple[str, str, str]]


def desk_of(request: HttpRequest, row: Model) -> Desk | None:
    """What is kept about it, for those who answer for it; the same few queries however much there is."""
    subject = subjects.of(row)
    if not (request.user.has_perm(reach.CONTACTS) and subjects.answers_for(request.user, subject)):
        return None
    tasks = list(_tasks(request, subject))
    speaks = subject.takes_contacts
    return Desk(
        subject=subject,
        tasks=[line for line in tasks if line.task.done_at is None],
        done=[line for line in tasks if line.task.done_at][:DONE],
        page=_contacts(request, subject) if speaks else None,
        form=typed.put_back(request, ContactForm(subject=subject)) if speaks else None,
        history=list(_history(subject)) if speaks else [],
    )


def _tasks(request: HttpRequest, subject: Subject) -> Iterable[Line]:
    rows = Task.objects.for_staff(request.user).filter(**subject.among)
    covers = Covers.now()
    for task in rows.select_related("owner", "organisation", "person", "cohort"):
        about = "" if task.about == subject.row else str(task.about)
        yield Line(task, covers.words(task.owner) if task.owner else "Nobody", about)


def _contacts(request: HttpRequest, subject: Subject) -> Page:
    rows = Contact.objects.filter(**subject.among).select_related("written_by", "organisation", "person")
    return Paginator(rows, CONTACTS).get_page(request.GET.get(PARAMETER))


def _history(subject: Subject) -> Iterable[tuple[str, str, str]]:
    """When, who, and what they did to the log: the latest lines of the audit trail."""
    kind = ContentType.objects.get_for_model(subject.row)
    lines = AuditEvent.objects.filter(content_type=kind, object_id=subject.row.pk, verb__in=VERBS)
    for line in lines.select_related("actor")[:LINES]:
        yield uk_datetime(line.at), str(line.actor or "Somebody"), VERBS[line.verb]
