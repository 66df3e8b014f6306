"""A person tells us that they work for somebody else: what follows first, then what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from participants.forms.employer import EmployerForm
from participants.selectors import employer_requests_of, running
from participants.services import ask_employer_change, take_back_employer_change
from portal.limits import within_limit
from privacy import typed

MOST, HOUR = 10, 3600
OFTEN = "You have told us several times within an hour. Please wait, or write to the programme team."


@require_http_methods(["GET", "HEAD", "POST"])
def employer(request: HttpRequest) -> HttpResponse:
    """Asking tells the team and changes nothing; it can be said anew or taken back until they answer."""
    parts = list(running(request.user))
    if "take_back" in request.POST:
        take_back_employer_change(user=request.user)
        messages.success(request, "Taken back. Nothing changes.")
        return redirect("portal:employer")
    form = typed.put_back(request, EmployerForm(request.POST or None, now=[one.organisation.name for one in parts]))
    if parts and form.is_valid() and _asked(request, form):
        messages.success(request, "We have what you told us. The programme team sees to it.")
        return redirect("portal:employer")
    asked = list(employer_requests_of(request.user))
    context = {
        "form": form,
        "parts": parts,
        "open": [one for one in asked if not one.outcome],
        "answered": [one for one in asked if one.outcome],
    }
    return render(request, "portal/account/employer.html", context)


def _asked(request: HttpRequest, form: EmployerForm) -> bool:
    if not within_limit(request, "employer", most=MOST, seconds=HOUR):
        form.add_error(None, OFTEN)
        return False
    return bool(ask_employer_change(user=request.user, **form.cleaned_data))
