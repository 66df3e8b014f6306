"""Who coordinates for an organisation: a second one, handing over, leaving; and answering when asked to."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from organisations import services
from organisations.forms import ColleagueForm
from organisations.links import read_coordinating
from organisations.models import CoordinatorInvitation, Participation
from organisations.selectors import coordinators_of
from organisations.services.coordinating import is_answerable
from participants.selectors import Held, held_by
from portal.views.coordinator import own_participation, page
from portal.views.invitation import BACKEND
from privacy import typed

form_page = require_http_methods(["GET", "HEAD", "POST"])
OPEN = CoordinatorInvitation.State.OPEN


@form_page
def coordinators(request: HttpRequest, pk: object) -> HttpResponse:
    """Who coordinates today, who has been asked, and asking one more."""
    participation = own_participation(request, pk)
    if "take_back" in request.POST:
        return _taken_back(request, participation)
    form = typed.put_back(request, ColleagueForm(request.POST if request.method == "POST" else None))
    if form.is_valid() and _asked(request, participation, form, hand_over=False):
        return redirect("portal:coordinators", participation.pk)
    context = page(participation, form=form, acting=coordinators_of(participation), asked=_open(participation))
    return render(request, "portal/coordinator/coordinators.html", context)


def _open(participation: Participation) -> list[CoordinatorInvitation]:
    rows = participation.organisation.coordinator_invitations.filter(state=OPEN).select_related("invited_by")
    return [asked for asked in rows if is_answerable(asked)]


def _asked(request: HttpRequest, participation: Participation, form: ColleagueForm, *, hand_over: bool) -> bool:
    try:
        asked = services.ask_coordinator(
            organisation=participation.organisation, by=request.user, hand_over=hand_over, **form.cleaned_data
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, f"We are asking {asked.full_name}. Nothing changes until they say yes; we then tell you.")
    return True


def _taken_back(request: HttpRequest, participation: Participation) -> HttpResponse:
    asked = next((one for one in _open(participation) if str(one.pk) == request.POST["take_back"]), None)
    if asked is not None:
        services.take_back(invitation=asked, by=request.user)
        messages.success(request, f"{asked.full_name} is not asked any more. Their link no longer works.")
    return redirect("portal:coordinators", participation.pk)


@form_page
def hand_over(request: HttpRequest, pk: object) -> HttpResponse:
    """Hand over to a colleague, or leave: what the next one will see, and what one loses."""
    participation = own_participation(request, pk)
    organisation = participation.organisation
    others = [one for one in coordinators_of(participation) if one.user_id != request.user.pk]
    if "leave" in request.POST:
        return _left(request, participation)
    form = typed.put_back(request, ColleagueForm(request.POST if request.method == "POST" else None))
    if form.is_valid() and _asked(request, participation, form, hand_over=True):
        return redirect("portal:coordinators", participation.pk)
    handing = next((one for one in _open(participation) if one.replaces_id), None)
    context = page(participation, form=form, others=others, held=held_by(organisation), handing=handing)
    return render(request, "portal/coordinator/hand_over.html", context)


def _left(request: HttpRequest, participation: Participation) -> HttpResponse:
    organisation = participation.organisation
    left = services.stop_coordinating(organisation=organisation, by=request.user)
    after = "The others go on." if left else "Nobody coordinates there now; the programme team sees it and will ask."
    messages.success(request, f"You no longer coordinate {organisation}. {after} Thank you for your part in it.")
    return redirect("portal:home")


# --- whoever is asked -------------------------------------------------------------------------
@login_not_required
@never_cache
@form_page
def coordinating(request: HttpRequest, token: str) -> HttpResponse:
    """What one would do and see, and the two answers. Looking at it changes nothing."""
    asked = read_coordinating(token)
    if asked is None or not is_answerable(asked):
        return _ended(request, asked)
    if request.method == "POST":
        return _declined(request, asked) if "decline" in request.POST else _accepted(request, asked, token)
    return render(request, "portal/coordinator/asked.html", _context(request, asked, token))


def _context(request: HttpRequest, asked: CoordinatorInvitation, token: str) -> dict[str, Any]:
    other = request.user if request.user.is_authenticated and not _is_theirs(request.user, asked) else None
    held: list[Held] = held_by(asked.organisation)
    return {"asked": asked, "organisation": asked.organisation, "token": token, "held": held, "signed_in_as": other}


def _is_theirs(user: Any, asked: CoordinatorInvitation) -> bool:
    return user.email.lower() == asked.email.lower()


def _ended(request: HttpRequest, asked: CoordinatorInvitation | None) -> HttpResponse:
    state = asked.state if asked is not None else ""
    status = 404 if asked is None else 200 if state in {"accepted", "declined"} else 410
    context = {"state": state, "contact": settings.MAIL_REPLY_TO}
    return render(request, "portal/coordinator/asked_ended.html", context, status=status)


def _accepted(request: HttpRequest, asked: CoordinatorInvitation, token: str) -> HttpResponse:
    """A link makes a new account; it never opens one that exists, nor acts for who is signed in as somebody else."""
    own_page = reverse("portal:coordinating", args=[token])
    if request.user.is_authenticated and not _is_theirs(request.user, asked):
        return redirect(own_page)
    if not request.user.is_authenticated and User.objects.filter(email__iexact=asked.email).exists():
        messages.info(request, "You have an account already. Sign in first, then accept.")
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': own_page})}")
    try:
        coordinator = services.accept_coordinating(invitation=asked)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(own_page)
    if not request.user.is_authenticated and coordinator.user.last_login is None:
        login(request, coordinator.user, backend=BACKEND)
    messages.success(request, f"Thank you. You coordinate for {asked.organisation} now.")
    return redirect("portal:home")


def _declined(request: HttpRequest, asked: CoordinatorInvitation) -> HttpResponse:
    try:
        asked = services.decline_coordinating(invitation=asked)
    except ValidationError:
        asked = get_object_or_404(CoordinatorInvitation, pk=asked.pk)
    return _ended(request, asked)
