"""A cohort with its surveys, and people who answer them."""

import datetime as dt
import random
from collections.abc import Callable

from accounts import clock
from circles.models import Session
from cohorts.models import Cohort
from cohorts.services import default_reminder_rules
from participants.models import Enrolment
from privacy.models import Purpose
from privacy.services import set_consent
from surveys import services
from surveys.models import Answer, Item, ParticipantKey, Response, Survey
from surveys.selectors import pages
from tests.factories import CircleFactory, CohortFactory, EnrolmentFactory, MembershipFactory, SessionFactory

LAUNCH = dt.date(2026, 10, 5)
FIRST_SESSION = dt.datetime(2026, 11, 11, 12, 30, tzinfo=clock.LONDON)
LAST_SESSION = dt.datetime(2027, 4, 14, 12, 30, tzinfo=clock.LONDON)
BEFORE, AFTER = dt.date(2026, 10, 7), dt.date(2027, 4, 15)


def cohort_with_sessions(**values: object) -> Cohort:
    """A cohort with one circle whose six sessions run from November to April."""
    cohort = CohortFactory(launch=LAUNCH, **values)
    services.ensure_surveys(cohort=cohort)
    default_reminder_rules(cohort)
    circle = CircleFactory(cohort=cohort)
    for number in range(6):
        month = FIRST_SESSION + dt.timedelta(days=round(number * 154 / 5))
        SessionFactory(circle=circle, number=number + 1, starts_at=month)
    assert Session.objects.latest("starts_at").starts_at == LAST_SESSION
    return cohort


def seated(cohort: Cohort, seat: int | None = None, *, agrees: bool = True, **values: object) -> Enrolment:
    """An enrolled person with a seat in the cohort's circle (the next free one), who agreed to the evaluation."""
    circle = cohort.circles.first()
    taken = circle.memberships.count()
    if taken > 10:
        circle, taken = CircleFactory(cohort=cohort), 0
    number = taken if seat is None else seat
    role = "mentor" if number == 0 else "mentee"
    enrolment = EnrolmentFactory(cohort=cohort, role=role, completed_at=clock.now(), **values)
    MembershipFactory(circle=circle, enrolment=enrolment, seat=number)
    if agrees:
        set_consent(user=enrolment.user, purpose=Purpose.EVALUATION, given=True, how="test")
    return enrolment


def survey_of(cohort: Cohort, wave: str) -> Survey:
    return Survey.objects.select_related("cohort").get(cohort=cohort, wave=wave)


def answer(enrolment: Enrolment, wave: str, choose: object = 3, *, submit: bool = True) -> None:
    """Answer every item: with one value, or with what `choose(item)` says (None: prefer not to say)."""
    survey = survey_of(enrolment.cohort, wave)
    for part in pages(survey):
        values = {item.pk: choose(item) if callable(choose) else choose for item in part.instrument.items.all()}
        services.save_page(survey=survey, enrolment=enrolment, part=part, values=values)
    if submit:
        services.submit(survey=survey, enrolment=enrolment)


def answer_all(people: list[Enrolment], wave: str, lowest: int, highest: int) -> None:
    """Many people hand a survey in, each a little differently, written in a few statements."""
    survey = survey_of(people[0].cohort, wave)
    items = [item for part in pages(survey) for item in part.instrument.items.all()]
    ParticipantKey.objects.bulk_create([ParticipantKey(enrolment=one) for one in people], ignore_conflicts=True)
    keys = dict(ParticipantKey.objects.filter(enrolment__in=people).values_list("enrolment_id", "key"))
    responses = Response.objects.bulk_create(
        Response(survey=survey, participant_key=keys[one.pk], submitted_at=clock.now()) for one in people
    )
    Answer.objects.bulk_create(
        Answer(response=response, item=item, value=varied(n, lowest, highest)(item))
        for n, response in enumerate(responses)
        for item in items
    )


def varied(person: int, lowest: int = 1, highest: int = 3) -> Callable[[Item], int]:
    """Answers that differ between people and statements, and are the same in every run."""
    return lambda item: random.Random(f"{person}{lowest}{item.text}").randint(lowest, highest)
