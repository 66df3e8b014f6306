"""What every workflow page of the programme team shares: its address, its frame and the rows that it may show."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from cohorts.models import Cohort

View = Callable[..., HttpResponse]


def page(site: AdminSite, route: str, view: View, name: str) -> URLPattern:
    """An address in the admin's namespace that only staff reach."""
    return path(route, site.admin_view(view), name=name)


def render(request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    """A page within the admin's frame. `crumbs` are (label, address) of the pages above it, the front page apart."""
    frame = admin.site.each_context(request)
    usual: dict[str, Any] = {"title": title, "subtitle": None, "lead": "", "eyebrow": "", "crumbs": []}
    return TemplateResponse(request, template, {**frame, **usual, **context})


def allow(request: HttpRequest, permission: str, about: Cohort | None = None) -> None:
    """Refuse, as a page of one's own without the right, unless the person has the permission (in that cohort)."""
    if not request.user.has_perm(permission, about):
        raise PermissionDenied


def cohort_of(request: HttpRequest, pk: Any) -> Cohort:
    """One of the cohorts that this member of staff works on; 404 for any other."""
    return get_object_or_404(Cohort.objects.for_staff(request.user).select_related("format"), pk=pk)


def cohort_crumbs(cohort: Cohort) -> list[tuple[str, str]]:
    """The way to a page below a cohort's own."""
    return [(str(cohort), reverse("admin:cohort_page", args=[cohort.pk]))]
