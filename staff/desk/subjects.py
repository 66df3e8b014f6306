"""What a contact or a task is about, by the kind and key that an address names, and the page that shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort
from organisations.models import Organisation
from participants.models import Enrolment
from staff.desk import reach


@dataclass(frozen=True)
class Subject:
    """An organisation, a person (as such, or as a participant of a cohort) or a cohort; `url` is its page."""

    kind: str
    pk: Any
    words: str
    url: str
    organisation: Organisation | None = None
    person: User | None = None
    cohort: Cohort | None = None

    @property
    def row(self) -> Model:
        """What history is kept under."""
        return self.organisation or self.person or self.cohort

    @property
    def takes_contacts(self) -> bool:
        """One speaks with organisations and people, not with cohorts."""
        return self.organisation is not None or self.person is not None

    @property
    def among(self) -> dict[str, Model]:
        """Which rows are about it. What is about a person is shown whatever cohort it came up in."""
        if self.organisation:
            return {"organisation": self.organisation}
        return {"person": self.person} if self.person else {"cohort": self.cohort}

    @property
    def contacts_url(self) -> str:
        return reverse("admin:add_contact", args=[self.kind, self.pk])

    @property
    def tasks_url(self) -> str:
        return reverse("admin:add_task", args=[self.kind, self.pk])


def of(row: Model) -> Subject:
    """The subject that a row is, whoever looks."""
    if isinstance(row, Organisation):
        return Subject("organisation", row.pk, row.name, row.get_absolute_url(), organisation=row)
    if isinstance(row, Enrolment):
        return Subject("enrolment", row.pk, str(row.user), row.get_absolute_url(), person=row.user, cohort=row.cohort)
    if isinstance(row, Cohort):
        return Subject("cohort", row.pk, row.name, reverse("admin:cohort_page", args=[row.pk]), cohort=row)
    return Subject("person", row.pk, str(row), reverse("admin:accounts_user_change", args=[row.pk]), person=row)


_FINDERS: dict[str, Callable[[User], Any]] = {
    "organisation": reach.organisations_of,
    "person": reach.people_of,
    "enrolment": lambda user: reach.enrolments_of(user).select_related("user", "cohort"),
    "cohort": reach.cohorts_of,
}


def find(user: User, kind: str, pk: Any) -> Subject:
    """One that this member of the team answers for; 404 for any other."""
    if kind not in _FINDERS:
        raise Http404
    return of(get_object_or_404(_FINDERS[kind](user), pk=pk))


def answers_for(user: User, subject: Subject) -> bool:
    """Whether they may keep something about it."""
    return _FINDERS[subject.kind](user).filter(pk=subject.pk).exists()


def seen_by(user: User, row: Model) -> Subject:
    """The subject that a row is to this member of the team: a participant, to who may not open accounts."""
    if isinstance(row, User) and not user.has_perm("accounts.view_user"):
        rows = reach.enrolments_of(user).filter(user=row).select_related("user", "cohort")
        return of(rows.order_by("-created_at").first() or row)
    return of(row)
