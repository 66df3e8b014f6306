"""Answering a complaint about personal data: what is said, a look at the message, then sending it."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from outbox import complaint_mail, complaints, kinds, wording
from outbox.complaint_emails import ANSWERED, answered_values
from outbox.rendering import Rendered
from privacy import typed
from privacy.complaint_models import PERMISSION
from privacy.models import Complaint
from privacy.services import record
from staff import pages
from staff.complaint_forms import AddressForm, AnswerForm
from staff.views.wording import styled

GONE = "It had been answered already, so nothing was sent again."


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "complaint/<uuid:pk>/answer/", answer, "answer_complaint"),
        pages.page(site, "complaint/<uuid:pk>/address/", address, "complaint_address"),
    ]


@styled
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks, shows what would be sent, and sends exactly that."""
    pages.allow(request, PERMISSION)
    found = get_object_or_404(Complaint.objects.for_staff(request.user), pk=pk)
    if not found.is_open:
        messages.info(request, GONE)
        return redirect(found)
    form = typed.put_back(request, AnswerForm(request.POST or None, initial=_initial(found)))
    if not (form.is_bound and form.is_valid()):
        return _page(request, found, form)
    seen = request.POST.get("seen", "")
    if request.POST.get("act") == "send" and seen == form.fingerprint:
        return _send(request, found, form)
    mail, changed = _mail(found, form), seen not in ("", form.fingerprint)
    return _page(request, found, form, mail=mail, seen=form.fingerprint, changed=changed)


def _page(request: HttpRequest, found: Complaint, form: AnswerForm, **context: Any) -> HttpResponse:
    """Shows the complaint in full, so each time is a reading, however it was asked for."""
    record(by=request.user, verb="complaint.read", about=found)
    crumbs = [("Complaints", reverse("admin:privacy_complaint_changelist")), (str(found), found.get_absolute_url())]
    usual: dict[str, Any] = {"mail": None, "seen": "", "changed": False}
    usual["unreached"] = complaint_mail.why_unreached(found)
    return pages.render(
        request, "staff/complaints/answer.html", f"Answer {str(found).lower()}", crumbs=crumbs, complaint=found,
        form=form, **usual | context,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Puts the address right, and writes to them again what they were written last."""
    pages.allow(request, PERMISSION)
    found = get_object_or_404(Complaint.objects.for_staff(request.user).exclude(email=""), pk=pk)
    given = request.POST if request.method == "POST" else None
    form = typed.put_back(request, AddressForm(given, initial={"email": found.reached_at}))
    form.fields["email"].disabled = found.user is not None
    if form.is_bound and form.is_valid():
        found = complaint_mail.write_again(complaint=found, email=form.cleaned_data["email"], by=request.user)
        messages.success(request, f"They are written to again, at {found.reached_at}.")
        return redirect(found)
    crumbs = [("Complaints", reverse("admin:privacy_complaint_changelist")), (str(found), found.get_absolute_url())]
    return pages.render(
        request, "staff/complaints/address.html", "Write to them again", crumbs=crumbs, complaint=found, form=form,
        why=complaint_mail.why_unreached(found),
    )  # fmt: skip


def _initial(found: Complaint) -> dict[str, str]:
    return {"done": found.done, "read": complaints.digest(found.done)}


def _mail(found: Complaint, form: AnswerForm) -> Rendered:
    return wording.render(kinds.get(ANSWERED), answered_values(found, form.cleaned_data["answer"]))


def _send(request: HttpRequest, found: Complaint, form: AnswerForm) -> HttpResponse:
    try:
        complaints.answer(complaint=found, by=request.user, **form.cleaned_data)
    except complaints.AnsweredAlreadyError:
        messages.warning(request, GONE)
    except complaints.WrittenMeanwhileError as other:
        form.say_theirs(other.theirs)
        return _page(request, found, form)
    else:
        if why := complaint_mail.why_unreached(found):
            messages.warning(request, f"Answered, but the message does not reach {found.reached_at}. {why}")
        else:
            messages.success(request, f"Answered. The message goes to {found.reached_at}.")
    return redirect(found)
