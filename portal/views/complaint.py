"""Complaining about how we use personal data, for anybody: signed in or not."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from outbox.complaints import receive
from portal.views.interest import refused, show
from portal.views.public import canonical
from privacy.complaint_forms import ComplaintForm
from privacy.complaint_models import ICO_NAME, ICO_URL
from privacy.fields import decrypt, encrypt
from ui.dates import uk_date

SENT = "complaint_sent"  # in the session of whoever sent one
AN_HOUR = 5
ICO = {"ico": ICO_NAME, "ico_url": ICO_URL}
TEMPLATE = "portal/public/complaint.html"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    signed_in = request.user if request.user.is_authenticated else None
    known = {"name": signed_in.get_full_name(), "email": signed_in.email} if signed_in else {}
    form = ComplaintForm(request.POST if request.method == "POST" else None, initial=known)
    if signed_in and not signed_in.is_staff:  # the team also takes down what others say
        form.keep_address()
    if not form.is_valid():
        return show(request, TEMPLATE, form, **ICO)
    if status := refused(request, form, "complaint", AN_HOUR):
        return show(request, TEMPLATE, form, status, **ICO)
    made = receive(**form.cleaned_data, by=signed_in)
    said = {"email": made.reached_at, "number": made.number, "answer_by": uk_date(made.due_on)}
    request.session[SENT] = encrypt(json.dumps(said))
    return redirect("portal:complaint_thanks")


@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens next; with the number and the day for whoever has just sent one."""
    sent = json.loads(decrypt(request.session[SENT])) if SENT in request.session else None
    context = {"canonical": canonical(request), "sent": sent, "unlisted": True, **ICO}
    return render(request, "portal/public/complaint_thanks.html", context)
