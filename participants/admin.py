"""Nominations and enrolments for the programme team. Nobody edits what a person said of themselves."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from cohorts.admin import CohortScoped
from cohorts.permissions import cohorts_where
from participants import bulk
from participants.models import EmployerChange, Enrolment, EnrolmentChange, Nomination, NominationState
from privacy.admin import Audited
from privacy.services import record
from ui.bulk import ask


class ScopedAdmin(CohortScoped, admin.ModelAdmin):
    """Rows of the cohorts that this member of staff works on. They come about and end by services, not here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Nomination)
class NominationAdmin(Audited, ScopedAdmin):
    list_display = ["full_name", "organisation", "cohort", "role", "state", "origin", "created_at"]
    list_filter = ["state", "role", "origin", "cohort"]
    search_fields = ["sort_name", "email", "participation__organisation__name"]
    search_help_text = "By name, e-mail address or organisation."
    list_select_related = ["participation__organisation", "cohort"]
    ordering = ["-created_at"]
    actions = ["remind", "withdraw"]
    fields = [
        "participation", "role", "first_name", "last_name", "email", "reason", "state", "origin", "place",
        "on_reserve", "nominated_by", "entered_by_team", "decline_reason", "answered_at", "erased_at", "created_at",
    ]  # fmt: skip
    readonly_fields = [name for name in fields if name not in {"first_name", "last_name"}]

    @admin.display(description="On the reserve list")
    def on_reserve(self, nomination: Nomination) -> str:
        """Their place in the coordinator's own order, while they wait for a place."""
        waits = nomination.state == NominationState.RESERVE
        return f"Yes, number {nomination.reserve_position}" if waits and nomination.reserve_position else "No"

    @admin.display(description="Name", ordering="sort_name")
    def full_name(self, nomination: Nomination) -> str:
        return nomination.full_name

    @admin.display(description="Organisation", ordering="participation__organisation__sort_name")
    def organisation(self, nomination: Nomination) -> str:
        return nomination.participation.organisation.name

    @admin.action(description="Remind those who have not answered", permissions=["change"])
    def remind(self, request: HttpRequest, queryset: QuerySet[Nomination]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.REMIND)

    @admin.action(description="Withdraw", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Nomination]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.WITHDRAW)


class ChangeInline(admin.TabularInline):
    """The status history, which only ever grows."""

    model = EnrolmentChange
    verbose_name_plural = "status history"
    fields = readonly_fields = ["created_at", "state", "by", "note"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EmployerInline(ChangeInline):
    """From which employer to which, and whether a place of the new one is used since."""

    model = EmployerChange
    verbose_name_plural = "employers during the cohort"
    fields = readonly_fields = ["created_at", "before", "after", "place_moved", "by"]


class NeedsFilter(admin.SimpleListFilter):
    """Who needs something to take part fully, for those alone who may read what; never what it is."""

    title = "access needs"
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("any", "Has access needs"), ("unseen", "Changed, and nobody has looked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"any", "unseen"}:
            return queryset
        theirs = queryset.filter(cohort__in=cohorts_where(request.user, "participants.change_enrolment"))
        return theirs.exclude(access_needs="") if self.value() == "any" else theirs.filter(access_needs_unseen=True)


class EnrolmentAdmin(ScopedAdmin):
    """Access needs are on a person's own page only, and every look at them is written down.

    Registered by `staff`, whose filters know how far people got in the apps above this one.
    """

    list_display = ["user", "organisation", "cohort", "role", "state"]
    list_filter: list[Any] = ["state", "role", "cohort", "level", "function", "from_before"]
    search_fields = ["user__sort_name", "user__email", "organisation__name"]
    search_help_text = "By name, e-mail address or organisation."
    list_select_related = ["user", "organisation", "cohort"]
    ordering = ["user__sort_name"]
    inlines = [ChangeInline, EmployerInline]
    fields = readonly_fields = [
        "user", "email", "organisation", "cohort", "role", "side", "state", "job_title", "level", "function",
        "location", "where", "when", "goals", "goal_note", "away", "access_needs", "line_manager_agreed", "agreed_at",
        "completed_at", "from_before", "sessions_before", "created_at",
    ]  # fmt: skip

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        shown = super().get_list_filter(request)
        return [*shown[:2], NeedsFilter, *shown[2:]] if self._sees_needs(request) else shown

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Nobody finds out who needs something by typing the field into the address: only by the filter above."""
        return not lookup.startswith("access_needs") and super().lookup_allowed(lookup, value, request)

    def get_fields(self, request: HttpRequest, obj: Enrolment | None = None) -> list[str]:
        return [name for name in self.fields if name != "access_needs" or self._sees_needs(request)]

    def _sees_needs(self, request: HttpRequest) -> bool:
        """Those who make arrangements for people; not those who only read."""
        return self.has_change_permission(request)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        enrolment = self.get_object(request, object_id)
        if enrolment is not None and enrolment.access_needs and self._sees_needs(request):
            record(by=request.user, verb="enrolment.access_needs_seen", about=enrolment)
        if enrolment is not None and enrolment.access_needs_unseen and self._sees_needs(request):
            Enrolment.objects.filter(pk=enrolment.pk).update(access_needs_unseen=False)
        return super().change_view(request, object_id, *args, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Enrolment | None = None) -> list[Any]:
        changed = obj is not None and obj.employer_changes.exists()
        return [inline for inline in self.inlines if inline is not EmployerInline or changed]

    @admin.display(description="E-mail")
    def email(self, enrolment: Enrolment) -> str:
        return enrolment.user.email

    @admin.display(description="Could meet at")
    def where(self, enrolment: Enrolment) -> str:
        return ", ".join(enrolment.meets_at)

    @admin.display(description="Could meet on")
    def when(self, enrolment: Enrolment) -> str:
        return ", ".join(str(slot) for slot in enrolment.slots.all())

    @admin.display(description="Goals or expertise")
    def goals(self, enrolment: Enrolment) -> str:
        return ", ".join(topic.name for topic in enrolment.topics.all())

    @admin.display(description="Dates that don’t work")
    def away(self, enrolment: Enrolment) -> str:
        return "; ".join(f"{away.starts} to {away.ends}" for away in enrolment.unavailabilities.all())
