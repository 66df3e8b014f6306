"""Dates proposed to a circle, where the programme team decides in its mentor's place."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from circles.models import Poll
from circles.selectors.polls import silent_count, with_answers
from circles.selectors.stand_ins import clashes
from circles.services import polls
from circles.services.sessions import SessionError
from cohorts.models import Cohort
from cohorts.selectors import closed_days
from privacy import typed
from staff import pages
from staff.session_forms import CLOSE, TAKE_BACK, PollDecisionForm

MAY_CHANGE = "circles.change_poll"


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "poll/<uuid:pk>/decide/", decide, "decide_circle_poll")]


def poll_of(request: HttpRequest, pk: uuid.UUID) -> Poll:
    """A poll of a cohort that this member of staff works on; 404 for any other."""
    rows = Poll.objects.filter(circle__cohort__in=Cohort.objects.for_staff(request.user))
    poll = get_object_or_404(rows.select_related("circle__cohort__format", "session"), pk=pk)
    pages.allow(request, MAY_CHANGE, poll.circle.cohort)
    return poll


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take any date, take no more answers, or take the dates back: with a reason that the circle is told."""
    poll = poll_of(request, pk)
    form = typed.put_back(
        request,
        PollDecisionForm(
            request.POST if request.method == "POST" else None,
            dates=list(with_answers(poll.dates.all())),
            open_=poll.is_open,
            closed=closed_days(poll.circle.cohort),
        ),
    )
    if form.is_bound and form.is_valid():
        try:
            _carry_out(request, poll, form)
        except SessionError as error:
            form.add_error("what", str(error))
        else:
            return redirect(poll.circle.get_absolute_url())
    return pages.render(
        request,
        "staff/sessions/poll.html",
        "Decide about the proposed dates",
        crumbs=[*pages.cohort_crumbs(poll.circle.cohort), (str(poll.circle), poll.circle.get_absolute_url())],
        poll=poll,
        circle=poll.circle,
        form=form,
        silent=silent_count(poll),
    )


def _carry_out(request: HttpRequest, poll: Poll, form: PollDecisionForm) -> None:
    said = form.cleaned_data
    if said["what"] == CLOSE:
        polls.close_answers(poll=poll, because=said["because"], by=request.user)
        messages.success(request, "No more answers are taken. Everybody in the circle is told.")
    elif said["what"] == TAKE_BACK:
        polls.take_back(poll=poll, because=said["because"], by=request.user)
        messages.success(request, "The dates are taken back. Everybody in the circle is told.")
    else:
        confirmed = bool(said.get("all_the_same"))
        session = polls.override(
            poll=poll, starts_at=form.starts_at, because=said["because"], by=request.user, on_closed_day=confirmed
        )
        messages.success(request, "The date is taken. Everybody in the circle is told, and why.")
        for words in clashes(session):
            messages.warning(request, words)
