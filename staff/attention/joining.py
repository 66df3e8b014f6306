"""People on their way into a circle: nominees who have not answered, participants without a seat."""

import datetime as dt

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.models import Membership
from cohorts.models import Cohort
from participants.models import EmployerRequest, Enrolment, LeaveRequest, Nomination
from participants.reminding import reminded_to_finish
from staff.attention.base import Item, Rule, ends_within, short_date

ANSWER_DAYS = 7
ENROLS_IN = dt.timedelta(days=3)  # nobody is late before


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
    return [_to_seat(user, enrolment) for enrolment in rows]


def _to_seat(user: User, enrolment: Enrolment) -> Item:
    """With the page that gives a seat; the enrolment itself for somebody who may only look."""
    may = user.has_perm("circles.form_circles", enrolment)
    page = reverse("admin:enrolment_seat", args=[enrolment.pk]) if may else enrolment.get_absolute_url()
    who, adviser = f"{enrolment.user} of {enrolment.organisation}", enrolment.organisation.adviser_id
    return Item(enrolment.cohort_id, who, page, adviser, looks="" if may else "See the enrolment")


def unfinished(user: User, cohorts: list[Cohort]) -> list[Item]:
    """People who accepted some days ago and have not finished their form, near the end of recruitment or after it."""
    today = clock.today()
    late = [c for c in cohorts if c.recruitment_until < today and not c.published_at]
    rows = Enrolment.objects.filter(state="started", cohort__in=[*late, *ends_within(cohorts, ANSWER_DAYS)])
    rows = rows.filter(created_at__lte=clock.now() - ENROLS_IN).select_related("user", "organisation")
    reminded = reminded_to_finish(rows)
    return [_of_adviser(e, _enrolling(e, reminded.get(e.pk))) for e in rows]


def _enrolling(enrolment: Enrolment, reminded: dt.date | None) -> str:
    words = f"{enrolment.user} of {enrolment.organisation}, accepted on {short_date(enrolment.created_at)}"
    return f"{words}, reminded on {short_date(reminded)}" if reminded else f"{words}, not reminded"


def _of_adviser(enrolment: Enrolment, evidence: str, page: str = "") -> Item:
    """Whoever advises the person's organisation sees to it; on their own page, if on no other."""
    return Item(enrolment.cohort_id, evidence, page or enrolment.get_absolute_url(), enrolment.organisation.adviser_id)


def other_employer(user: User, cohorts: list[Cohort]) -> list[Item]:
    """People who told us that they work for somebody else, until the team has noted it or said why not."""
    rows = EmployerRequest.objects.open().filter(enrolment__cohort__in=cohorts)
    return [_employer(one) for one in rows.select_related("enrolment__user", "enrolment__organisation")]


def _employer(asked: EmployerRequest) -> Item:
    one = asked.enrolment
    since = f" from {short_date(asked.since)}" if asked.since else ""
    evidence = f"{one.user}, {one.organisation}: works for {asked.organisation}{since}"
    return Item(
        one.cohort_id, evidence, reverse("admin:enrolment_employer", args=[one.pk]), one.organisation.adviser_id
    )


def wants_to_leave(user: User, cohorts: list[Cohort]) -> list[Item]:
    """People who lead a circle, or are one of two, and have told us that they want to leave; nothing of why."""
    rows = LeaveRequest.objects.open().filter(enrolment__cohort__in=cohorts)
    return [_leaving(one) for one in rows.select_related("enrolment__user", "enrolment__organisation")]


def _leaving(asked: LeaveRequest) -> Item:
    one = asked.enrolment
    evidence = f"{one.user} of {one.organisation}, since {short_date(asked.created_at)}"
    return _of_adviser(one, evidence, reverse("admin:enrolment_withdraw", args=[one.pk]))


def access_needs_changed(user: User, cohorts: list[Cohort]) -> list[Item]:
    """People whose access needs are others than those that somebody of the team has read; not what they are."""
    rows = Enrolment.objects.filter(access_needs_unseen=True, state="enrolled", cohort__in=cohorts)
    found = [(one, f"{one.user} of {one.organisation}") for one in rows.select_related("user", "organisation")]
    return [_of_adviser(one, evidence) for one, evidence in found]


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
        says=f"Accepted, but the form is not finished, and recruitment has ended or ends within {ANSWER_DAYS} days",
        action="See the enrolment",
        permission="participants.view_enrolment",
        find=unfinished,
        stage="onboarding",
    ),
    Rule(
        key="unplaced",
        says="Enrolled, but in no circle after publication",
        action="Find a seat",
        permission="participants.view_enrolment",
        find=unplaced,
        stage="launch",
    ),
    Rule(
        key="employer_asked",
        says="Somebody tells us that they work for another employer",
        action="See what follows, and answer",
        permission="circles.form_circles",
        find=other_employer,
    ),
    Rule(
        key="leaving_asked",
        says="Somebody who leads, or is one of two, wants to leave",
        action="See what follows, and let them go",
        permission="circles.form_circles",
        find=wants_to_leave,
    ),
    Rule(
        key="access_needs_changed",
        says="Somebody’s access needs have changed, and nobody has looked",
        action="Read them, and make the arrangements",
        permission="participants.change_enrolment",
        find=access_needs_changed,
        list_page="admin:participants_enrolment_changelist",
        list_filter=(("needs", "unseen"),),
    ),
]
