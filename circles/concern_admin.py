"""Where the programme team takes up what was told in confidence. Every reading leaves a line in the trail."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from circles import bulk
from circles.models import Concern, Membership
from circles.selectors.concerns import concerns_for
from circles.selectors.two_hats import hidden_from
from circles.services import confidence
from cohorts.admin import CohortScoped
from participants.reach import reach
from privacy.services import record
from ui.admin_acts import ActsOnPage
from ui.bulk import ask
from ui.filters import HappenedFilter

TO_COME = {"acknowledged_at", "acknowledged_by", "closed_at", "closed_by"}


@admin.register(Concern)
class ConcernAdmin(ActsOnPage, CohortScoped, admin.ModelAdmin):
    """For those who may deal with them, and never for somebody whom a concern may be about."""

    list_display = ["whose", "cohort", "due_on", "stage"]
    list_filter = ["cohort", ("acknowledged_at", HappenedFilter), ("closed_at", HappenedFilter)]
    search_fields = ["enrolment__user__first_name", "enrolment__user__last_name"]
    readonly_fields = [
        "person", "circle", "cohort", "created_at", "text", "due_on", "acknowledged_at", "acknowledged_by", "closed_at",
        "closed_by",
    ]  # fmt: skip
    fields = [*readonly_fields, "outcome"]
    actions = ["take_up", "close"]
    view_on_site = False

    def acts_of(self, row: Concern) -> list[str]:
        if row.closed_at:
            return []
        return ["close"] if row.acknowledged_at else ["take_up"]

    def get_fields(self, request: HttpRequest, obj: Concern | None = None) -> list[str]:
        """What has not happened yet has no line."""
        return [name for name in self.fields if name not in TO_COME or getattr(obj, name, None)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Concern]:
        return concerns_for(request.user).select_related("cohort", "enrolment__user", "acknowledged_by", "closed_by")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Says to who takes part themselves what they do not see here, whether there is anything or not."""
        if where := hidden_from(request.user):
            words = "You take part yourself or act for an employer. Concerns of people there are for your colleagues, "
            self.message_user(request, f"{words}and are not listed here: {', '.join(where)}.", messages.INFO)
        return super().changelist_view(request, extra_context)

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

    @admin.display(description="From")
    def person(self, concern: Concern) -> SafeString:
        """With where to reach them: often they want to be spoken with before anything is done."""
        return reach(concern.enrolment)

    @admin.display(description="Sits in")
    def circle(self, concern: Concern) -> SafeString | None:
        seats = Membership.objects.current().filter(enrolment=concern.enrolment)
        rows = (one.circle for one in seats.select_related("circle__cohort__format"))
        return format_html_join(", ", '<a href="{}">{}</a>', ((one.get_absolute_url(), one) for one in rows)) or None

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
    def take_up(self, request: HttpRequest, queryset: QuerySet[Concern]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.TAKE_UP)

    @admin.action(description="Close", permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Concern]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.CLOSE)
