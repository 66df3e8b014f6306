"""A nominee answers from the link in their mail. Looking at it changes nothing; only pressing a button does."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from participants import links, services
from participants.forms.invitations import DeclineForm
from participants.models import Enrolment, Nomination, NominationState
from participants.services.places import is_open

# The link in the mail has proved the address: the same proof as an e-mailed code.
BACKEND = "accounts.backends.SignInBackend"


def why_ended(nomination: Nomination | None) -> str:
    """Why a link can't be answered: unknown, accepted, declined, withdrawn or expired; blank when it can.

    Who is on the reserve list can only say no.
    """
    if nomination is None:
        return "unknown"
    if nomination.state in {NominationState.INVITED, NominationState.RESERVE}:
        return "" if is_open(nomination.cohort) else "expired"
    answered = {NominationState.ACCEPTED: "accepted", NominationState.DECLINED: "declined"}
    return answered.get(nomination.state, "expired" if nomination.state == NominationState.EXPIRED else "withdrawn")


def _ended(request: HttpRequest, nomination: Nomination | None, why: str) -> HttpResponse:
    status = {"unknown": 404, "accepted": 200, "declined": 200}.get(why, 410)
    context = {"why": why, "cohort": nomination.cohort.name if nomination else "", "contact": settings.MAIL_REPLY_TO}
    return render(request, "portal/invitation/ended.html", context, status=status)


def _context(request: HttpRequest, nomination: Nomination, token: str) -> dict[str, Any]:
    signed_in = request.user if request.user.is_authenticated else None
    kind, side = nomination.cohort.format, nomination.cohort.format.side_of(nomination.role)
    return {
        "nomination": nomination,
        "cohort": nomination.cohort,
        "organisation": nomination.participation.organisation,
        "nominator": nomination.nominated_by.get_full_name() if nomination.nominated_by else "Your organisation",
        "applied": nomination.origin == Nomination.Origin.APPLIED,
        "on_reserve": nomination.state == NominationState.RESERVE,
        "asks_eligibility": bool(side) and side == kind.eligibility_side,
        "token": token,
        "signed_in_as": signed_in.email if signed_in and not _is_theirs(signed_in, nomination) else "",
    }


@login_not_required
@never_cache
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Who put them forward, why, what is held, and the two answers."""
    nomination = links.read_invitation(token)
    if nomination is None or why_ended(nomination):
        return _ended(request, nomination, why_ended(nomination))
    return render(request, "portal/invitation/show.html", _context(request, nomination, token))


@login_not_required
@never_cache
@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    nomination = links.read_invitation(token)
    if nomination is None or why_ended(nomination):
        return _ended(request, nomination, why_ended(nomination))
    if response := _sign_in_first(request, nomination, token):
        return response
    try:
        enrolment = services.accept_nomination(nomination=nomination)
    except services.RefusedError as error:
        messages.error(request, str(error))
        return redirect("portal:invitation", token)
    return _welcome(request, enrolment)


def _is_theirs(user: Any, nomination: Nomination) -> bool:
    return User.objects.by_address(nomination.email) == user


def _sign_in_first(request: HttpRequest, nomination: Nomination, token: str) -> HttpResponse | None:
    """A link makes a new account; it never opens one that exists, nor acts for somebody else who is signed in."""
    page = reverse("portal:invitation", args=[token])
    if request.user.is_authenticated:
        return None if _is_theirs(request.user, nomination) else redirect(page)
    if User.objects.by_address(nomination.email):
        messages.info(request, "You have an account already. Sign in first, then accept.")
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': page})}")
    return None


def _welcome(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """On to the questions; whoever's account has just been made is signed in."""
    if not request.user.is_authenticated and enrolment.user.last_login is None:
        login(request, enrolment.user, backend=BACKEND)
    messages.success(request, "Thank you for accepting. Your place is kept for you.")
    return redirect("portal:enrolment", enrolment.pk)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether they are sure, and, if they want to say, why."""
    nomination = links.read_invitation(token)
    if nomination is None or why_ended(nomination):
        return _ended(request, nomination, why_ended(nomination))
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _declined(request, nomination, token, form.cleaned_data["reason"])
    return render(request, "portal/invitation/decline.html", _context(request, nomination, token) | {"form": form})


def _declined(request: HttpRequest, nomination: Nomination, token: str, reason: str) -> HttpResponse:
    found: Nomination | None
    try:
        found = services.decline_nomination(nomination=nomination, reason=reason)
    except services.RefusedError:
        found = links.read_invitation(token)  # none, where the link itself has ended meanwhile
    return _ended(request, found, why_ended(found))
