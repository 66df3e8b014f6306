"""A person's home, account and data."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from circles.selectors.feeds import has_meetings
from circles.selectors.wording import is_discreet
from cohorts.selectors import assignments_of
from organisations.selectors import coordinations_of
from outbox import preferences
from participants.selectors import parts_of, running
from portal.home import ELSEWHERE, consent_choices, home_of
from privacy.models import Purpose
from privacy.services import set_consent


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html", {"home": home_of(request.user)})


def account(request: HttpRequest) -> HttpResponse:
    context = {
        "consents": consent_choices(request.user),
        "enrolments": parts_of(request.user.pk),
        "can_change_employer": running(request.user).exists(),
        "coordinations": coordinations_of(request.user.pk),
        "staff_roles": assignments_of(request.user.pk),
        "mail": preferences.choices_of(request.user),
        "has_calendar": has_meetings(request.user),
        "is_discreet": is_discreet(request.user),
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "portal/account/account.html", context)


@require_POST
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """Give or withdraw one consent: one tap each way."""
    if purpose not in Purpose.values or purpose in ELSEWHERE:
        raise Http404
    given = request.POST.get("given") == "yes"
    set_consent(user=request.user, purpose=purpose, given=given, how="account page")
    words = "You agree to this now." if given else "Withdrawn. From now on we no longer do this."
    messages.success(request, words)
    return redirect("portal:account")
