"""Admin pages that see more than one app: a cohort with what it needs, a person with what they are."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import BaseModelFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.admin import PersonAdmin
from accounts.models import User
from circles.models import Attendance, Circle, Membership
from circles.selectors.closed import on_closed_days
from circles.selectors.movers import just_moved
from cohorts.admin import CohortAdmin, StaffAssignmentInline
from cohorts.models import BlockedDates, Cohort, Event, OnboardingItem, Role
from cohorts.services import event_changed
from organisations.admin import OrganisationAdmin
from organisations.models import Organisation, Participation
from participants.admin import EnrolmentAdmin
from participants.models import Enrolment, EnrolmentState
from privacy.admin import Audited
from staff import bulk, funnel, roles, services
from staff.attention import presence
from staff.desk_admin import WithDesk
from surveys.selectors import checklist
from ui.bulk import ask


def _number_of(rows: QuerySet) -> Coalesce:
    """How many of these rows there are of each cohort: counted apart, as joins of several would multiply each other."""
    counted = rows.filter(cohort=OuterRef("pk")).order_by().values("cohort").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


@admin.register(Cohort)
class StaffCohortAdmin(CohortAdmin):
    """A new cohort gets its ceremonies, reminders and surveys; an edited ceremony is sent to calendars afresh."""

    change_form_template = "staff/cohort/change_form.html"
    list_display = ["page", "phase_label", "employers", "enrolled", "circle_count", "launch_from", "settings"]
    list_display_links = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With what a list of cohorts is read for; those who have left are not counted."""
        there = [EnrolmentState.ENROLLED, EnrolmentState.COMPLETED]
        return (
            super()
            .get_queryset(request)
            .annotate(
                employers_n=_number_of(Participation.objects.filter(withdrawn_at=None)),
                enrolled_n=_number_of(Enrolment.objects.filter(state__in=there)),
                circles_n=_number_of(Circle.objects.filter(merged_into=None)),
            )
        )

    @admin.display(description="Cohort", ordering="name")
    def page(self, cohort: Cohort) -> SafeString:
        """To the cohort's own page, where work on it starts; its dates and times are changed behind the last column."""
        return format_html('<a href="{}">{}</a>', reverse("admin:cohort_page", args=[cohort.pk]), cohort)

    @admin.display(description="Organisations", ordering="employers_n")
    def employers(self, cohort: Cohort) -> int:
        return cohort.employers_n

    @admin.display(description="Enrolled", ordering="enrolled_n")
    def enrolled(self, cohort: Cohort) -> int:
        return cohort.enrolled_n

    @admin.display(description="Circles", ordering="circles_n")
    def circle_count(self, cohort: Cohort) -> int:
        return cohort.circles_n

    @admin.display(description="Settings")
    def settings(self, cohort: Cohort) -> SafeString:
        words = '<a href="{}">Open<span class="visually-hidden"> the dates and settings of {}</span></a>'
        return format_html(words, cohort.get_absolute_url(), cohort)

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
    list_display = [*EnrolmentAdmin.list_display, "circle"]
    list_filter = [StageFilter, AbsentFilter, *EnrolmentAdmin.list_filter]
    fields = None  # they stand in fieldsets
    readonly_fields = [*EnrolmentAdmin.fields, "circle", "came_to", "getting_ready"]
    fieldsets = [
        (None, {"fields": ["user", "email", "organisation", "cohort", "role", "side", "state", "circle", "came_to"]}),
        ("At work", {"fields": ["job_title", "level", "function", "location", "line_manager_agreed"]}),
        ("What they look for", {"fields": ["goals", "goal_note"]}),
        ("When and where they can meet", {"fields": ["when", "where", "away", "access_needs"]}),
        ("How far they are", {"fields": ["getting_ready", "agreed_at", "form_finished", "created_at"]}),
    ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Enrolment | None = None, **kwargs: Any
    ) -> HttpResponse:
        context["show_save"] = context["show_save_and_continue"] = (
            False  # nothing here is written: acts have their pages
        )
        context["was_just_moved"] = obj is not None and just_moved(obj.cohort).filter(enrolment=obj).exists()
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        seats = Membership.objects.current().select_related("circle__cohort__format")
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", seats, to_attr="seats_now"))

    def get_fieldsets(self, request: HttpRequest, obj: Enrolment | None = None) -> list[Any]:
        """What was loaded from an older record has answers to little of it."""
        shown = set(self.readonly_fields)
        if not self._sees_needs(request):
            shown -= {"access_needs"}
        if obj is not None and obj.role != Role.PARTNER:
            shown -= {"side"}  # which follows from the role
        older = [("From before this software", {"fields": ["from_before", "sessions_before"]})]
        whole = [*self.fieldsets, *(older if obj is not None and obj.from_before else [])]
        return [(title, {"fields": [one for one in said["fields"] if one in shown]}) for title, said in whole]

    @admin.display(description="Circle")
    def circle(self, enrolment: Enrolment) -> SafeString | None:
        links = ((seat.circle.get_absolute_url(), seat.circle) for seat in enrolment.seats_now)
        return format_html_join(", ", '<a href="{}">{}</a>', links) or None

    @admin.display(description="Sessions attended")
    def came_to(self, enrolment: Enrolment) -> str:
        facts = Attendance.objects.filter(enrolment=enrolment, attended__isnull=False)
        came, recorded = facts.filter(attended=True).count(), facts.count()
        return f"{came} of the {recorded} recorded" if recorded else "None is recorded yet"

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
        return [*fields[:3], "parts", *fields[3:]] if obj else fields

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> User | None:
        """With who looks at it: the ways from it are those that they may go."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.viewer = request.user
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """An address changes on a page of its own, which takes calendars along and tells the old one."""
        fixed = ["parts"] if request.user.has_perm("staff.manage_staff") else ["parts", "is_staff"]
        return [*fixed, "email"] if obj else fixed

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("staff.manage_staff")

    @admin.display(description="Name", ordering="sort_name")
    def person(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description="Roles")
    def roles_held(self, user: User) -> SafeString | str:
        return format_html_join(", ", "{}", ((role,) for role in roles.held(user))) or "None"

    @admin.display(description="In the programme")
    def parts(self, user: User) -> SafeString | str:
        """What they are, each with its page: from a name that was searched to where they sit is one step."""
        link, plain = '<a href="{1}">{0}</a>', "{0}"
        lines = ((format_html(link if url else plain, words, url),) for words, url in roles.pages(user, user.viewer))
        return format_html_join(mark_safe("<br>"), "{}", lines) or "Nothing yet"

    @admin.action(description="Remove the second factor (lost phone)", permissions=["manage"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.SECOND_FACTOR)
