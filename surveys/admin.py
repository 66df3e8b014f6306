"""Instruments, surveys, quotes and released figures. Answers and the keys that link them to people are not here."""

import json
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cohorts.admin import CohortScoped
from cohorts.permissions import cohorts_where, works_everywhere
from participants.reach import reach
from privacy.admin import Audited
from privacy.services import record
from surveys import bulk, services
from surveys.admin_forms import InConfidence, InstrumentForm, PlacedForm, PlacedFormSet
from surveys.models import (
    Instrument,
    IntruderTest,
    Item,
    Question,
    Response,
    Snapshot,
    Survey,
    SurveyPart,
    TeamNote,
    Testimonial,
)
from ui.admin_acts import ActsOnPage
from ui.admin_fields import choice_alone
from ui.bulk import ask
from ui.filters import HappenedFilter

IN_USE = (
    "Somebody has answered this, so its wording and scoring stay as they are. To change it, choose it in the list "
    "and “Make a new version”."
)
ANSWERED = "Somebody has answered this survey, so that nothing in it changes any more."


def is_in_use(instrument: Instrument | None) -> bool:
    """Whether somebody has answered it: from then on a change is a new version."""
    return instrument is not None and Response.objects.filter(survey__parts__instrument=instrument).exists()


class ItemInline(admin.TabularInline):
    model = Item
    extra = 0
    fields = ["number", "text", "reverse"]

    def has_add_permission(self, request: HttpRequest, obj: Instrument | None = None) -> bool:
        return super().has_add_permission(request, obj) and not is_in_use(obj)

    def has_change_permission(self, request: HttpRequest, obj: Instrument | None = None) -> bool:
        return super().has_change_permission(request, obj) and not is_in_use(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Instrument | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_in_use(obj)


@admin.register(Instrument)
class InstrumentAdmin(Audited, admin.ModelAdmin):
    form = InstrumentForm
    list_display = ["name", "version", "permission", "validated"]
    list_filter = ["permission", "validated"]
    search_fields = ["name", "plain_name", "citation"]
    fields = [
        "key", "version", "name", "plain_name", "citation", "licence", "permission", "permission_evidence", "validated",
        "scale_min",
        "scale_max", "anchors", "scoring", "min_items", "higher_is_better", "reliability", "reference_sd",
        "reliability_source",
    ]  # fmt: skip
    readonly_fields = ["answer_words"]
    inlines = [ItemInline]
    actions = ["make_new_version"]

    def get_fields(self, request: HttpRequest, obj: Instrument | None = None) -> list[str]:
        """Who may not change it reads the words of the answers; a list of them is for writing."""
        shown = "anchors" if self.has_change_permission(request, obj) else "answer_words"
        return [shown if name == "anchors" else name for name in self.fields]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        form_field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in {"citation", "licence"}:
            form_field.widget.attrs["rows"] = 3
        return form_field

    @admin.display(description="Words of the answers")
    def answer_words(self, instrument: Instrument) -> str:
        return ", ".join(instrument.anchors)

    @admin.action(description="Make a new version", permissions=["add"])
    def make_new_version(self, request: HttpRequest, queryset: QuerySet[Instrument]) -> None:
        for instrument in queryset:
            services.new_version(instrument=instrument, by=request.user)
        self.message_user(request, "The copies can be changed, and new cohorts are asked the newest.", messages.SUCCESS)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Says in words why what has been answered can’t be changed."""
        if request.method == "GET" and is_in_use(self.get_object(request, object_id)):
            self.message_user(request, IN_USE, messages.INFO)
        return super().change_view(request, object_id, *args, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Instrument | None = None) -> bool:
        return super().has_change_permission(request, obj) and not is_in_use(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Instrument | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_in_use(obj)


def is_answered(survey: Survey | None) -> bool:
    return survey is not None and survey.responses.exists()


class FixedOnceAnswered:
    """For an inline of a survey: nothing in it changes after the first answer."""

    def has_add_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return super().has_add_permission(request, obj) and not is_answered(obj)  # type: ignore[misc]  # the inline's

    def has_change_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return super().has_change_permission(request, obj) and not is_answered(obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_answered(obj)  # type: ignore[misc]


class QuestionInline(FixedOnceAnswered, admin.StackedInline):
    model = Question
    form = PlacedForm
    formset = PlacedFormSet
    extra = 0
    fields = ["after", "position", "kind", "text", "hint", "options"]
    verbose_name = "own question"


class PartInline(FixedOnceAnswered, admin.TabularInline):
    model = SurveyPart
    form = PlacedForm
    formset = PlacedFormSet
    extra = 0
    fields = ["position", "instrument"]
    verbose_name = "scale"
    verbose_name_plural = "survey parts"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SurveyPart]:
        return super().get_queryset(request).select_related("instrument")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "instrument":
            kwargs["queryset"] = Instrument.objects.exclude(permission=Instrument.Permission.NEEDED)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return choice_alone(super().formfield_for_dbfield(db_field, request, **kwargs))


@admin.register(Survey)
class SurveyAdmin(Audited, CohortScoped, admin.ModelAdmin):
    """A cohort's surveys are made with it. Nothing changes, the thresholds least, once somebody has answered."""

    form = InConfidence
    list_display = ["title", "cohort", "wave", "threshold_team", "threshold_outside"]
    list_filter = ["wave", ("cohort", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "cohort__name"]
    fields = ["cohort", "wave", "title", "introduction", "threshold_team", "threshold_outside", "preview"]
    readonly_fields = ["cohort", "wave", "preview"]
    inlines = [PartInline, QuestionInline]

    @admin.display(description="On a phone")
    def preview(self, survey: Survey) -> SafeString:
        """A link to the participant's own pages, on which nothing is saved."""
        page = reverse("admin:survey_preview", args=[survey.pk, 1])
        return format_html('<a href="{}">See its pages as on a phone</a>', page)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        return super().get_queryset(request).select_related("cohort")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return super().has_change_permission(request, obj) and not is_answered(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Says in words why a survey that has been answered can’t be changed."""
        if request.method == "GET" and is_answered(self.get_object(request, object_id)):
            self.message_user(request, ANSWERED, messages.INFO)
        return super().change_view(request, object_id, *args, **kwargs)


@admin.register(Testimonial)
class TestimonialAdmin(Audited, CohortScoped, admin.ModelAdmin):
    cohort_lookup = "enrolment__cohort"
    list_display = ["attribution", "quote", "state", "is_on_show", "expires_on", "approved_by"]
    list_filter = ["state", ("enrolment__cohort", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["quote", "attribution"]
    fields = ["quote", "attribution", "state", "expires_on", "approved_by"]
    actions = ["approve", "withdraw"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Testimonial]:
        """Those of the cohorts that this member of staff works on, and those from before this software."""
        seen = cohorts_where(request.user, "surveys.view_testimonial")
        rows = admin.ModelAdmin.get_queryset(self, request).select_related("approved_by")
        return rows.filter(Q(enrolment=None) | Q(enrolment__cohort__in=seen))

    def get_readonly_fields(self, request: HttpRequest, obj: Testimonial | None = None) -> list[str]:
        """What somebody offered is theirs: the team approves or withdraws it, and never rewrites it."""
        of_a_person = obj is not None and obj.enrolment_id is not None
        return ["state", "approved_by", *(["quote", "attribution"] if of_a_person else [])]

    @admin.display(description="On the public page", boolean=True)
    def is_on_show(self, testimonial: Testimonial) -> bool:
        return testimonial.is_on_show

    @admin.action(description="Approve and publish", permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Testimonial]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.APPROVE)

    @admin.action(description="Withdraw for good", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Testimonial]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.WITHDRAW)


@admin.register(TeamNote)
class TeamNoteAdmin(ActsOnPage, CohortScoped, admin.ModelAdmin):
    """Notes to the programme team: for those who may deal with them, and every reading leaves a line in the trail.

    A note without a name shows no day and no session, which would tell whose it is.
    """

    list_display = ["whose", "cohort", "origin", "asks_for_help", "is_settled"]
    list_filter = ["cohort", "origin", "asks_for_help", ("settled_at", HappenedFilter)]
    search_fields = ["enrolment__user__first_name", "enrolment__user__last_name"]
    fields = ["person", "cohort", "origin", "shared", "text", "asks_for_help", "settled_at", "settled_by"]
    readonly_fields = fields
    actions = ["settle"]

    def acts_of(self, row: TeamNote) -> list[str]:
        return [] if row.settled_at else ["settle"]

    def get_fields(self, request: HttpRequest, obj: TeamNote | None = None) -> list[str]:
        """What was not said, and what has not happened yet, has no line."""
        may_lack = {"shared", "settled_at", "settled_by"}
        return [name for name in self.fields if name not in may_lack or getattr(obj, name, None)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamNote]:
        """Those with something in them; who had nothing to tell has told the team nothing."""
        seen = cohorts_where(request.user, "surveys.change_teamnote")
        told = admin.ModelAdmin.get_queryset(self, request).exclude(text="", shared="")
        return told.filter(cohort__in=seen).select_related("cohort", "enrolment__user", "settled_by")

    def has_view_permission(self, request: HttpRequest, obj: TeamNote | None = None) -> bool:
        """Who may only read the admin does not read what was told to the team."""
        return self._may(request, "change", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TeamNote | None = None) -> bool:
        return False

    @admin.display(description="From")
    def whose(self, note: TeamNote) -> str:
        return str(note.enrolment.user) if note.enrolment else "Somebody, without their name"

    @admin.display(description="From")
    def person(self, note: TeamNote) -> SafeString | str:
        """With where to reach them, for who asks that."""
        return reach(note.enrolment) if note.enrolment else self.whose(note)

    @admin.display(description="Dealt with", boolean=True)
    def is_settled(self, note: TeamNote) -> bool:
        return note.settled_at is not None

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().change_view(request, object_id, *args, **kwargs)
        if response.status_code == HTTPStatus.OK and (note := self.get_object(request, object_id)):
            record(by=request.user, verb="note.read", about=note)
        return response

    @admin.action(description="Mark as dealt with", permissions=["change"])
    def settle(self, request: HttpRequest, queryset: QuerySet[TeamNote]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.SETTLE)


@admin.register(IntruderTest)
class IntruderTestAdmin(Audited, admin.ModelAdmin):
    """Each test is added once and stays; a later one takes its place."""

    list_display = ["done_on", "tried_by", "outcome", "recorded_by"]
    list_filter = ["outcome"]
    search_fields = ["tried_by", "tried"]
    fields = ["done_on", "tried_by", "tried", "outcome"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[IntruderTest]:
        return super().get_queryset(request).select_related("recorded_by")

    def has_change_permission(self, request: HttpRequest, obj: IntruderTest | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: IntruderTest | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: IntruderTest, form: Any, change: bool) -> None:
        obj.recorded_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Snapshot)
class SnapshotAdmin(CohortScoped, admin.ModelAdmin):
    """Figures as released. Nobody adds, changes or deletes them by hand.

    What was released of one organisation is for its coordinators: beside the team's own, finer figures it would tell
    more than either was weighed for.
    """

    list_display = ["cohort", "kind", "created_at"]
    list_filter = ["kind", ("cohort", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["cohort__name"]
    fieldsets = [
        (None, {"fields": ["cohort", "kind", "created_at", "page"]}),
        ("As they are kept", {"fields": ["digest", "released"]}),
    ]
    readonly_fields = ["cohort", "kind", "created_at", "page", "digest", "released"]

    @admin.display(description="To be read")
    def page(self, snapshot: Snapshot) -> SafeString:
        """Where the figures stand as tables and charts."""
        page = reverse("admin:cohort_impact", args=[snapshot.cohort_id])
        return format_html('<a href="{}">On the impact page of {}</a>', page, snapshot.cohort)

    @admin.display(description="Figures")
    def released(self, snapshot: Snapshot) -> str:
        shown = {name: value for name, value in snapshot.figures.items() if name != "organisations"}
        if snapshot.kind == Snapshot.Kind.REACH:
            shown = snapshot.figures
        return json.dumps(shown, sort_keys=True, ensure_ascii=False)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        """What several cohorts tell together is for those who work on all of them."""
        rows = super().get_queryset(request).select_related("cohort")
        return rows if works_everywhere(request.user) else rows.exclude(kind=Snapshot.Kind.TOGETHER)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Snapshot | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Snapshot | None = None) -> bool:
        return False
