"""People get ready: most tick off most of it."""

from random import Random

from cohorts.models import Cohort, OnboardingItem
from participants.models import Enrolment, EnrolmentState, OnboardingDone

SEED = 6


def tick_off(cohort: Cohort, enrolled: list[Enrolment], share: float) -> None:
    """In one statement, what a thousand presses would have left: that share of it. Its chance is its own."""
    random = Random(SEED)  # noqa: S311 - invented people need no secrecy
    asked = OnboardingItem.objects.in_use().of_cohort(cohort).exclude(kind=OnboardingItem.Kind.SURVEY)
    items = list(asked)
    people = [one for one in enrolled if one.state == EnrolmentState.ENROLLED]
    OnboardingDone.objects.bulk_create(
        OnboardingDone(enrolment=person, item=item)
        for person in people
        for item in items
        if item.is_for(person.role) and random.random() < share
    )
