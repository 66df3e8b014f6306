"""Circles in the admin, with those who sit in them and their sessions. Every change goes through a service."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from accounts import clock
from circles import attendance_admin, concern_admin, session_admin  # noqa: F401 - each registers its own
from circles.admin_parts import NotMadeByHand
from circles.models import Circle, Membership, Session, StandIn
from circles.selectors.history import history_of
from circles.selectors.two_hats import said_of, two_hats
from circles.services import sessions
from circles.services.membership import write_hand_over
from cohorts.admin import CohortScoped
from ui.filters import HappenedFilter

WEEKS = ["", "First", "Second", "Third", "Fourth"]


class MembershipInline(NotMadeByHand, admin.TabularInline):
    model = Membership
    extra = 0
    fields = readonly_fields = ["person", "organisation", "sits", "left_at", "another"]
    verbose_name_plural = "people"
    rows_speak_for_themselves = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("enrolment__user", "enrolment__organisation")
        return rows.select_related("circle__cohort__format")

    def get_fields(self, request: HttpRequest, obj: Circle | None = None) -> list[str]:
        moves = obj is not None and not obj.closed_at and request.user.has_perm("circles.form_circles", obj.cohort)
        return [name for name in self.fields if moves or name != "another"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="Person")
    def person(self, seat: Membership) -> SafeString:
        return format_html('<a href="{}">{}</a>', seat.enrolment.get_absolute_url(), seat.enrolment.user)

    @admin.display(description="Move")
    def another(self, seat: Membership) -> SafeString | str:
        """Where somebody who sits there is moved to another circle."""
        if seat.left_at:
            return "–"
        page, word = reverse("admin:enrolment_move", args=[seat.enrolment_id]), seat.circle.cohort.format.group_word
        words = '<a href="{}">Move<span class="visually-hidden"> {} to another {}</span></a>'
        return format_html(words, page, seat.enrolment.user, word)

    @admin.display(description="Seat")
    def sits(self, seat: Membership) -> str:
        return "Leads" if seat.is_lead else str(seat.seat)

    @admin.display(description="Organisation")
    def organisation(self, seat: Membership) -> str:
        return seat.enrolment.organisation.name


class SessionInline(NotMadeByHand, admin.TabularInline):
    model = Session
    extra = 0
    fields = readonly_fields = ["starts_at", "minutes", "mode", "place", "stage", "moved_because", "stand_in"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        current = StandIn.objects.current().select_related("enrolment__user")
        rows = super().get_queryset(request).select_related("circle__cohort__format")
        return rows.prefetch_related(Prefetch("stand_ins", current, to_attr="asked"))

    def get_fields(self, request: HttpRequest, obj: Circle | None = None) -> list[str]:
        asks = obj is not None and request.user.has_perm("circles.change_session", obj.cohort)
        return [name for name in self.fields if asks or name != "stand_in"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="State")
    def stage(self, session: Session) -> str:
        return session.state_now

    @admin.display(description="Stand-in")
    def stand_in(self, session: Session) -> SafeString | str:
        if session.state == Session.State.CANCELLED or session.is_past or session.circle.cohort.format.mutual:
            return session.asked[0].enrolment.user.get_full_name() if session.asked else "–"
        page = reverse("admin:session_stand_in", args=[session.pk])
        words = session.asked[0].enrolment.user.get_full_name() if session.asked else "Ask somebody"
        link = '<a href="{}">{}<span class="visually-hidden"> (stand-in at {})</span></a>'
        return format_html(link, page, words, str(session).lower())


@admin.register(Circle)
class CircleAdmin(NotMadeByHand, CohortScoped, admin.ModelAdmin):
    list_display = ["__str__", "cohort", "led_by", "people_now", "meets", "where", "next_session", "closed_at"]
    list_filter = ["cohort", "place", ("closed_at", HappenedFilter)]
    ordering = ["-cohort__launch_from", "number"]
    list_select_related = ["cohort__format", "slot"]
    search_fields = [
        "number", "memberships__enrolment__user__sort_name", "memberships__enrolment__user__email",
        "memberships__enrolment__organisation__name",
    ]  # fmt: skip
    search_help_text = "By number, or by the name, address or organisation of somebody in it."
    fields = [
        "cohort", "number", "led_by", "capacity", "meets", "where", "join_url", "hand_over", "closed_at",
        "merged_into", "what_happened",
    ]  # fmt: skip
    readonly_fields = [*(name for name in fields if name not in {"join_url", "hand_over"}), "of_the_team"]
    inlines = [MembershipInline, SessionInline]

    def get_fields(self, request: HttpRequest, obj: Circle | None = None) -> list[str]:
        """With a note where somebody in it works here as well."""
        both = obj is not None and two_hats(obj.cohort, obj)
        return ["of_the_team", *self.fields] if both else list(self.fields)

    @admin.display(description="On the team and in it")
    def of_the_team(self, circle: Circle) -> str:
        return said_of(two_hats(circle.cohort, circle))

    def has_change_permission(self, request: HttpRequest, obj: Circle | None = None) -> bool:
        closed = obj is not None and obj.closed_at is not None
        return not closed and super().has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        current = Count("memberships", filter=Q(memberships__left_at__isnull=True), distinct=True)
        to_come = Q(sessions__state=Session.State.PLANNED, sessions__starts_at__gt=clock.now())
        seats = Membership.objects.current().filter(seat=Membership.LEAD_SEAT).select_related("enrolment__user")
        rows = super().get_queryset(request).prefetch_related(Prefetch("memberships", seats, to_attr="leads"))
        return rows.annotate(people_now=current, next_at=Min("sessions__starts_at", filter=to_come))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "join_url":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Circle, form: Any, change: bool) -> None:
        if "join_url" in form.changed_data:
            sessions.set_meeting_link(circle=obj, join_url=obj.join_url, by=request.user)
        if "hand_over" in form.changed_data:
            write_hand_over(circle=obj, text=obj.hand_over, by=request.user)

    @admin.display(description="Led by")
    def led_by(self, circle: Circle) -> str:
        return ", ".join(str(seat.enrolment.user) for seat in circle.leads) or "Nobody"

    @admin.display(description="Meets", ordering="slot")
    def meets(self, circle: Circle) -> str | None:
        """“Second Tuesday, 12:30”: the week of the month and the slot."""
        return f"{WEEKS[circle.week_of_month]} {circle.slot}" if circle.slot else None

    @admin.display(description="Where", ordering="place")
    def where(self, circle: Circle) -> str:
        return capfirst(circle.place)

    @admin.display(description="Next session", ordering="next_at")
    def next_session(self, circle: Circle) -> str | None:
        return f"{clock.local(circle.next_at):%-d %b %Y}" if circle.next_at else None

    @admin.display(description="People")
    def people_now(self, circle: Circle) -> int:
        return circle.people_now

    @admin.display(description="What happened")
    def what_happened(self, circle: Circle) -> str:
        return format_html_join(mark_safe("<br>"), "{}: {}", history_of(circle)) or "Nothing since it was published."
