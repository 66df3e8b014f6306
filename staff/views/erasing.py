"""Erasing a person: what would go and what would stay, then doing it, refusing it, or telling those who work for us."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from privacy import erasure, erasure_requests
from staff import erasing, pages
from ui.forms import Form

PERMISSION = "privacy.erase_person"


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "person/<uuid:pk>/erase/", erase_person, "erase_person")]


class EraseForm(Form):
    """Erasing can’t be undone, so that it takes a second step."""

    mark_optional = False
    understood = forms.BooleanField(
        label="I have read what goes and what stays. It can’t be undone.",
        error_messages={"required": "Tick the box to say that you have read what goes and what stays."},
    )


class RefuseForm(Form):
    mark_optional = False
    why = forms.CharField(
        label="Why not",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="The person reads this on their own page. Say that they can complain to us, and to the ICO.",
        error_messages={"required": "Say why they are not erased."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def erase_person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    pages.allow(request, PERMISSION)
    person = get_object_or_404(User, pk=pk)
    acts = {"erase": _erase, "refuse": _refuse, "told": _told}
    if request.method == "POST":
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        return act(request, person)
    return _page(request, person)


def _page(request: HttpRequest, person: User, **bound: Form) -> HttpResponse:
    """A form that was sent comes back under its name, with what was wrong."""
    done = erasure.is_erased(person)
    title = "Erased" if done else f"Erase {person}"
    address = reverse("admin:accounts_user_change", args=[person.pk])
    context = {
        "person": person,
        "done": done,
        "asked": person.erasures.select_related("answered_by").first(),
        "obstacles": [] if done else erasing.obstacles(person),
        "preview": None if done else erasure.preview(person),
        "erase_form": bound.get("erase") or EraseForm(),
        "refuse_form": bound.get("refuse") or RefuseForm(),
        "form": bound.get("erase") or bound.get("refuse"),
        "crumbs": [("People", reverse("admin:accounts_user_changelist")), (str(person), address)],
    }
    return pages.render(request, "staff/erasing/page.html", title, **context)


def _erase(request: HttpRequest, person: User) -> HttpResponse:
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, person, erase=form)
    try:
        erasing.erase_person(user=person, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Erased. Now tell those who work with our data for us.")
    return redirect("admin:erase_person", pk=person.pk)


def _refuse(request: HttpRequest, person: User) -> HttpResponse:
    form, asked = RefuseForm(request.POST), person.erasures.open().first()
    if asked is None:
        raise Http404
    if not form.is_valid():
        return _page(request, person, refuse=form)
    erasure_requests.refuse(request=asked, why=form.cleaned_data["why"], by=request.user)
    messages.success(request, "Refused. They read why on their own page; write to them as well.")
    return redirect("admin:erase_person", pk=person.pk)


def _told(request: HttpRequest, person: User) -> HttpResponse:
    asked = person.erasures.first()
    if asked is None or not erasure_requests.processors_told(request=asked, by=request.user):
        raise Http404
    messages.success(request, "Noted. Nothing more is to be done about this person.")
    return redirect("admin:index")
