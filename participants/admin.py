"""Nominations and enrolments for the programme team. Nobody edits what a person said of themselves."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from cohorts.admin import CohortScoped
from cohorts.permissions import cohorts_where
from participants import bulk, reminding, services
from participants.models import EmployerChange, Enrolment, EnrolmentChange, Nomination, NominationState
from participants.selectors import is_open
from participants.services import RefusedError
from participants.services.nominations import CORRECTABLE, WITHDRAWABLE, check_correction
from privacy.admin import Audited
from privacy.services import record
from ui.admin_acts import ActsOnPage
from ui.bulk import ask
from ui.dates import uk_datetime

# What follows from another address, beside the field.
CORRECTING = {
    NominationState.INVITED: "If you change it, the invitation goes there at once, and the link sent before ends.",
    NominationState.RESERVE: "If you change it, they hear there at once that they were put forward and wait.",
}


class ScopedAdmin(CohortScoped, admin.ModelAdmin):
    """Rows of the cohorts that this member of staff works on. They come about and end by services, not here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NominationForm(forms.ModelForm):
    """The address is among what can be put right, while nobody has answered there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "email" in self.fields:
            self.fields["email"].help_text = CORRECTING[self.instance.state]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if email != self.instance.email.lower():
            try:
                check_correction(self.instance, email)
            except RefusedError as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return email


@admin.register(Nomination)
class NominationAdmin(ActsOnPage, Audited, ScopedAdmin):
    """With what the list can do to one of them, and their address where it was mistyped."""

    form = NominationForm
    list_display = ["full_name", "organisation", "cohort", "role", "state", "written", "created_at"]
    list_filter = ["state", "role", "origin", "cohort"]
    search_fields = ["sort_name", "email", "participation__organisation__name"]
    search_help_text = "By name, e-mail address or organisation."
    list_select_related = ["participation__organisation", "cohort"]
    ordering = ["-created_at"]
    actions = ["remind", "withdraw"]
    fields = [
        "participation", "role", "first_name", "last_name", "email", "reason", "state", "written", "origin", "place",
        "on_reserve", "nominated_by", "entered_by_team", "decline_reason", "answered_at", "erased_at", "created_at",
    ]  # fmt: skip
    readonly_fields = [name for name in fields if name not in {"first_name", "last_name"}]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Also by who put them forward: an organisation's own page leads here so."""
        return lookup == "participation__organisation__id__exact" or super().lookup_allowed(lookup, value, request)

    def acts_of(self, row: Nomination) -> list[str]:
        can = {"remind": row.state == NominationState.INVITED, "withdraw": row.state in WITHDRAWABLE}
        return [name for name, possible in can.items() if possible]

    def get_fields(self, request: HttpRequest, obj: Nomination | None = None) -> list[str]:
        """What was not said, and what has not happened, has no line."""
        may_lack = {"reason", "place", "entered_by_team", "decline_reason", "answered_at", "erased_at"}
        shown = [name for name in self.fields if name not in may_lack or getattr(obj, name, None)]
        asked = obj is not None and obj.state == NominationState.INVITED
        waits = obj is not None and obj.state == NominationState.RESERVE
        return [name for name in shown if {"written": asked, "on_reserve": waits}.get(name, True)]

    def get_readonly_fields(self, request: HttpRequest, obj: Nomination | None = None) -> list[str]:
        correctable = obj is not None and obj.state in CORRECTABLE and is_open(obj.cohort)
        return [name for name in self.readonly_fields if name != "email" or not correctable]

    def save_model(self, request: HttpRequest, obj: Nomination, form: forms.ModelForm, change: bool) -> None:
        """The names are put right here; the address by its service, which asks them where they read it."""
        if "email" in form.changed_data:
            self._correct(request, obj, form.cleaned_data["email"])
        names = [name for name in form.changed_data if name != "email"]
        if names:
            obj.save(update_fields=[*names, "sort_name"])

    def _correct(self, request: HttpRequest, nomination: Nomination, email: str) -> None:
        try:
            services.correct_address(nomination=nomination, email=email, by=request.user)
        except RefusedError as refusal:  # something changed since the form was checked
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            words = f"We write to {nomination.full_name} at {email} from now on. The link sent before has ended."
            self.message_user(request, words)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        self.read_with(found.result_list)
        return found

    def read_with(self, rows: Collection[Nomination]) -> None:
        """Who was written to when, for the rows of a page or of a file at once."""
        sent = reminding.written_to([row for row in rows if row.state == NominationState.INVITED])
        for row in rows:
            row.was_written = sent.get(row.pk)

    @admin.display(description="Asked")
    def written(self, nomination: Nomination) -> str:
        """When they were last asked for their answer, and how often: what chasing starts from."""
        if nomination.state != NominationState.INVITED:
            return ""
        if not hasattr(nomination, "was_written"):
            nomination.was_written = reminding.written_to([nomination]).get(nomination.pk)
        sent = nomination.was_written
        if sent is None:
            return "Not yet"
        return "Our mail came back" if sent.came_back else sent.words

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

    @admin.action(description="Remind to answer", permissions=["change"])
    def remind(self, request: HttpRequest, queryset: QuerySet[Nomination]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.REMIND)

    @admin.action(description="Withdraw", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Nomination]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.WITHDRAW)


class ChangeInline(admin.TabularInline):
    """The status history, which only ever grows."""

    model = EnrolmentChange
    verbose_name_plural = "status history"
    rows_speak_for_themselves = True
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
        "form_finished", "from_before", "sessions_before", "created_at",
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

    @admin.display(description="Form finished")
    def form_finished(self, enrolment: Enrolment) -> str | None:
        """Not when they completed the programme, which their state says."""
        return uk_datetime(enrolment.completed_at) if enrolment.completed_at else None

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
