"""One cohort at a glance: where it stands, how many people it has, and what blocks its next stage."""

import uuid
from collections import Counter

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.models import User
from circles.selectors.leavers import just_left
from circles.selectors.movers import just_moved
from circles.selectors.two_hats import two_hats
from cohorts.models import Cohort
from cohorts.permissions import works_everywhere
from participants.models import AskedAgain, EnrolmentChange
from staff import attention, funnel, health, pages, timeline
from staff.desk.page import desk_of
from staff.views import putting_off
from ui.dates import uk_date

# The pages on which a cohort is worked on: words, URL name, the permission that opens it.
FORM, CHANGE, CLOSE = "Form circles", "Change circles: who leaves, joins or moves", "Close the cohort"
RENEW = "Ask organisations to take part again"
ASK = "Ask people of earlier cohorts"
CLONE = "Plan the next cohort from this one"
WORK = [
    (FORM, "admin:formation_board", "circles.form_circles"),
    (CHANGE, "admin:cohort_changes", "circles.form_circles"),
    ("Who is ready for the first session", "admin:cohort_onboarding", "participants.view_enrolment"),
    ("Write to people", "admin:announcements", "circles.view_announcement"),
    ("Impact", "admin:cohort_impact", "surveys.view_impact"),
    ("What will be tested", "admin:evaluation_plan", "surveys.view_impact"),
    (CLOSE, "admin:close_cohort", "surveys.close_cohort"),
    ("Reminders: who gets what, and why", "admin:cohort_reminders", "cohorts.change_cohort"),
    ("Plans of the sessions", "admin:cohort_session_plans", "cohorts.change_cohort"),
    ("Change dates, times and reminders", "admin:cohorts_cohort_change", "cohorts.change_cohort"),
    (RENEW, "admin:cohort_renewals", "organisations.confirm_participation"),
    (ASK, "admin:cohort_ask_again", "circles.form_circles"),
    (CLONE, "admin:clone_cohort", "cohorts.add_cohort"),
]
# Under which heading each of them stands.
GROUPS = {
    "People and circles": ["formation_board", "cohort_changes", "cohort_onboarding", "cohort_ask_again"],
    "Organisations and messages": ["cohort_renewals", "announcements", "cohort_reminders"],
    "Figures": ["cohort_impact", "evaluation_plan"],
    "The cohort itself": ["cohort_session_plans", "cohorts_cohort_change", "close_cohort", "clone_cohort"],
}
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
    work = _work(request.user, cohort)
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
        left=funnel.left(cohort, request.user) if request.user.has_perm(PEOPLE, cohort) else None,
        findings=findings,
        may_put_off=request.user.has_perm(putting_off.PERMISSION, cohort),
        health=health.of(cohort) if sees_circles else None,
        work=work,
        work_groups=_grouped(work, cohort),
        desk=desk_of(request, cohort),
        two_hats=two_hats(cohort) if request.user.has_perm(PEOPLE, cohort) else [],
        asked_again=_asked_again(cohort) if request.user.has_perm(PEOPLE, cohort) else {},
        **_just_done(request.user, cohort),
    )


def _just_done(user: User, cohort: Cohort) -> dict[str, list[EnrolmentChange]]:
    """What can still be undone, for whoever may."""
    may = user.has_perm("circles.form_circles", cohort)
    return {"just_left": list(just_left(cohort)) if may else [], "just_moved": list(just_moved(cohort)) if may else []}


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
        left=funnel.left(cohort, request.user),
        fees_settled=funnel.fees_settled(lines),
    )


def _findings(user: User, cohort: Cohort) -> list[attention.Finding]:
    """What blocks the next stage. Nothing blocks a cohort that is closed."""
    open_cohorts = [] if cohort.closed_at else [cohort]
    return attention.gather(attention.RULES, user, open_cohorts).get(cohort.pk, [])


def _asked_again(cohort: Cohort) -> dict[str, int]:
    """How many people of earlier cohorts were asked to take part, and what they said; empty while nobody was."""
    said = Counter(cohort.asked_again.values_list("answer", flat=True))
    yes, no = said[AskedAgain.Answer.YES], said[AskedAgain.Answer.NO]
    return {"asked": said.total(), "yes": yes, "no": no, "open": said[""]} if said else {}


def _work(user: User, cohort: Cohort) -> list[tuple[str, str]]:
    allowed = [(words, name) for words, name, permission in WORK if user.has_perm(permission, cohort)]
    if not works_everywhere(user):  # a cohort that does not exist yet is nobody's who works on single ones
        allowed = [(words, name) for words, name in allowed if words != CLONE]
    now = [(_words_now(cohort, words), reverse(name, args=[cohort.pk])) for words, name in allowed]
    return [(words, url) for words, url in now if words]


def _grouped(work: list[tuple[str, str]], cohort: Cohort) -> list[tuple[str, list[tuple[str, str]]]]:
    """The same links under their headings; a heading without any is left out."""
    there = {url: (words, url) for words, url in work}
    pages_of = {
        heading: [reverse(f"admin:{name}", args=[cohort.pk]) for name in names] for heading, names in GROUPS.items()
    }
    found = [(heading, [there[url] for url in urls if url in there]) for heading, urls in pages_of.items()]
    return [(heading, links) for heading, links in found if links]


def _words_now(cohort: Cohort, words: str) -> str:
    """What a page is for at this stage; blank when it is for nothing any more."""
    if words == FORM and (cohort.published_at or cohort.closed_at):
        return "See the circles" if cohort.published_at else ""
    if words == CHANGE and (cohort.closed_at or not cohort.published_at):
        return ""
    if words in {RENEW, ASK} and (cohort.closed_at or cohort.launch_from <= clock.today()):
        return ""
    return "" if words == CLOSE and cohort.closed_at else words
