"""Asking organisations that took part before: who is there to ask, whom it will go to, and then sending it."""

import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from organisations.models import Coordinator, Participation
from organisations.selectors import to_renew
from organisations.services import offer_renewal
from privacy import typed
from privacy.purposes import note_many, question, unanswered
from staff import pages
from staff.attention.base import plural
from staff.cohort_forms import RenewalForm
from staff.views.interests import CONFIRM, succeeds


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "cohort/<uuid:pk>/renewals/", renewals, "cohort_renewals")]


@require_http_methods(["GET", "HEAD", "POST"])
def renewals(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, CONFIRM, cohort)
    mine = Participation.objects.for_staff(request.user).values("pk")
    parts = list(to_renew(cohort).filter(pk__in=mine))
    can = [part for part in parts if part.acts and not (part.offered or part.registered or part.declined)]
    form = typed.put_back(request, RenewalForm(request.POST if request.method == "POST" else None, parts=can))
    goes_to = _goes_to(form.chosen) if form.is_bound and form.is_valid() else []
    purpose = question(request, len(goes_to), sent="send" in request.POST)

    @transaction.atomic
    def send() -> int:
        note_many(
            request, purpose, what="organisations.coordinator", rows=len(goes_to), act="Ask them to take part again"
        )
        return offer_renewal(cohort=cohort, participations=form.chosen, by=request.user)

    sent: list[int] = []
    if "send" in request.POST and not unanswered(purpose) and succeeds(form, lambda: sent.append(send())):
        messages.success(request, f"{plural(sent[0], 'coordinator is', 'coordinators are')} written to.")
        return redirect("admin:cohort_renewals", pk=cohort.pk)
    return pages.render(
        request,
        "staff/cohort/renewals.html",
        "Ask organisations to take part again",
        eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        form=form,
        can=can,
        others=[(part, _why_not(part)) for part in parts if part not in can],
        forms=[purpose] if purpose else [],
        goes_to=goes_to,
    )


def _why_not(part: Participation) -> str:
    if part.registered:
        return "Has registered its interest"
    if part.declined:
        return f"Has said: not this time. {part.declined_because}".strip()
    return "Asked already" if part.offered else "Nobody coordinates it: name somebody first"


def _goes_to(parts: Iterable[Participation]) -> list[Coordinator]:
    """Everybody who will be written to."""
    organisations = [part.organisation_id for part in parts]
    rows = Coordinator.objects.filter(organisation__in=organisations, ended_at=None)
    return list(rows.select_related("user", "organisation").order_by("organisation__sort_name", "user__sort_name"))
