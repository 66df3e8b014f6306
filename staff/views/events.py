"""Calling off a ceremony or masterclass: first who would be told, then doing it."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from circles.services.events import EventError, asked_to, call_off_event, why_not_call_off
from cohorts.models import Cohort, Event
from participants.models import Reply
from privacy import typed
from privacy.purposes import PurposeForm, note_many, question, unanswered
from staff import pages
from staff.session_forms import CallOffForm


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "event/<uuid:pk>/call-off/", call_off, "call_off_event")]


@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rows = Event.objects.filter(cohort__in=Cohort.objects.for_staff(request.user))
    event = get_object_or_404(rows.select_related("cohort__format"), pk=pk)
    pages.allow(request, "cohorts.change_cohort", event.cohort)
    form = typed.put_back(request, CallOffForm(request.POST if request.method == "POST" else None))
    asked = asked_to(event)
    purpose = question(request, asked, sent=form.is_bound)
    if form.is_bound and form.is_valid() and not unanswered(purpose):
        try:
            told = _call_off(request, event, form.cleaned_data["words"], purpose)
        except EventError as error:
            form.add_error(None, str(error))
        else:
            people = (
                "Nobody had been asked" if not told else f"{told} {'person is' if told == 1 else 'people are'} told"
            )
            messages.success(request, f"{event.title} is called off. {people}.")
            return redirect("admin:cohort_page", event.cohort_id)
    return pages.render(
        request,
        "staff/sessions/call_off.html",
        f"Call off {event.title}",
        crumbs=pages.cohort_crumbs(event.cohort),
        event=event,
        why=why_not_call_off(event),
        asked=asked,
        coming=event.replies.filter(reply=Reply.YES, waiting=False).count(),
        form=form,
        forms=[purpose] if purpose else [],
    )


@transaction.atomic
def _call_off(request: HttpRequest, event: Event, words: str, purpose: PurposeForm | None) -> int:
    told = call_off_event(event=event, words=words, by=request.user)
    note_many(request, purpose, what="participants.enrolment", rows=told, act=f"Call off {event.title}")
    return told
