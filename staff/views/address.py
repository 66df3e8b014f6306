"""Another e-mail address for a person: asked for with a code, or marked as checked by a member of the team."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from accounts.forms import CodeForm, StaffAddressForm
from accounts.models import User
from circles.services import address_change
from circles.services.address_change import AddressError
from privacy import typed
from staff import pages

WRONG = "That is not the code, or it counts no more. Have another sent if this goes on."


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "person/<uuid:pk>/address/", address, "person_address")]


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    pages.allow(request, "accounts.change_user")
    person = get_object_or_404(User, pk=pk, merged_into=None)
    if person.is_staff:
        pages.allow(request, "staff.manage_staff")
    form = typed.put_back(request, StaffAddressForm(request.POST if "ask" in request.POST else None))
    code = typed.put_back(request, CodeForm(request.POST if "confirm" in request.POST else None))
    if _asked(request, person, form) or _confirmed(request, person, code):
        return redirect("admin:person_address", person.pk)
    return pages.render(
        request,
        "staff/people/address.html",
        f"Another e-mail address for {person}",
        crumbs=[(str(person), reverse("admin:accounts_user_change", args=[person.pk]))],
        person=person,
        form=form,
        code=code,
        forms=[form, code],
        waiting=address_change.waiting(person),
        follows=address_change.follows(person),
    )


def _asked(request: HttpRequest, person: User, form: StaffAddressForm) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    wanted = form.cleaned_data["address"]
    try:
        if form.cleaned_data["how"] == StaffAddressForm.CHECKED:
            address_change.change_address(user=person, address=wanted, by=request.user, how=address_change.BY_STAFF)
            messages.success(request, f"We write to {person} at the new address from now on. The old one is told.")
        else:
            address_change.ask(user=person, address=wanted, by=request.user)
            messages.success(request, "A code is on its way there. Nothing changes before it is given back.")
    except AddressError as refusal:
        form.add_error("address", str(refusal))
        return False
    return True


def _confirmed(request: HttpRequest, person: User, form: CodeForm) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    try:
        if address_change.confirm(user=person, code=form.cleaned_data["code"], by=request.user):
            messages.success(request, "We write to the new address from now on. The old one is told.")
            return True
    except AddressError as refusal:
        form.add_error("code", str(refusal))
        return False
    form.add_error("code", WRONG)
    return False
