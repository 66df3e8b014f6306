"""What stands on a circle's notice board and among its goals and actions, with names as the viewer may see them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from accounts.models import User
from accounts.prepared import prepared
from circles.models import Action, Circle, Notice, SessionNote, SharedGoal
from circles.models import Session as CircleSession
from circles.selectors.people import LEFT, Person, names_in


@dataclass(frozen=True)
class Named:
    """Something that somebody wrote or took on, and what they are called."""

    what: Notice | Action
    who: str
    is_mine: bool


@dataclass(frozen=True)
class Goals:
    """The shared goals under one heading; of a circle there is one, without a title."""

    title: str
    goals: list[SharedGoal]


def notices_of(circle: Circle, people: list[Person]) -> list[Named]:
    """Those that are up, the newest first."""
    names = names_in(people)
    return [_named(notice, notice.written_by_id, names) for notice in _up(circle.pk)]


@prepared
def _up(circle: UUID) -> QuerySet[Notice]:
    return Notice.objects.up().filter(circle=circle)


def actions_of(circle: Circle, people: list[Person]) -> list[Named]:
    """Everything that somebody has taken on: what is open first, by when it is due."""
    names = names_in(people)
    return [_named(action, action.owner_id, names) for action in _actions(circle.pk)]


@prepared
def _actions(circle: UUID) -> QuerySet[Action]:
    rows = Action.objects.filter(circle=circle)
    return rows.order_by(F("done_at").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "created_at")


def _named(what: Notice | Action, enrolment: UUID, names: dict[UUID, str]) -> Named:
    who = names.get(enrolment, LEFT)
    return Named(what, who, who == "You")


def goals_of(circle: Circle) -> list[Goals]:
    """The shared goals; of partners under their three competencies, each shown also while it is empty."""
    goals = list(circle.goals.all())
    if not circle.cohort.format.mutual:
        return [Goals("", goals)] if goals else []
    plan = [
        Goals(label, [one for one in goals if one.competency == value])
        for value, label in SharedGoal.Competency.choices
    ]
    others = [one for one in goals if not one.competency]
    return [*plan, Goals("Something else", others)] if others else plan


def note_of(session: CircleSession) -> SessionNote | None:
    return SessionNote.objects.filter(session=session).first()


def goals_for(user: User) -> QuerySet[SharedGoal]:
    return SharedGoal.objects.filter(circle__in=Circle.objects.of(user)).select_related("circle")


def actions_for(user: User) -> QuerySet[Action]:
    return Action.objects.filter(circle__in=Circle.objects.of(user)).select_related("circle")
