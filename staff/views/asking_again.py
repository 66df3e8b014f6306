"""Asking people of earlier cohorts to take part again: who can be, who not and why, then sent; and what they said."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from circles.selectors.coming_again import Candidate, candidates
from cohorts.models import Cohort
from participants import services
from participants.models import AskedAgain, Enrolment, NominationState
from privacy import typed
from privacy.purposes import PurposeForm, note_many, question, unanswered
from staff import pages
from staff.attention.base import plural
from staff.views.interests import succeeds
from ui.forms import Form

MAY_ASK = "circles.form_circles"
OUTCOMES = {
    NominationState.APPLIED: "The coordinator has yet to confirm it",
    NominationState.RESERVE: "On the reserve list of their organisation",
    NominationState.INVITED: "Has a place, and is invited",
    NominationState.ACCEPTED: "Has accepted a place",
    NominationState.DECLINED: "Has declined since",
    NominationState.EXPIRED: "Did not answer the invitation",
    NominationState.WITHDRAWN: "Not confirmed by their organisation",
}


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "cohort/<uuid:pk>/ask-people/", ask_again, "cohort_ask_again")]


class AskForm(Form):
    """Which people are asked. All who can be are offered, and ticked."""

    people = forms.MultipleChoiceField(
        label="Whom to ask",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one person."},
    )

    def __init__(self, *args: Any, can: Iterable[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.can = {str(one.enrolment.pk): one for one in can}
        field = self.fields["people"]
        field.choices = [(key, _described(one)) for key, one in self.can.items()]
        field.initial = list(self.can)

    @property
    def chosen(self) -> list[Enrolment]:
        return [self.can[key].enrolment for key in self.cleaned_data["people"]]


def _described(one: Candidate) -> str:
    waits = "" if one.takes_part else "; their organisation is not in yet, so a yes waits"
    return f"{one.enrolment.user}, {one.enrolment.organisation}: {one.because.lower()} in {one.enrolment.cohort}{waits}"


@require_http_methods(["GET", "HEAD", "POST"])
def ask_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, MAY_ASK, cohort)
    found = candidates(cohort, Cohort.objects.for_staff(request.user))
    form = typed.put_back(
        request,
        AskForm(request.POST if request.method == "POST" else None, can=[one for one in found if not one.why_not]),
    )
    goes_to = form.chosen if form.is_bound and form.is_valid() else []
    purpose = question(request, len(goes_to), sent="send" in request.POST)
    sent: list[int] = []
    if "send" in request.POST and not unanswered(purpose) and succeeds(
        form, lambda: sent.append(_send(cohort, form.chosen, request, purpose))
    ):  # fmt: skip
        messages.success(request, f"{plural(sent[0], 'person is', 'people are')} written to.")
        return redirect("admin:cohort_ask_again", pk=cohort.pk)
    return pages.render(
        request,
        "staff/cohort/ask_again.html",
        "Ask people of earlier cohorts",
        eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        form=form,
        forms=[purpose] if purpose else [],
        goes_to=goes_to,
        others=[one for one in found if one.why_not],
        answers=_answers(cohort),
    )


@transaction.atomic
def _send(cohort: Cohort, chosen: list[Enrolment], request: HttpRequest, purpose: PurposeForm | None) -> int:
    note_many(request, purpose, what="participants.enrolment", rows=len(chosen), act="Ask people of earlier cohorts")
    try:
        return services.ask_again(cohort=cohort, enrolments=chosen, by=request.user)
    except services.RefusedError as refusal:
        raise ValidationError(str(refusal)) from refusal


def _answers(cohort: Cohort) -> list[tuple[AskedAgain, str, str]]:
    """Everybody who was asked, with the tone of their answer and what came of it."""
    rows = cohort.asked_again.select_related("enrolment__user", "enrolment__organisation", "nomination")
    tones = {AskedAgain.Answer.YES: "good", AskedAgain.Answer.NO: "neutral"}
    return [(one, tones.get(one.answer, "info"), _outcome(one)) for one in rows]


def _outcome(one: AskedAgain) -> str:
    if one.answer != AskedAgain.Answer.YES:
        return ""
    return OUTCOMES[one.nomination.state] if one.nomination else "Waits until their organisation takes part"
