"""Admin pages that see more than one app: a cohort with what it needs, a person with what they are."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import BaseModelFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.admin import PersonAdmin
from accounts.models import User
from circles.selectors.closed import on_closed_days
from cohorts.admin import CohortAdmin, StaffAssignmentInline
from cohorts.models import BlockedDates, Cohort, Event, OnboardingItem
from cohorts.services import event_changed
from organisations.admin import OrganisationAdmin
from organisations.models import Organisation
from participants.admin import EnrolmentAdmin
from participants.models import Enrolment
from privacy.admin import Audited
from staff import bulk, funnel, roles, services
from staff.attention import presence
from staff.desk_admin import WithDesk
from surveys.selectors import checklist
from ui.bulk import ask


@admin.register(Cohort)
class StaffCohortAdmin(CohortAdmin):
    """A new cohort gets its ceremonies, reminders and surveys; an edited ceremony is sent to calendars afresh."""

    change_form_template = "staff/cohort/change_form.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With the way to past cohorts for those who may add one."""
        loads = reverse("admin:past_cohorts") if self.has_add_permission(request) else ""
        return super().changelist_view(request, {"past_cohorts_url": loads} | (extra_context or {}))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            services.prepare_cohort(cohort=form.instance, by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is Event:
            before = {one.instance.pk: one.initial.get("starts_at") for one in formset.initial_forms}
            for event, changed in formset.changed_objects:
                event_changed(event=event, changed=changed, by=request.user, before=before.get(event.pk))
        if formset.model is BlockedDates and formset.has_changed():
            self._say_what_falls_on_them(request, Cohort.objects.get(pk=form.instance.pk))

    def _say_what_falls_on_them(self, request: HttpRequest, cohort: Cohort) -> None:
        """Blocking a date moves nothing by itself: say which sessions are on closed days now."""
        if found := len(on_closed_days([cohort])):
            page = reverse("admin:cohort_closed_days", args=[cohort.pk])
            words = '{} {} on a closed day. <a href="{}">See and move them</a>'
            sessions = "session to come is" if found == 1 else "sessions to come are"
            self.message_user(request, format_html(words, found, sessions, page), messages.WARNING)


class StageFilter(admin.SimpleListFilter):
    """How far people got, as the figures on a cohort's page count it."""

    title = "how far they got"
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(funnel.REACHED_WORDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        reached = funnel.REACHED.get(self.value() or "")
        return queryset if reached is None else queryset.filter(reached)


class AbsentFilter(admin.SimpleListFilter):
    """Those whom the front page lists because they stay away."""

    title = "absences"
    parameter_name = "absent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("two", "Missed the last two sessions")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "two":
            return queryset
        cohorts = Cohort.objects.for_staff(request.user).filter(closed_at=None)
        return queryset.filter(pk__in=[seat.enrolment_id for seat in presence.away_members(cohorts)])


@admin.register(Organisation)
class StaffOrganisationAdmin(WithDesk, OrganisationAdmin):
    """With its contact log and tasks."""


@admin.register(Enrolment)
class StaffEnrolmentAdmin(WithDesk, EnrolmentAdmin):
    list_filter = [StageFilter, AbsentFilter, *EnrolmentAdmin.list_filter]
    fields = readonly_fields = [*EnrolmentAdmin.fields, "getting_ready"]

    @admin.display(description="Getting ready")
    def getting_ready(self, enrolment: Enrolment) -> SafeString | str:
        """What the person has ticked off and what not. Whether they have answered the survey is nobody's to see."""
        tasks = [task for task in checklist(enrolment).tasks if task.item.kind != OnboardingItem.Kind.SURVEY]
        rows = ((task.item, "done" if task.done else "not yet") for task in tasks)
        return format_html_join(mark_safe("<br>"), "{}: {}", rows) or "Nothing is asked of them"


@admin.register(User)
class StaffPersonAdmin(WithDesk, Audited, PersonAdmin):
    """People with the roles that they hold, their contact log and tasks.

    Who is staff, and with what rights, a programme lead alone says.
    """

    list_display = ["person", "email", "roles_held", "is_active"]
    search_fields = [*PersonAdmin.search_fields, "enrolments__organisation__name", "coordinations__organisation__name"]
    search_help_text = "By name, e-mail address or organisation."
    inlines = [StaffAssignmentInline]
    actions = ["remove_second_factor"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Without accounts that were merged into another: that one holds everything."""
        return super().get_queryset(request).filter(merged_into=None).prefetch_related(*roles.PREFETCH)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        needed = "staff.manage_staff" if obj is not None and obj.is_staff else "accounts.change_user"
        return request.user.has_perm(needed)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fields = list(super().get_fields(request, obj))
        return [*fields, "roles_held"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """An address changes on a page of its own, which takes calendars along and tells the old one."""
        fixed = ["roles_held"] if request.user.has_perm("staff.manage_staff") else ["roles_held", "is_staff"]
        return [*fixed, "email"] if obj else fixed

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("staff.manage_staff")

    @admin.display(description="Name", ordering="sort_name")
    def person(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description="Roles")
    def roles_held(self, user: User) -> SafeString | str:
        return format_html_join(", ", "{}", ((role,) for role in roles.held(user))) or "None"

    @admin.action(description="Remove the second factor (lost phone)", permissions=["manage"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.SECOND_FACTOR)
