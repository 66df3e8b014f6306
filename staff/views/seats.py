"""One participant after publication: a seat for somebody who waits, and a way out for somebody who leaves."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from circles.models import Circle, Membership
from circles.services.board import FormationError
from circles.services.membership import add_to_circle, withdraw
from cohorts.models import Cohort, Side
from participants.models import Enrolment, EnrolmentState
from staff import pages
from ui.forms import Form

MAY_SEAT = "circles.form_circles"
LEAVABLE = [EnrolmentState.STARTED, EnrolmentState.ENROLLED]

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "enrolment/<uuid:pk>/seat/", seat, "enrolment_seat"),
        pages.page(site, "enrolment/<uuid:pk>/withdraw/", leave, "enrolment_withdraw"),
    ]


class SeatForm(Form):
    """Which of the circles with a free seat."""

    circle = forms.ModelChoiceField(Circle.objects.none(), widget=forms.RadioSelect, empty_label=None)

    def __init__(self, enrolment: Enrolment, *args: object) -> None:
        super().__init__(*args)
        field, circles = self.fields["circle"], with_free_seat(enrolment)
        field.label = f"Which {enrolment.cohort.format.group_word}?"
        field.queryset = Circle.objects.filter(pk__in=[circle.pk for circle in circles])
        field.choices = [(circle.pk, describe(circle)) for circle in circles]


class LeaveForm(Form):
    """Why somebody leaves; kept with their enrolment's history."""

    note = forms.CharField(
        label="Note for the team",
        required=False,
        max_length=300,
        help_text="Only what the team needs. Leave out health and family matters.",
    )


def with_free_seat(enrolment: Enrolment) -> list[Circle]:
    """The cohort's circles that have a seat for this person's side, in their order."""
    seats = Membership.objects.current().select_related("enrolment__user", "enrolment__organisation")
    circles = Circle.objects.filter(cohort=enrolment.cohort).select_related("cohort__format", "slot")
    circles = circles.prefetch_related(Prefetch("memberships", seats, to_attr="seats_now"))
    return [circle for circle in circles if has_room(circle, enrolment.side)]


def has_room(circle: Circle, side: str) -> bool:
    leads = sum(seat.is_lead for seat in circle.seats_now)
    return leads == 0 if side == Side.LEAD else len(circle.seats_now) - leads < circle.capacity


def describe(circle: Circle) -> str:
    """“Circle 3: led by Ada Leader (Ashdown), Tuesday 12:30, 7 of 10 seats taken”."""
    leads = [seat.enrolment for seat in circle.seats_now if seat.is_lead]
    led = f"led by {leads[0].user} ({leads[0].organisation})" if leads else "without a mentor"
    members = len(circle.seats_now) - len(leads)
    when = f", {circle.slot}" if circle.slot else ""
    return f"{circle}: {led}{when}, {members} of {circle.capacity} seats taken"


def enrolment_of(request: HttpRequest, pk: uuid.UUID) -> Enrolment:
    rows = Enrolment.objects.filter(cohort__in=Cohort.objects.for_staff(request.user))
    enrolment = get_object_or_404(rows.select_related("user", "organisation", "cohort__format"), pk=pk)
    pages.allow(request, MAY_SEAT, enrolment.cohort)
    return enrolment


def _seated(enrolment: Enrolment, form: SeatForm, request: HttpRequest) -> bool:
    """Seat the person; what forbids it is said on the form."""
    if not form.is_valid():
        return False
    try:
        add_to_circle(enrolment=enrolment, circle=form.cleaned_data["circle"], by=request.user)
    except FormationError as error:
        form.add_error("circle", str(error))
        return False
    return True


@shows_and_takes
def seat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    enrolment = enrolment_of(request, pk)
    current = enrolment.memberships.current().select_related("circle__cohort__format").first()
    form = SeatForm(enrolment, request.POST if request.method == "POST" else None)
    if request.method == "POST" and _seated(enrolment, form, request):
        circle = form.cleaned_data["circle"]
        messages.success(request, f"{enrolment.user} now sits in {circle}, and is told by e-mail with the sessions.")
        return redirect("admin:cohort_page", enrolment.cohort.pk)
    return pages.render(
        request,
        "staff/seats/seat.html",
        f"A seat for {enrolment.user}",
        crumbs=pages.cohort_crumbs(enrolment.cohort),
        enrolment=enrolment,
        current=current.circle if current else None,
        can_be_seated=enrolment.state == EnrolmentState.ENROLLED and current is None,
        can_leave=enrolment.state in LEAVABLE,
        form=form,
    )


@shows_and_takes
def leave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    enrolment = enrolment_of(request, pk)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and enrolment.state in LEAVABLE and form.is_valid():
        withdraw(enrolment=enrolment, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, f"{enrolment.user} has left {enrolment.cohort}, and is told by e-mail.")
        return redirect("admin:cohort_page", enrolment.cohort.pk)
    return pages.render(
        request,
        "staff/seats/leave.html",
        f"Withdraw {enrolment.user}?",
        crumbs=pages.cohort_crumbs(enrolment.cohort),
        enrolment=enrolment,
        can_leave=enrolment.state in LEAVABLE,
        form=form,
    )
