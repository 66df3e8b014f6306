"""A person's home, account and data."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from circles.selectors.feeds import has_meetings
from circles.selectors.wording import is_discreet
from cohorts.selectors import assignments_of
from organisations.selectors import coordinations_of
from outbox import preferences
from participants.selectors import parts_of
from portal.consents import ELSEWHERE, consent_choices
from portal.home import home_of
from privacy import typed
from privacy.models import BESIDE_THE_NAME, Purpose
from privacy.services import set_consent, set_consents

# The button of what one's circle sees: only with it do empty boxes say no.
KEEPS = "keep_circle_sees"
SEEN = {Purpose.SHARE_JOB_TITLE: "your job title", Purpose.SHARE_EMPLOYER: "your employer"}


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html", {"home": home_of(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Everything that is one's own; the one form that stands here says what one's circle sees."""
    consents, form = consent_choices(request.user, request.POST if KEEPS in request.POST else None)
    form = typed.put_back(request, form)
    if form.is_bound and form.is_valid():
        set_consents(user=request.user, choices=form.choices, how="account page")
        messages.success(request, _now_seen(form.choices))
        return redirect("portal:account")
    enrolments = parts_of(request.user.pk)
    context = {
        "consents": consents,
        "form": form,
        "enrolments": enrolments,
        "can_change_employer": any(one.takes_part for one in enrolments),
        "coordinations": coordinations_of(request.user.pk),
        "staff_roles": assignments_of(request.user.pk),
        "mail": preferences.choices_of(request.user),
        "has_calendar": has_meetings(request.user),
        "is_discreet": is_discreet(request.user),
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "portal/account/account.html", context)


def _now_seen(choices: dict[str, bool]) -> str:
    """What the people somebody is placed with see of them from now on."""
    also = [SEEN[purpose] for purpose in BESIDE_THE_NAME if choices[purpose]]
    if not choices[Purpose.SHARE_WITH_CIRCLE]:
        mentors = f"Where you mentor, they see your name{_and(also)}." if also else "Whoever mentors is known by name."
        return f"Saved. Nobody sees your name, your job title or your employer. {mentors}"
    return f"Saved. The people you are placed with see your name{_and(also)}."


def _and(also: list[str]) -> str:
    return f", {also[0]} and {also[1]}" if len(also) > 1 else f" and {also[0]}" if also else " and no more"


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
