"""Who came, and the certificates for it, in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from circles.admin_parts import PEOPLE, NotMadeByHand
from circles.models import Attendance, Certificate, Session
from circles.services.attendance import record_attendance
from cohorts.admin import CohortScoped
from privacy.admin import Audited, ReadOnlyAdmin


@admin.register(Attendance)
class AttendanceAdmin(Audited, NotMadeByHand, CohortScoped, admin.ModelAdmin):
    cohort_lookup = "session__circle__cohort"
    list_display = ["person", "session", "circle", "reply", "attended", "recorded_by", "recorded_at"]
    list_filter = ["session__circle__cohort", "attended", "reply"]
    list_select_related = ["enrolment__user", "session__circle__cohort__format", "recorded_by"]
    search_fields = PEOPLE
    search_help_text = "By name, e-mail address or organisation."
    fields = ["person", "session", "circle", "reply", "replied_at", "attended", "recorded_by", "recorded_at"]
    readonly_fields = ["person", "session", "circle", "reply", "replied_at", "recorded_by", "recorded_at"]

    def has_change_permission(self, request: HttpRequest, obj: Attendance | None = None) -> bool:
        open_ = obj is None or (obj.session.is_past and obj.session.state == Session.State.PLANNED)
        return open_ and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Attendance, form: Any, change: bool) -> None:
        attended = bool(form.cleaned_data["attended"])
        record_attendance(session=obj.session, enrolment=obj.enrolment, attended=attended, by=request.user)

    @admin.display(description="Person", ordering="enrolment__user__sort_name")
    def person(self, fact: Attendance) -> str:
        return fact.enrolment.user.get_full_name()

    @admin.display(description="Circle")
    def circle(self, fact: Attendance) -> str:
        return str(fact.session.circle)


@admin.register(Certificate)
class CertificateAdmin(CohortScoped, ReadOnlyAdmin):
    """Issued when a cohort is closed; nobody writes one by hand."""

    cohort_lookup = "enrolment__cohort"
    list_display = ["person", "cohort", "sessions_attended", "sessions_held", "created_at"]
    list_filter = ["enrolment__cohort"]
    list_select_related = ["enrolment__user", "enrolment__cohort"]
    search_fields = [*PEOPLE, "code"]
    search_help_text = "By name, e-mail address, organisation or code."
    fields = ["person", "cohort", "sessions_attended", "sessions_held", "code", "created_at"]

    has_change_permission = ReadOnlyAdmin.has_change_permission
    has_delete_permission = ReadOnlyAdmin.has_delete_permission

    @admin.display(description="Person", ordering="enrolment__user__sort_name")
    def person(self, certificate: Certificate) -> str:
        return certificate.enrolment.user.get_full_name()

    @admin.display(description="Cohort", ordering="enrolment__cohort")
    def cohort(self, certificate: Certificate) -> str:
        return certificate.enrolment.cohort.name
