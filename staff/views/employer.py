"""Somebody who takes part changes employer: chosen first, then looked at with all that follows, then done."""

import uuid
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern

from circles.services import changes
from organisations.models import Organisation
from participants.models import Enrolment
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


@shows_and_takes
def employer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The organisation is in the address; until it is, it is asked for."""
    enrolment = enrolment_of(request, pk)
    title = f"Another employer for {enrolment.user}"
    if enrolment.cohort.closed_at or enrolment.state not in LEAVABLE:
        return nothing(
            request, enrolment.cohort, title, "This person has left the cohort already, or has completed it."
        )
    form = EmployerForm(request.GET if "organisation" in request.GET else None, enrolment=enrolment)
    if not form.is_valid():
        return pages.render(
            request, "staff/changes/employer.html", title, eyebrow=str(enrolment.cohort),
            crumbs=pages.cohort_crumbs(enrolment.cohort), enrolment=enrolment, form=form,
        )  # fmt: skip
    organisation = get_object_or_404(Organisation, pk=form.cleaned_data["organisation"].pk)
    act = Act(
        enrolment.cohort,
        lambda found: changes.plan_employer(found, _again(enrolment), organisation),
        title,
        f"Note {organisation} as their employer",
        about=[(f"Everything about {enrolment.user}", enrolment.get_absolute_url())],
    )
    return decide(request, act)


def _again(enrolment: Enrolment) -> Enrolment:
    """As it is at that moment: the plan is made anew once nobody else can change it."""
    rows = Enrolment.objects.select_related(
        "user", "organisation", "cohort__format", "nomination__participation__organisation"
    )
    return rows.get(pk=enrolment.pk)
