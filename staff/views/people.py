"""Two accounts of one person: who it may be, what would move and what stands against it, and making them one."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from staff import duplicates, one_person, pages
from staff.views.interests import posted, succeeds
from ui.forms import Form

MAY_MERGE = "accounts.change_user"


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "people/duplicates/", likely, "duplicate_people"),
        pages.page(site, "person/<uuid:pk>/merge/", choose, "person_merge"),
        pages.page(site, "person/<uuid:pk>/merge/<uuid:other>/", merge, "person_merge_with"),
    ]


@require_safe
def likely(request: HttpRequest) -> HttpResponse:
    """Every two accounts that look like one person."""
    pages.allow(request, MAY_MERGE)
    return pages.render(
        request, "staff/people/duplicates.html", "People who may be here twice",
        crumbs=[("People", reverse("admin:accounts_user_changelist"))], pairs=duplicates.pairs(),
    )  # fmt: skip


@require_safe
def choose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """With which other account: those that look like the same person, and a search."""
    person = _person(request, pk)
    words = request.GET.get("q", "").strip()
    return pages.render(
        request, "staff/people/choose.html", f"Merge {person} with another account", crumbs=_crumbs(person),
        person=person, words=words, found=duplicates.search(words, person) if words else [],
        alike=[(pair.second if pair.first == person else pair.first, pair) for pair in duplicates.like(person)],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    keep, duplicate = _person(request, pk), _person(request, other)
    form = Form(posted(request))

    def act() -> None:
        fingerprint = request.POST.get("fingerprint", "")
        one_person.merge(keep=keep, duplicate=duplicate, fingerprint=fingerprint, by=request.user)

    if succeeds(form, act):
        messages.success(request, f"The two accounts of {keep} are one. Both addresses are told.")
        return redirect("admin:accounts_user_change", keep.pk)
    return pages.render(
        request, "staff/people/merge.html", f"Make two accounts of {keep} one?", crumbs=_crumbs(keep), form=form,
        plan=one_person.plan(keep, duplicate), swapped=reverse("admin:person_merge_with", args=[duplicate.pk, keep.pk]),
    )  # fmt: skip


def _person(request: HttpRequest, pk: uuid.UUID) -> User:
    """An account that was not merged; a colleague's only for who says who works here."""
    pages.allow(request, MAY_MERGE)
    person = get_object_or_404(User, pk=pk, merged_into=None)
    if person.is_staff:
        pages.allow(request, "staff.manage_staff")
    return person


def _crumbs(person: User) -> list[tuple[str, str]]:
    people = ("People", reverse("admin:accounts_user_changelist"))
    return [people, (str(person), reverse("admin:accounts_user_change", args=[person.pk]))]
