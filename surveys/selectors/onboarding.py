"""What people have done to get ready for their first session: one person's list, and a cohort's in counts."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from accounts import clock
from circles.models import CalendarFeed
from cohorts.models import Cohort, OnboardingItem
from content.models import Resource
from content.selectors import guides_for
from participants.models import Enrolment, OnboardingDone
from surveys.models import Response, Survey
from surveys.models.survey import FLOOR
from surveys.selectors.flow import enrolled
from surveys.selectors.link import links_of
from surveys.selectors.windows import Span, session_span, window

Kind = OnboardingItem.Kind
# For how long after the sessions have begun, or they have joined, somebody is still reminded at home.
NEW = dt.timedelta(weeks=6)


@dataclass(frozen=True)
class Task:
    """One line of a person's list. One that is `known` is done by what the product has seen, and not by a tick."""

    item: OnboardingItem
    due: dt.date | None
    done: bool
    known: bool
    survey: Survey | None = None

    @property
    def is_late(self) -> bool:
        return not self.done and self.due is not None and self.due < clock.today()


@dataclass(frozen=True)
class Checklist:
    """How far one person is."""

    enrolment: Enrolment
    tasks: list[Task]

    @property
    def done(self) -> int:
        return sum(task.done for task in self.tasks)

    @property
    def left(self) -> list[Task]:
        """What is required and not done yet."""
        return [task for task in self.tasks if task.item.required and not task.done]


@dataclass(frozen=True)
class Line:
    """One line of the list, and how many of those whom it is for have done it."""

    item: OnboardingItem
    due: dt.date | None
    people: int
    done: int

    @property
    def not_yet(self) -> int:
        return self.people - self.done

    @property
    def is_shown(self) -> bool:
        """Of a few people, a count of who answered the survey would be as good as their names."""
        return self.item.kind != Kind.SURVEY or self.people >= FLOOR


def guides_of(enrolment: Enrolment) -> list[Resource]:
    """The training and reading for a person's role and format."""
    return list(guides_for(enrolment.cohort.format.key, enrolment.role))


def is_getting_ready(enrolment: Enrolment) -> bool:
    """Whether somebody is still reminded at home of what is left; they find it afterwards too. It costs no query."""
    cohort = enrolment.cohort
    return cohort.closed_at is None and clock.today() <= max(cohort.sessions_from, _enrolled_on(enrolment)) + NEW


def checklist(enrolment: Enrolment) -> Checklist:
    """A person's own list. A first survey that can no longer be answered is not on it.

    A day that was over when the person enrolled is none for them.
    """
    span, enrolled_on = session_span(enrolment.cohort), _enrolled_on(enrolment)
    first = _first_session(span)
    ticked = set(enrolment.onboarding_done.values_list("item_id", flat=True))
    items = [item for item in _items(enrolment.cohort) if item.is_for(enrolment.role)]
    known = _known(items, [enrolment])
    survey = _open_survey(enrolment.cohort, span) if any(item.kind == Kind.SURVEY for item in items) else None
    tasks = []
    for item in items:
        by_itself = enrolment.pk in known.get(item.kind, set())
        done = by_itself or (item.kind != Kind.SURVEY and item.pk in ticked)
        if item.kind != Kind.SURVEY or done or survey:
            asked = survey if item.kind == Kind.SURVEY else None
            due = item.due(first)
            due = due if due is None or due > enrolled_on else None
            tasks.append(Task(item, due, done, by_itself or item.kind == Kind.SURVEY, asked))
    return Checklist(enrolment, tasks)


def completion(cohort: Cohort) -> list[Line]:
    """For each line of a cohort's list, how many of its people have done it."""
    people = list(enrolled(cohort))
    items, first = _items(cohort), _first_session(session_span(cohort))
    known = _known(items, people)
    rows = OnboardingDone.objects.filter(enrolment__in=people).exclude(item__kind=Kind.SURVEY)
    ticked = set(rows.values_list("item_id", "enrolment_id"))
    return [_line(item, item.due(first), people, known.get(item.kind, set()), ticked) for item in items]


def not_ready(cohort: Cohort) -> set[UUID]:
    """The enrolments of those who have not done all that is required of them.

    The survey does not count: whether one person has answered it is nobody's to see.
    """
    people = list(enrolled(cohort))
    items = [item for item in _items(cohort) if item.required and item.kind != Kind.SURVEY]
    known = _known(items, people)
    ticked = set(OnboardingDone.objects.filter(enrolment__in=people).values_list("item_id", "enrolment_id"))
    return {
        one.pk
        for one in people
        for item in items
        if item.is_for(one.role) and one.pk not in known.get(item.kind, ()) and (item.pk, one.pk) not in ticked
    }


def _line(item: OnboardingItem, due: dt.date | None, people: list[Enrolment], known: set, ticked: set) -> Line:
    concerned = [one for one in people if item.is_for(one.role)]
    done = sum(one.pk in known or (item.pk, one.pk) in ticked for one in concerned)
    return Line(item, due, len(concerned), done)


def _items(cohort: Cohort) -> list[OnboardingItem]:
    return list(OnboardingItem.objects.in_use().of_cohort(cohort).select_related("guide"))


def _enrolled_on(enrolment: Enrolment) -> dt.date:
    return clock.local(enrolment.completed_at or enrolment.created_at).date()


def _first_session(span: Span) -> dt.date:
    return clock.local(span.first_starts).date()


def _open_survey(cohort: Cohort, span: Span) -> Survey | None:
    survey = cohort.surveys.filter(wave=Survey.Wave.PRE).select_related("cohort").first()
    return survey if survey and window(survey, span).may_answer else None


def _known(items: list[OnboardingItem], people: list[Enrolment]) -> dict[str, set]:
    """For each kind that the product sees by itself: the enrolments of those who have done it."""
    kinds = {item.kind for item in items}
    known = {}
    if Kind.SURVEY in kinds:
        whose = links_of(one.pk for one in people)
        handed_in = Response.objects.filter(survey__wave=Survey.Wave.PRE, submitted_at__isnull=False)
        keys = handed_in.filter(participant_key__in=list(whose)).values_list("participant_key", flat=True)
        known[Kind.SURVEY.value] = {whose[key] for key in keys}
    if Kind.CALENDAR in kinds:
        users = [one.user_id for one in people]
        subscribed = set(CalendarFeed.objects.filter(user__in=users).values_list("user_id", flat=True))
        known[Kind.CALENDAR.value] = {one.pk for one in people if one.user_id in subscribed}
    return known
