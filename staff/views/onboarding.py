"""How far a cohort's people are with getting ready, in counts; which of them, stands on each one's own page."""

import uuid

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.http import require_safe

from cohorts.models import Role
from staff import pages
from surveys.selectors import completion


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "cohort/<uuid:pk>/getting-ready/", cohort_onboarding, "cohort_onboarding")]


@require_safe
def cohort_onboarding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, "participants.view_enrolment", cohort)
    return pages.render(
        request,
        "staff/cohort/onboarding.html",
        "Getting ready",
        eyebrow=str(cohort),
        lead="How many of those who are enrolled have done what.",
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        lines=[(line, Role(line.item.role).label if line.item.role else "Everybody") for line in completion(cohort)],
        may_write=not cohort.closed_at and request.user.has_perm("circles.send_announcement", cohort),
        may_change=request.user.has_perm("cohorts.change_onboardingitem", cohort),
    )
