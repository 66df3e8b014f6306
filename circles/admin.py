"""Circles, sessions, attendance and certificates for the programme team. Every change goes through a service."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from accounts import clock
from circles import (
    bulk,
    concern_admin,  # noqa: F401 - registers what was told in confidence
)
from circles.admin_filters import WhenFilter
from circles.forms import AllTheSameField, confirm_closed_day
from circles.models import Attendance, Certificate, Circle, Membership, Poll, PollDate, Session, StandIn
from circles.selectors.history import history_of
from circles.selectors.polls import with_answers
from circles.selectors.quorum import forecast
from circles.selectors.stand_ins import clashes
from circles.selectors.two_hats import said_of, two_hats
from circles.services import sessions
from circles.services.attendance import record_attendance
from circles.services.membership import write_hand_over
from circles.services.sessions import SessionError
from cohorts.admin import CohortScoped
from cohorts.selectors import closed_days
from privacy.admin import Audited, ReadOnlyAdmin
from ui.bulk import ask
from ui.filters import HappenedFilter

WEEKS = ["", "First", "Second", "Third", "Fourth"]
PEOPLE = ["enrolment__user__sort_name", "enrolment__user__email", "enrolment__organisation__name"]


class NotMadeByHand:
    """Rows that come from publishing circles and from people's own acts."""

    view_on_site = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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


class SessionAdminForm(forms.ModelForm):
    """Says beside the form what the service would refuse."""

    all_the_same = AllTheSameField()
    join_url = forms.URLField(label="Meeting link", required=False, assume_scheme="https")

    class Meta:
        model = Session
        fields = ["starts_at", "minutes", "mode", "place", "join_url"]
        field_classes = {"starts_at": forms.SplitDateTimeField}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        # What is wrong has no cleaned value to try.
        if not self.errors and self.changes:
            self._try()
        return data

    @property
    def changes(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "all_the_same"}

    def _try(self) -> None:
        trial = Session.objects.select_related("circle__cohort").get(pk=self.instance.pk)
        before = clock.local(trial.starts_at).date()
        for name, value in self.changes.items():
            setattr(trial, name, value)
        try:
            sessions.check_time(trial)
        except SessionError as error:
            self.add_error("starts_at", str(error))
        day = clock.local(trial.starts_at).date()
        if day != before:
            confirm_closed_day(self, day, closed_days(trial.circle.cohort))


@admin.register(Session)
class SessionAdmin(NotMadeByHand, CohortScoped, admin.ModelAdmin):
    cohort_lookup = "circle__cohort"
    form = SessionAdminForm
    list_display = ["__str__", "circle", "cohort", "starts_at", "stage", "coming", "came"]
    list_filter = [WhenFilter, "circle__cohort", "state", "mode"]
    list_select_related = ["circle__cohort__format"]
    search_fields = [
        "circle__number", "circle__memberships__enrolment__user__sort_name",
        "circle__memberships__enrolment__user__email",
    ]  # fmt: skip
    search_help_text = "By the number of a circle, or the name or address of somebody in it."
    date_hierarchy = "starts_at"
    ordering = ["starts_at"]
    fields = [
        "circle", "number", "starts_at", "all_the_same", "minutes", "mode", "place", "join_url", "stage", "outlook",
        "moved_because", "sequence",
    ]  # fmt: skip
    readonly_fields = ["circle", "number", "stage", "outlook", "moved_because", "sequence"]
    actions = ["cancel"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .annotate(
                coming=Count("attendances", filter=Q(attendances__reply="yes"), distinct=True),
                came=Count("attendances", filter=Q(attendances__attended=True), distinct=True),
            )
        )

    def has_change_permission(self, request: HttpRequest, obj: Session | None = None) -> bool:
        settled = obj is not None and (obj.is_past or obj.state == Session.State.CANCELLED)
        return not settled and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Session | None = None) -> list[str]:
        asks = self.has_change_permission(request, obj)
        return [name for name in self.fields if asks or name != "all_the_same"]

    def save_model(self, request: HttpRequest, obj: Session, form: SessionAdminForm, change: bool) -> None:
        all_the_same = bool(form.cleaned_data.get("all_the_same"))
        moved = sessions.move_session(session=obj, by=request.user, on_closed_day=all_the_same, **form.changes)
        for words in clashes(moved):
            self.message_user(request, words, messages.WARNING)

    @admin.display(description="Cohort", ordering="circle__cohort")
    def cohort(self, session: Session) -> str:
        return session.circle.cohort.name

    @admin.display(description="State", ordering="state")
    def stage(self, session: Session) -> str:
        return session.state_now

    @admin.display(description="Who will come?")
    def outlook(self, session: Session) -> str:
        said = forecast(session)
        return f"{capfirst(said.words)}. {said.outlook}"

    @admin.display(description="Coming")
    def coming(self, session: Session) -> int:
        return session.coming

    @admin.display(description="Came")
    def came(self, session: Session) -> int:
        return session.came

    @admin.action(description="Cancel, and tell everybody", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.CANCEL)


class PollDateInline(NotMadeByHand, admin.TabularInline):
    """The proposed dates with the number of answers of each kind; who said what the circle alone sees."""

    model = PollDate
    extra = 0
    fields = readonly_fields = ["starts_at", "yes", "if_need_be", "no", "chosen"]
    verbose_name_plural = "dates"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_answers(super().get_queryset(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="Yes")
    def yes(self, date: PollDate) -> int:
        return date.yes

    @admin.display(description="If need be")
    def if_need_be(self, date: PollDate) -> int:
        return date.if_need_be

    @admin.display(description="No")
    def no(self, date: PollDate) -> int:
        return date.no


@admin.register(Poll)
class PollAdmin(NotMadeByHand, CohortScoped, admin.ModelAdmin):
    """Dates proposed to a circle. Its mentor chooses; staff may do so in their place."""

    cohort_lookup = "circle__cohort"
    list_display = ["circle", "cohort", "session", "closes_at", "decided_at"]
    list_filter = ["circle__cohort", ("decided_at", HappenedFilter)]
    list_select_related = ["circle__cohort__format", "session"]
    search_fields = ["circle__number"]
    search_help_text = "By the number of a circle."
    fields = readonly_fields = ["circle", "session", "closes_at", "decided_at", "because"]
    inlines = [PollDateInline]
    actions = ["choose"]

    @admin.display(description="Cohort", ordering="circle__cohort")
    def cohort(self, poll: Poll) -> str:
        return poll.circle.cohort.name

    @admin.action(description="Choose the date that suits most, and invite everybody", permissions=["change"])
    def choose(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.CHOOSE)


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
