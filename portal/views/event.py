"""A ceremony or masterclass, and whether somebody comes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from accounts import clock
from circles.forms import ReplyForm
from circles.selectors.sessions import enrolment_by_link, enrolment_for_event, event_reply_of, events_for
from cohorts.models import Event
from participants.models import Enrolment
from participants.selectors import places_left, waiting_position
from participants.services import reply_to_event
from portal.views.session import chosen
from ui.dates import ordinal


def event(request: HttpRequest, pk: object) -> HttpResponse:
    own = get_object_or_404(events_for(request.user), pk=pk)
    enrolment = enrolment_for_event(own, request.user)
    if request.method == "POST":
        _take_reply(request, own, enrolment)
        return redirect("portal:event", own.pk)
    return _page(request, own, enrolment)


@login_not_required
@never_cache
def event_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in a mail; opening it changes nothing."""
    own, enrolment = enrolment_by_link(token)
    if own is None or enrolment is None:
        return render(request, "portal/circle/link_gone.html", status=404)
    if request.method == "POST":
        _take_reply(request, own, enrolment)
        return redirect("portal:event_by_link", token)
    return _page(request, own, enrolment)


def _page(request: HttpRequest, own: Event, enrolment: Enrolment) -> HttpResponse:
    position = waiting_position(own, enrolment)
    context = {
        "event": own,
        "reply": event_reply_of(own, enrolment),
        "chosen": chosen(request),
        "waits": f"You are {ordinal(position)} on the waiting list" if position else "",
        "places_left": places_left(own),
        "has_started": own.starts_at <= clock.now(),
        "is_over": own.ends_at <= clock.now(),
    }
    return render(request, "portal/circle/event.html", context)


def _take_reply(request: HttpRequest, own: Event, enrolment: Enrolment) -> None:
    form = ReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the three answers.")
    elif own.called_off_at:
        messages.error(request, "This has been called off, so there is nothing to answer.")
    elif own.starts_at <= clock.now():
        messages.error(request, "This has already started, so it can’t be answered any more.")
    else:
        said = reply_to_event(event=own, enrolment=enrolment, reply=form.cleaned_data["reply"])
        taken = "Every place is taken: you are on the waiting list, and hear by e-mail as soon as one is free."
        saved = "Thank you, your answer is saved. You can change it until it starts."
        messages.success(request, taken if said.waiting else saved)
