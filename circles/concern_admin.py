"""Where the programme team takes up what was told in confidence. Every reading leaves a line in the trail."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from circles.models import Concern
from circles.services import confidence
from cohorts.admin import CohortScoped
from cohorts.permissions import cohorts_where
from privacy.services import record
from ui.filters import HappenedFilter


@admin.register(Concern)
class ConcernAdmin(CohortScoped, admin.ModelAdmin):
    """For those who may deal with them, and never for somebody whom a concern may be about."""

    list_display = ["whose", "cohort", "due_on", "stage"]
    list_filter = ["cohort", ("acknowledged_at", HappenedFilter), ("closed_at", HappenedFilter)]
    search_fields = ["enrolment__user__first_name", "enrolment__user__last_name"]
    readonly_fields = [
        "whose", "cohort", "created_at", "text", "due_on", "acknowledged_at", "acknowledged_by", "closed_at",
        "closed_by",
    ]  # fmt: skip
    fields = [*readonly_fields, "outcome"]
    actions = ["take_up", "close"]
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Concern]:
        seen = cohorts_where(request.user, "circles.change_concern")
        rows = Concern.objects.readable_by(request.user).filter(cohort__in=seen)
        return rows.select_related("cohort", "enrolment__user", "acknowledged_by", "closed_by")

    def has_view_permission(self, request: HttpRequest, obj: Concern | None = None) -> bool:
        """Who may only read the admin does not read what was told in confidence."""
        return self._may(request, "change", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Concern | None = None) -> bool:
        return False

    @admin.display(description="From")
    def whose(self, concern: Concern) -> str:
        return str(concern.enrolment.user)

    @admin.display(description="How far")
    def stage(self, concern: Concern) -> str:
        if concern.closed_at:
            return "Closed"
        if concern.acknowledged_at:
            return "Taken up"
        return "Received, and late" if concern.is_late else "Received"

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().change_view(request, object_id, *args, **kwargs)
        if response.status_code == HTTPStatus.OK and (concern := self.get_object(request, object_id)):
            record(by=request.user, verb="concern.read", about=concern)
        return response

    def save_model(self, request: HttpRequest, obj: Concern, form: Any, change: bool) -> None:
        if "outcome" in form.changed_data:
            confidence.write_outcome(concern=obj, outcome=form.cleaned_data["outcome"], by=request.user)

    @admin.action(description="Take up, and tell the person so", permissions=["change"])
    def take_up(self, request: HttpRequest, queryset: QuerySet[Concern]) -> None:
        for concern in queryset:
            confidence.take_up(concern=concern, by=request.user)
        self.message_user(request, "Taken up. The people who told us are written to.", messages.SUCCESS)

    @admin.action(description="Close", permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Concern]) -> None:
        for concern in queryset:
            try:
                confidence.close(concern=concern, by=request.user)
            except confidence.NoOutcomeError:
                self.message_user(request, "Open it and say what came of it before you close it.", messages.ERROR)
            else:
                self.message_user(request, "Closed.", messages.SUCCESS)
