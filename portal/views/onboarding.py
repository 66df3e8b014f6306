"""Getting ready for the first session: what to do and to read, ticked off by the person."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from content.selectors import guides_for
from participants.models import Enrolment, EnrolmentState
from participants.services import set_onboarding_done
from portal.onboarding import guide_links, readiness, row_for_guide

TAKING_PART = [EnrolmentState.ENROLLED, EnrolmentState.COMPLETED]


def _own(request: HttpRequest, pk: object) -> Enrolment:
    """The visitor's own part in a cohort, once they have finished enrolling."""
    mine = request.user.enrolments.filter(state__in=TAKING_PART).select_related("cohort__format", "user")
    return get_object_or_404(mine, pk=pk)


def onboarding(request: HttpRequest, pk: object) -> HttpResponse:
    own = _own(request, pk)
    context = {"enrolment": own, "ready": readiness(own), "guides": guide_links(own)}
    return render(request, "portal/onboarding/list.html", context)


def guide(request: HttpRequest, pk: object, guide: object) -> HttpResponse:
    """One guide for the person's role and format."""
    own = _own(request, pk)
    found = get_object_or_404(guides_for(own.cohort.format.key, own.role), pk=guide)
    context = {"enrolment": own, "guide": found, "row": row_for_guide(own, found)}
    return render(request, "portal/onboarding/guide.html", context)


@require_POST
def mark(request: HttpRequest, pk: object, item: object) -> HttpResponse:
    """Tick a line off, or take that back: one press each way."""
    own = _own(request, pk)
    row = next((row for row in readiness(own).rows if row.task.item.pk == item and not row.task.known), None)
    if row is None:
        raise Http404
    done = request.POST.get("done") == "yes"
    set_onboarding_done(item=row.task.item, enrolment=own, done=done)
    messages.success(request, f"Done: {row.task.item}." if done else f"Open again: {row.task.item}.")
    return redirect("portal:onboarding", own.pk)
