"""One cohort at a glance: where it stands, how many people it has, and what blocks its next stage."""

import uuid

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from cohorts.permissions import works_everywhere
from staff import attention, funnel, health, pages, timeline
from staff.views import putting_off
from ui.dates import uk_date

# The pages on which a cohort is worked on: words, URL name, the permission that opens it.
FORM, CHANGE, CLOSE = "Form circles", "Change circles: who leaves, joins or moves", "Close the cohort"
RENEW = "Ask organisations to take part again"
CLONE = "Plan the next cohort from this one"
WORK = [
    (FORM, "admin:formation_board", "circles.form_circles"),
    (CHANGE, "admin:cohort_changes", "circles.form_circles"),
    ("Write to people", "admin:announcements", "circles.view_announcement"),
    ("Impact", "admin:cohort_impact", "surveys.view_impact"),
    ("What will be tested", "admin:evaluation_plan", "surveys.view_impact"),
    (CLOSE, "admin:close_cohort", "surveys.close_cohort"),
    ("Reminders: who gets what, and why", "admin:cohort_reminders", "cohorts.change_cohort"),
    ("Plans of the sessions", "admin:cohort_session_plans", "cohorts.change_cohort"),
    ("Change dates, times and reminders", "admin:cohorts_cohort_change", "cohorts.change_cohort"),
    (RENEW, "admin:cohort_renewals", "organisations.confirm_participation"),
    (CLONE, "admin:clone_cohort", "cohorts.add_cohort"),
]
PEOPLE = "participants.view_enrolment"  # without it no count of people is shown


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "cohort/<uuid:pk>/", cohort_page, "cohort_page"),
        pages.page(site, "cohort/<uuid:pk>/organisations/", by_organisation, "cohort_organisations"),
    ]


@require_safe
def cohort_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, "cohorts.view_cohort", cohort)
    findings = _findings(request.user, cohort)
    sees_circles = cohort.published_at and request.user.has_perm("circles.view_circle", cohort)
    return pages.render(
        request,
        "staff/cohort/page.html",
        str(cohort),
        eyebrow=str(cohort.format),
        cohort=cohort,
        timeline=timeline.with_blocks(cohort, findings),
        today=uk_date(clock.today()),
        stages=funnel.stages(cohort, request.user) if request.user.has_perm(PEOPLE, cohort) else [],
        findings=findings,
        may_put_off=request.user.has_perm(putting_off.PERMISSION, cohort),
        health=health.of(cohort) if sees_circles else None,
        work=_work(request.user, cohort),
    )


@require_safe
def by_organisation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The funnel of each organisation, and of all of them."""
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, PEOPLE, cohort)
    lines, totals = funnel.by_organisation(cohort, request.user)
    return pages.render(
        request,
        "staff/cohort/organisations.html",
        "Each organisation, from enquiry to certificate",
        eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort),
        lines=lines,
        totals=totals,
    )


def _findings(user: User, cohort: Cohort) -> list[attention.Finding]:
    """What blocks the next stage. Nothing blocks a cohort that is closed."""
    open_cohorts = [] if cohort.closed_at else [cohort]
    return attention.gather(attention.RULES, user, open_cohorts).get(cohort.pk, [])


def _work(user: User, cohort: Cohort) -> list[tuple[str, str]]:
    allowed = [(words, name) for words, name, permission in WORK if user.has_perm(permission, cohort)]
    if not works_everywhere(user):  # a cohort that does not exist yet is nobody's who works on single ones
        allowed = [(words, name) for words, name in allowed if words != CLONE]
    now = [(_words_now(cohort, words), reverse(name, args=[cohort.pk])) for words, name in allowed]
    return [(words, url) for words, url in now if words]


def _words_now(cohort: Cohort, words: str) -> str:
    """What a page is for at this stage; blank when it is for nothing any more."""
    if words == FORM and (cohort.published_at or cohort.closed_at):
        return "See the circles" if cohort.published_at else ""
    if words == CHANGE and (cohort.closed_at or not cohort.published_at):
        return ""
    if words == RENEW and (cohort.closed_at or cohort.launch_from <= clock.today()):
        return ""
    return "" if words == CLOSE and cohort.closed_at else words
