"""Mixed into every ModelAdmin when it is registered: the history of a row is what the audit trail holds about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.models import User
from privacy import trail
from privacy.models import AuditEvent

LINES = 50


@dataclass(frozen=True)
class Line:
    at: datetime
    said: str
    details: list[str]
    who: str


class WithHistory:
    """Django's own log knows only what was saved on its forms; most acts here go through services."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().history_view(request, object_id, extra_context)  # type: ignore[misc]  # ModelAdmin's
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data["history"] = history_of(request, response.context_data["object"])
        return response


def history_of(request: HttpRequest, row: Model) -> Page:
    """One page of it, the latest first; without what was told in confidence to others."""
    about = {"content_type": ContentType.objects.get_for_model(row), "object_id": row.pk}
    events = AuditEvent.objects.filter(**about).for_staff(request.user)
    page = Paginator(events.select_related("actor", "content_type"), LINES).get_page(request.GET.get("page"))
    page.object_list = [_line(event) for event in page.object_list]
    return page


def _line(event: AuditEvent) -> Line:
    return Line(event.at, trail.said(event), trail.details(event), _who(event.actor))


def _who(actor: User | None) -> str:
    return str(actor) if actor else "By itself"
