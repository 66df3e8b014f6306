"""A text that came with the product beside the shipped words of today: what is different, and which of them count."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from content import shipped
from staff import pages


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "shipped/<slug:kind>/<uuid:pk>/", compare, "shipped_text")]


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Looking changes nothing; then the shipped words are taken, or the team's are kept."""
    if kind not in shipped.KINDS:
        raise Http404
    model = shipped.KINDS[kind]
    page = f"{model._meta.app_label}_{model._meta.model_name}"
    pages.allow(request, f"content.change_{model._meta.model_name}")
    row = get_object_or_404(model, pk=pk)
    own_page = reverse(f"admin:{page}_change", args=[row.pk])
    if "take" in request.POST and shipped.take(row=row, by=request.user):
        messages.success(request, "It says what was shipped from now on.")
        return redirect(own_page)
    if "keep" in request.POST and shipped.keep(row=row, by=request.user):
        messages.success(request, "Your words stay. You are told when the shipped text changes again.")
        return redirect(own_page)
    plural = str(model._meta.verbose_name_plural).capitalize()
    return pages.render(
        request, "staff/shipped/compare.html", f"“{row}” beside the shipped text",
        crumbs=[(plural, reverse(f"admin:{page}_changelist")), (str(row), own_page)],
        state=shipped.state_of(row), is_new=shipped.state_of(row) == shipped.State.NEW,
        parts=[part for part in shipped.parts_of(row) if part.differs], own_page=own_page,
    )  # fmt: skip
