"""Sessions and the dates proposed for them, in the admin. Every change goes through a service."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from accounts import clock
from circles import bulk
from circles.admin_filters import WhenFilter
from circles.admin_parts import NotMadeByHand
from circles.forms import AllTheSameField, confirm_closed_day
from circles.models import Poll, PollDate, Session
from circles.selectors.polls import with_answers
from circles.selectors.quorum import forecast
from circles.selectors.stand_ins import clashes
from circles.services import sessions
from circles.services.sessions import SessionError
from cohorts.admin import CohortScoped
from cohorts.selectors import closed_days
from ui.bulk import ask
from ui.filters import HappenedFilter


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
        over = obj is not None and obj.is_over
        shown = {
            "all_the_same": self.has_change_permission(request, obj),
            "outlook": not over,  # then it is who came that counts
            "moved_because": bool(obj and obj.moved_because),
        }
        return [name for name in self.fields if shown.get(name, True)]

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
