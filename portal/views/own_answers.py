"""What somebody may change of their own answers until their cohort closes: what they need, and their own goals."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from participants.forms.enrolment import AccessForm
from participants.models import Enrolment
from participants.selectors import own_enrolment
from participants.services import keep_access_needs
from portal.views.circle import posted
from privacy import typed
from surveys import selectors
from surveys.forms import OwnGoalsForm
from surveys.services import change_goals as keep_goals


def running_part(request: HttpRequest, pk: UUID) -> Enrolment:
    """A part of the visitor's own that goes on; of every other there is no such page."""
    enrolment = own_enrolment(pk, request.user)
    if enrolment is None or not enrolment.takes_part:
        raise Http404
    return enrolment


@never_cache
def access_needs(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What somebody needs to take part fully, as they say it today."""
    enrolment = running_part(request, pk)
    form = typed.put_back(request, AccessForm(enrolment, posted(request)))
    if form.is_valid():
        keep_access_needs(enrolment=enrolment, access_needs=form.answer()["access_needs"])
        messages.success(request, "Kept. The programme team sees that it has changed.")
        return redirect("portal:account")
    return render(request, "portal/account/access_needs.html", {"enrolment": enrolment, "form": form})


def change_goals(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add, change and take away one's own goals; what was rated stays with the goals that stay."""
    enrolment = running_part(request, pk)
    mine = selectors.goals_of(enrolment)
    note_rated = any(goal.topic is None and goal.is_rated for goal in mine)
    form = typed.put_back(request, OwnGoalsForm(enrolment, note_rated, posted(request)))
    if form.is_valid():
        keep_goals(enrolment=enrolment, **form.answer())
        messages.success(request, "Your goals are kept.")
        return redirect("portal:progress", pk)
    context = {"enrolment": enrolment, "form": form, "any_rated": any(goal.is_rated for goal in mine)}
    return render(request, "portal/survey/change_goals.html", context)
