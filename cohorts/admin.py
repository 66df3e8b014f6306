"""Formats, topics and cohorts with what they own. A cohort's page is completed and registered by `staff`."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import clock
from cohorts.forms import KEY_DATE_FIELDS, CohortForm
from cohorts.models import (
    BlockedDates,
    Cohort,
    Event,
    Format,
    OnboardingItem,
    ReminderRule,
    Role,
    SessionPlan,
    Slot,
    StaffAssignment,
    Topic,
)
from cohorts.permissions import cohorts_where, works_everywhere
from privacy.admin import Audited
from ui.dates import uk_date
from ui.filters import HappenedFilter


class CohortScoped:
    """For a ModelAdmin whose rows belong to a cohort: only those of one's own cohorts, by the role held in each.

    `cohort_lookup` is the way from a row to its cohort, as a query says it.
    """

    cohort_lookup = "cohort"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)  # type: ignore[misc]  # ModelAdmin's
        seen = cohorts_where(request.user, self._permission("view"))
        return rows.filter(**{f"{self.cohort_lookup}__in": seen})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj) or self._may(request, "change", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj)

    def _may(self, request: HttpRequest, action: str, obj: Any) -> bool:
        return request.user.has_perm(self._permission(action), self._cohort_of(obj))

    def _permission(self, action: str) -> str:
        options = self.opts  # type: ignore[attr-defined]  # ModelAdmin's
        return f"{options.app_label}.{action}_{options.model_name}"

    def _cohort_of(self, obj: Any) -> Any:
        for step in self.cohort_lookup.split("__"):
            obj = getattr(obj, step, None)
        return obj


class SlotInline(admin.TabularInline):
    """Empty rows are ready from the start, for whoever has no JavaScript to add one."""

    model = Slot
    extra = 1
    fields = ["weekday", "start", "minutes"]
    verbose_name = "time of the week"
    verbose_name_plural = "times of the week at which circles may meet"

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 6


class BlockedDatesInline(admin.TabularInline):
    """An empty row is ready from the start, for whoever has no JavaScript to add one."""

    model = BlockedDates
    extra = 1
    fields = ["first_day", "last_day", "label"]
    verbose_name = "blocked dates"
    verbose_name_plural = "blocked dates, on which no session is planned"


class SessionPlanInline(admin.StackedInline):
    """What circles get a copy of when they are published; those that have theirs keep it."""

    model = SessionPlan
    extra = 0
    fields = ["number", "aim", "prompts", "preparation"]
    verbose_name = "plan of a session"
    verbose_name_plural = "plans of the sessions, copied to circles when they are published"
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 4})}}


class EventInline(admin.StackedInline):
    """Once circles are published people have events in their calendars: from then on one is called off, not deleted."""

    model = Event
    extra = 0
    fields = [
        "kind", "title", "starts_at", "minutes", "place", "join_url", "speakers", "capacity", "description", "state",
    ]  # fmt: skip
    readonly_fields = ["state"]
    verbose_name_plural = "ceremonies and masterclasses"
    formfield_overrides = {models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"}}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.published_at)

    @admin.display(description="Takes place")
    def state(self, event: Event) -> SafeString | str:
        if event._state.adding:
            return "People are asked as soon as they have a seat in a circle."
        if event.called_off_at:
            return f"No: called off on {uk_date(event.called_off_at)}."
        if event.starts_at <= clock.now():
            return "It has started."
        page = reverse("admin:call_off_event", args=[event.pk])
        return format_html('Yes. <a href="{}">Call it off<span class="visually-hidden">: {}</span></a>', page, event)


class ReminderRuleInline(admin.TabularInline):
    """Days and times. A rule is switched on where staff see first who would get it."""

    model = ReminderRule
    extra = 0
    fields = ["kind", "days", "at", "state"]
    readonly_fields = ["state"]

    @admin.display(description="Switched on")
    def state(self, rule: ReminderRule) -> SafeString | str:
        if rule._state.adding:
            return "Not yet: save it, then see who would get it."
        page = reverse("admin:reminder_rule", args=[rule.pk])
        link = '{}. <a href="{}">See who gets it<span class="visually-hidden">: {}</span></a>'
        return format_html(link, "On" if rule.enabled else "Off", page, rule)


@admin.register(Format)
class FormatAdmin(Audited, admin.ModelAdmin):
    list_display = ["name", "group_word", "capacity", "own_organisation", "joining"]
    list_filter = ["joining"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["key", "name", "description", "group_word"]}),
        ("Who sits in it", {"fields": ["lead_role", "lead_words", "member_role", "member_words", "mutual"]}),
        ("Size and employers", {"fields": ["capacity", "minimum", "target", "own_organisation"]}),
        ("How people join", {"fields": ["joining", "eligibility_side"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key"] if obj else []


@admin.register(Topic)
class TopicAdmin(Audited, admin.ModelAdmin):
    list_display = ["name", "key", "position"]
    search_fields = ["name"]
    fields = ["name", "key", "position"]
    prepopulated_fields = {"key": ["name"]}


@admin.register(OnboardingItem)
class OnboardingItemAdmin(Audited, CohortScoped, admin.ModelAdmin):
    """Everybody of the team sees what all cohorts share; only who works on every cohort changes it."""

    list_display = ["title", "kind", "format", "role", "cohort", "required", "days_before", "position", "in_use"]
    list_filter = ["in_use", "required", "kind", "format", "role", "cohort"]
    list_select_related = ["format", "cohort"]
    search_fields = ["title", "text"]
    fieldsets = [
        (None, {"fields": ["kind", "guide", "title", "text"]}),
        ("Who it is for", {"fields": ["format", "role", "cohort"]}),
        ("When", {"fields": ["required", "days_before", "position", "in_use"]}),
    ]
    empty_labels = {"format": "Every format", "cohort": "Every cohort", "guide": "None"}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        mine = cohorts_where(request.user, self._permission("view"))
        return admin.ModelAdmin.get_queryset(self, request).filter(Q(cohort=None) | Q(cohort__in=mine))

    def _may(self, request: HttpRequest, action: str, obj: Any) -> bool:
        shared = obj is not None and obj.cohort_id is None
        if shared and action in {"change", "delete"} and not works_everywhere(request.user):
            return False
        return super()._may(request, action, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.empty_labels:
            field.empty_label = self.empty_labels[db_field.name]
            _without_buttons(field.widget)
        if db_field.name == "role":
            field.choices = [("", "Every role"), *Role.choices]
        if db_field.name == "cohort":
            field.queryset = cohorts_where(request.user, self._permission("change")).order_by("-launch_from")
            field.required = not works_everywhere(request.user)
        return field


class CohortAdmin(Audited, admin.ModelAdmin):
    """Registered by `staff`, which adds what a new cohort needs from the apps above this one."""

    form = CohortForm
    list_display = ["name", "format", "phase_label", "launch_from", "close_until"]
    list_filter = ["format", ("closed_at", HappenedFilter)]
    list_select_related = ["format"]
    search_fields = ["name", "number"]
    inlines = [SlotInline, BlockedDatesInline, SessionPlanInline, EventInline, ReminderRuleInline]
    fieldsets = [
        (None, {"fields": ["format", "number", "name"]}),
        (
            "Key dates",
            {
                "fields": KEY_DATE_FIELDS,
                "description": "In their order: each begins on or after the one before it. Neighbours may overlap.",
            },
        ),
        (
            "Circles and sessions",
            {"fields": ["circle_minimum", "circle_target", "places", "session_count", "bank_holidays"]},
        ),
        ("Certificates", {"fields": ["certificate_sessions"]}),
        ("Messages", {"fields": ["reply_address"]}),
    ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "format" in form.base_fields:  # formats have a page of their own; no buttons for them beside the choice
            _without_buttons(form.base_fields["format"].widget)
        return form

    @admin.display(description="Phase")
    def phase_label(self, cohort: Cohort) -> str:
        return cohort.phase_label

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        mine = Cohort.objects.for_staff(request.user).values("pk")
        return super().get_queryset(request).filter(pk__in=mine)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and works_everywhere(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("cohorts.change_cohort", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("cohorts.delete_cohort", obj)


def _without_buttons(widget: Any) -> None:
    for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
        setattr(widget, name, False)


class StaffAssignmentInline(admin.TabularInline):
    """Who works on what: for a programme lead to say."""

    model = StaffAssignment
    extra = 0
    fields = ["role", "cohort"]
    verbose_name = "role in the programme team"
    verbose_name_plural = "roles in the programme team"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "cohort":
            field.empty_label = "Every cohort"
            _without_buttons(field.widget)
        return field
