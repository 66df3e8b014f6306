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
    form = AccessForm(enrolment, posted(request))
    if form.is_valid():
        keep_access_needs(enrolment=enrolment, access_needs=form.answer()["access_needs"])
        messages.success(request, "Kept. The programme team sees that it has changed.")
        return redirect("portal:account")
    return render(request, "portal/account/access_needs.html", {"enrolment": enrolment, "form": form})


