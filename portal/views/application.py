"""Applying by the link that an organisation passes round."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organisations.forms import TrapForm
from organisations.models import Participation
from participants import links, services
from participants.forms.invitations import ApplicationForm
from participants.services.places import is_open
from portal.views.interest import refused

# Colleagues often share one address on the internet: enough for an office, too few for a program.
APPLICATIONS_AN_HOUR = 40


def _closed(request: HttpRequest, participation: Participation | None) -> HttpResponse:
    """The link is not valid any more, or applications have closed."""
    context = {"cohort": participation.cohort.name if participation else "", "contact": settings.MAIL_REPLY_TO}
    return render(request, "portal/invitation/apply_closed.html", context, status=410 if participation else 404)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, token: str) -> HttpResponse:
    participation = links.read_application(token)
    if participation is None or not is_open(participation.cohort):
        return _closed(request, participation)
    form = ApplicationForm(participation, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form(request, participation, form)
    if status := refused(request, form, "apply", APPLICATIONS_AN_HOUR):
        return _form(request, participation, form, status)
    try:
        services.apply(participation=participation, **form.values())
    except services.RefusedError:
        return _closed(request, participation)
    return redirect("portal:apply_thanks", token)


def _form(request: HttpRequest, participation: Participation, form: ApplicationForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "trap": TrapForm(),
        "cohort": participation.cohort,
        "organisation": participation.organisation,
    }
    return render(request, "portal/invitation/apply.html", context, status=status)


@login_not_required
@never_cache
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    participation = links.read_application(token)
    if participation is None:
        return _closed(request, None)
    context = {"cohort": participation.cohort, "organisation": participation.organisation}
    return render(request, "portal/invitation/apply_thanks.html", context)
