"""People on their way into a circle: nominees who have not answered, participants without a seat."""

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.models import Membership
from cohorts.models import Cohort
from participants.models import Enrolment, Nomination
from staff.attention.base import Item, Rule, ends_within, short_date

ANSWER_DAYS = 7


def unanswered_nominees(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Nominees who were invited and have not said yes or no, while they still can."""
    rows = Nomination.objects.unanswered().filter(cohort__in=ends_within(cohorts, ANSWER_DAYS))
    rows = rows.select_related("participation__organisation", "cohort")
    return [Item(n.cohort_id, _nominee(n), n.get_absolute_url(), n.participation.organisation.adviser_id) for n in rows]


def _nominee(nomination: Nomination) -> str:
    until = short_date(nomination.cohort.recruitment_until)
    return f"{nomination} of {nomination.participation.organisation}, can answer until {until}"


def unplaced(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Participants without a seat although their cohort's circles are published."""
    published = [cohort for cohort in cohorts if cohort.published_at]
    seat = Membership.objects.current().filter(enrolment=OuterRef("pk"))
    rows = Enrolment.objects.enrolled().filter(~Exists(seat), cohort__in=published)
    rows = rows.select_related("user", "organisation")
    return [Item(e.cohort_id, f"{e.user} of {e.organisation}", _seat(user, e), e.organisation.adviser_id) for e in rows]


def _seat(user: User, enrolment: Enrolment) -> str:
    """The page that gives a seat; the enrolment itself for somebody who may only look."""
    if user.has_perm("circles.form_circles", enrolment):
        return reverse("admin:enrolment_seat", args=[enrolment.pk])
    return enrolment.get_absolute_url()


def unfinished(user: User, cohorts: list[Cohort]) -> list[Item]:
    """People who accepted and have not finished their form, once recruitment has ended."""
    over = [c for c in cohorts if c.recruitment_until < clock.today() and not c.published_at]
    rows = Enrolment.objects.filter(cohort__in=over, state="started").select_related("user", "organisation")
    return [_of_adviser(e, f"{e.user} of {e.organisation}") for e in rows]


def _of_adviser(enrolment: Enrolment, evidence: str) -> Item:
    """Whoever advises the person's organisation sees to it."""
    page = enrolment.get_absolute_url()
    return Item(enrolment.cohort_id, evidence, page, enrolment.organisation.adviser_id)


RULES = [
    Rule(
        key="nominee_unanswered",
        says=f"Nominee has not answered, {ANSWER_DAYS} days or less before they no longer can",
        action="See the nomination",
        permission="participants.view_nomination",
        find=unanswered_nominees,
        stage="recruitment",
        list_page="admin:participants_nomination_changelist",
        list_filter=(("state__exact", "invited"),),
    ),
    Rule(
        key="form_unfinished",
        says="Accepted, but the form is not finished and recruitment has ended",
        action="See the enrolment",
        permission="participants.view_enrolment",
        find=unfinished,
        stage="onboarding",
        list_page="admin:participants_enrolment_changelist",
        list_filter=(("state__exact", "started"),),
    ),
    Rule(
        key="unplaced",
        says="Enrolled, but in no circle after publication",
        action="Find a seat",
        permission="participants.view_enrolment",
        find=unplaced,
        stage="launch",
        list_page="admin:participants_enrolment_changelist",
        list_filter=(("state__exact", "enrolled"),),
    ),
]
