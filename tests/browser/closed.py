"""A cohort that is over, for those who read figures."""

import datetime as dt

from accounts import clock
from circles.models import Circle
from cohorts.models import Format
from organisations.models import Participation
from surveys.services import close_cohort, ensure_surveys
from tests.factories import CohortFactory, ParticipationFactory, SessionFactory
from tests.surveys.people import answer_all, seated
from tests.world import World

MENTEES = 10  # with their mentor enough that figures are shown


def closed_with_figures(w: World) -> Participation:
    """The world’s organisation in a cohort whose mentees were all its own, and whose figures are released."""
    now = clock.now()
    launch = now - dt.timedelta(days=240)
    clock.move_to(launch - dt.timedelta(days=3))
    cohort = CohortFactory(format=Format.objects.get(key="circles"), number=13, launch=launch.date())
    ensure_surveys(cohort=cohort)
    circle = Circle.objects.create(cohort=cohort, number=1)
    people = [
        seated(cohort, organisation=w.third),
        *(seated(cohort, organisation=w.organisation) for _ in range(MENTEES)),
    ]
    for number in (1, 2):
        SessionFactory(circle=circle, number=number, starts_at=launch + dt.timedelta(days=30 * number))
    answer_all(people, "pre", 1, 3)
    clock.move_to(launch + dt.timedelta(days=120))
    answer_all(people, "post", 2, 4)
    close_cohort(cohort=cohort, by=None)
    clock.move_to(now)
    return ParticipationFactory(organisation=w.organisation, cohort=cohort)
