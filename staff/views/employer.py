"""Somebody who takes part changes employer: chosen first, then looked at with all that follows, then done.

What they told us themselves stands above the choice, with the organisation that they seem to mean chosen already; the
team may also say to them why nothing changes.
"""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern

from circles.services import changes
from organisations import matching
from organisations.models import Organisation
from participants.models import EmployerRequest, Enrolment
from participants.services import refuse_employer_change
from privacy import typed
from staff import pages
from staff.views.changes import LEAVABLE, Act, decide, enrolment_of, nothing, shows_and_takes
from ui.forms import Form


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "enrolment/<uuid:pk>/employer/", employer, "enrolment_employer")]


class EmployerForm(Form):
    """Where somebody works now."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label="Their new employer",
        empty_label="Choose an organisation",
        error_messages={"required": "Choose their new employer.", "invalid_choice": "Choose one from the list."},
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.exclude(pk=enrolment.organisation_id)


class RefuseForm(Form):
    mark_optional = False
    why = forms.CharField(
        label="Why nothing changes",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text="The person reads this on their own page; the mail says only that there is an answer.",
        error_messages={"required": "Say why their employer is not changed."},
    )


@shows_and_takes
def employer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The organisation is in the address; until it is, it is asked for."""
    enrolment = enrolment_of(request, pk)
    title = f"Another employer for {enrolment.user}"
    if enrolment.cohort.closed_at or enrolment.state not in LEAVABLE:
        return nothing(
            request, enrolment.cohort, title, "This person has left the cohort already, or has completed it."
        )
    if "refuse" in request.POST:
        return _refuse(request, enrolment, title)
    form = EmployerForm(request.GET if "organisation" in request.GET else None, enrolment=enrolment)
    if not form.is_valid():
        return _ask(request, enrolment, title, form)
    organisation = get_object_or_404(Organisation, pk=form.cleaned_data["organisation"].pk)
    act = Act(
        enrolment.cohort,
        lambda found: changes.plan_employer(found, _again(enrolment), organisation),
        title,
        f"Note {organisation} as their employer",
        about=[(f"Everything about {enrolment.user}", enrolment.get_absolute_url())],
    )
    return decide(request, act)


def _ask(
    request: HttpRequest, enrolment: Enrolment, title: str, form: EmployerForm, refusing: RefuseForm | None = None
) -> HttpResponse:
    asked = enrolment.employer_requests.filter(outcome="").first()
    if asked and not form.is_bound and (meant := _meant(asked)):
        form.initial["organisation"] = meant.pk
    return pages.render(
        request, "staff/changes/employer.html", title, eyebrow=str(enrolment.cohort),
        crumbs=pages.cohort_crumbs(enrolment.cohort), enrolment=enrolment, form=form, asked=asked,
        meant=form.initial.get("organisation"), forms=[refusing] if refusing else [],
        refusing=refusing or typed.put_back(request, RefuseForm()),
    )  # fmt: skip


def _meant(asked: EmployerRequest) -> Organisation | None:
    """The organisation that somebody seems to mean, however they spelt it; their address may be the former one's."""
    found = matching.find(name=asked.organisation, email="")
    return found if found and found.pk != asked.enrolment.organisation_id else None


def _refuse(request: HttpRequest, enrolment: Enrolment, title: str) -> HttpResponse:
    form = typed.put_back(request, RefuseForm(request.POST))
    if not form.is_valid():
        return _ask(request, enrolment, title, EmployerForm(None, enrolment=enrolment), form)
    if refuse_employer_change(enrolment=enrolment, why=form.cleaned_data["why"], by=request.user):
        messages.success(request, f"Answered. {enrolment.user} is told that there is an answer on their page.")
    else:
        messages.info(request, "There was nothing to answer any more.")
    return redirect(enrolment.get_absolute_url())


def _again(enrolment: Enrolment) -> Enrolment:
    """As it is at that moment: the plan is made anew once nobody else can change it."""
    rows = Enrolment.objects.select_related(
        "user", "organisation", "cohort__format", "nomination__participation__organisation"
    )
    return rows.get(pk=enrolment.pk)
