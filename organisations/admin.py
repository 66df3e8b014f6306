"""The queue of interests, organisations, their part in cohorts, and demand."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Field, ForeignKey, Q, QuerySet, Window
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts import clock
from cohorts.admin import CohortScoped
from cohorts.models import Cohort, Role
from organisations import bulk, services
from organisations.matching import possible_duplicates
from organisations.models import Coordinator, Demand, Interest, Organisation, Participation
from organisations.selectors import answering_staff, fee_history
from organisations.staff_forms import OwnerField
from privacy.admin import Audited
from ui.admin_fields import choice_alone
from ui.bulk import ask
from ui.dates import uk_date
from ui.filters import HappenedFilter


class ReadOnlyInline(admin.TabularInline):
    """Rows of another page, whose first column leads there."""

    extra = 0
    can_delete = False
    rows_speak_for_themselves = True
    view_on_site = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class InterestInline(ReadOnlyInline):
    model = Interest
    fields = ["what", "cohort", "created_at", "organisation_as_written", "state"]
    readonly_fields = fields

    @admin.display(description="Kind")
    def what(self, interest: Interest) -> SafeString:
        return format_html('<a href="{}">{}</a>', interest.get_absolute_url(), interest.get_kind_display())


class ParticipationInline(ReadOnlyInline):
    model = Participation
    fields = ["part", "created_at", "withdrawn_at", "fee_mark"]
    readonly_fields = fields

    @admin.display(description="Cohort")
    def part(self, participation: Participation) -> SafeString:
        return format_html('<a href="{}">{}</a>', participation.get_absolute_url(), participation.cohort)

    @admin.display(description="Fee")
    def fee_mark(self, participation: Participation) -> str:
        return participation.fee_words


class CoordinatorInline(ReadOnlyInline):
    """One is invited from a participation, and ends on a page of its own that says what follows."""

    model = Coordinator
    fields = ["user", "created_at", "ended_at"]
    readonly_fields = [*fields, "end"]

    def get_fields(self, request: HttpRequest, obj: Organisation | None = None) -> list[str]:
        may = request.user.has_perm("organisations.change_coordinator")
        return [*self.fields, "end"] if may else self.fields

    @admin.display(description="Change")
    def end(self, coordinator: Coordinator) -> SafeString | str:
        if coordinator.ended_at:
            return "–"
        page = reverse("admin:end_coordinator", args=[coordinator.pk])
        whose = f" {coordinator.user} as a coordinator"
        return format_html('<a href="{}">End<span class="visually-hidden">{}</span></a>', page, whose)


EXPECTED = ["expected_mentees", "expected_mentors"]


@admin.register(Interest)
class InterestAdmin(Audited, admin.ModelAdmin):
    """What organisations sent, the newest first. Its words are theirs and stay; who answers is ours to change."""

    change_form_template = "staff/interests/interest_change_form.html"
    view_on_site = False
    list_display = ["organisation", "status", "age", "assigned_to", "goes_to", "what", "cohort"]
    list_filter = [
        "state", "kind", "routing",
        ("assigned_to", admin.RelatedOnlyFieldListFilter), ("cohort", admin.RelatedOnlyFieldListFilter),
    ]  # fmt: skip
    list_select_related = ["organisation", "cohort", "assigned_to"]
    search_fields = ["organisation__name", "organisation_as_written", "contact_name", "contact_email"]
    search_help_text = "By organisation, or by the name or address of the contact."
    actions = ["take", "assign", "mark_answered", "close", "separate"]
    fieldsets = [
        (None, {"fields": ["organisation", "duplicates", "kind", "cohort", "message", "created_at"]}),
        ("Who answers", {"fields": ["routing", "assigned_to", "state", "answered_at"]}),
        ("The contact", {"fields": ["contact_name", "contact_address", "contact_role"]}),
        ("What they said", {"fields": ["organisation_as_written", "is_member", "has_package", *EXPECTED]}),
    ]
    readonly_fields = [
        "organisation", "duplicates", "kind", "cohort", "message", "created_at", "routing", "state", "answered_at",
        "contact_name", "contact_address", "contact_role", "organisation_as_written", "is_member", "has_package",
        *EXPECTED,
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interest]:
        return super().get_queryset(request).filter(pk__in=Interest.objects.for_staff(request.user).values("pk"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # by telephone, too, the public form is the way in

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "assigned_to":
            queue = "In the team’s queue"
            kwargs |= {"queryset": answering_staff(), "empty_label": queue, "form_class": OwnerField, "help_text": ""}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        return choice_alone(super().formfield_for_dbfield(db_field, request, **kwargs))

    def save_model(self, request: HttpRequest, obj: Interest, form: ModelForm, change: bool) -> None:
        services.assign_interest(interest=obj, to=obj.assigned_to, by=request.user)

    @admin.display(description="State", ordering="state")
    def status(self, interest: Interest) -> str:
        return interest.state.capitalize()

    @admin.display(description="What", ordering="kind")
    def what(self, interest: Interest) -> str:
        return interest.kind.capitalize()

    @admin.display(description="For", ordering="routing")
    def goes_to(self, interest: Interest) -> str:
        """“Advisory team”: the list has no room for the reason in brackets."""
        return interest.get_routing_display().partition(" (")[0]

    @admin.display(description="Possible duplicates")
    def duplicates(self, interest: Interest) -> str:
        names = [other.name for other in possible_duplicates(interest.organisation)]
        return f"{', '.join(names)}. Compare them on the organisation’s page." if names else "None found"

    @admin.display(description="Age", ordering="-created_at")
    def age(self, interest: Interest) -> str:
        days = (clock.today() - clock.local(interest.created_at).date()).days
        return {0: "today", 1: "1 day"}.get(days, f"{days} days")

    @admin.display(description="E-mail")
    def contact_address(self, interest: Interest) -> SafeString:
        if not interest.contact_email:
            return format_html("Erased, {} after the last contact", "12 months")
        return format_html('<a href="mailto:{0}">{0}</a>', interest.contact_email)

    @admin.action(description="Assign to me", permissions=["change"])
    def take(self, request: HttpRequest, queryset: QuerySet[Interest]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.TAKE)

    @admin.action(description="Change the owner", permissions=["change"])
    def assign(self, request: HttpRequest, queryset: QuerySet[Interest]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.ASSIGN)

    @admin.action(description="Mark as answered", permissions=["change"])
    def mark_answered(self, request: HttpRequest, queryset: QuerySet[Interest]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.ANSWERED)

    @admin.action(description="Close without taking part", permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Interest]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.CLOSE)

    @admin.action(description="Separate: this is another organisation", permissions=["separate"])
    def separate(self, request: HttpRequest, queryset: QuerySet[Interest]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.SEPARATE)

    def has_separate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("organisations.merge_organisations")


class InterestedIn(admin.SimpleListFilter):
    """Organisations that sent something for one of the cohorts that this member of staff works on."""

    title = "interest in"
    parameter_name = "interested_in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(cohort.pk), cohort.name) for cohort in Cohort.objects.for_staff(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {key for key, _ in self.lookup_choices}:
            return queryset
        return queryset.filter(pk__in=Interest.objects.filter(cohort=self.value()).values("organisation"))


class OrganisationAdmin(Audited, admin.ModelAdmin):
    """Registered by `staff`, which adds the contact log and the tasks."""

    change_form_template = "staff/interests/organisation_change_form.html"
    view_on_site = False
    list_display = ["name", "sector", "size", "member", "package", "adviser", "demand_count"]
    list_filter = [
        InterestedIn, "is_member", "has_package", ("adviser", admin.RelatedOnlyFieldListFilter), "in_baseline",
        "sector", "size",
    ]  # fmt: skip
    list_select_related = ["adviser"]
    search_fields = [
        "name", "name_key", "domain", "places_of_work", "coordinators__user__sort_name", "coordinators__user__email",
    ]  # fmt: skip
    search_help_text = "By name, e-mail domain or place, or by the name or address of who coordinates it."
    inlines = [InterestInline, ParticipationInline, CoordinatorInline]
    actions = ["change_adviser"]
    readonly_fields = ["duplicates"]
    fieldsets = [
        (None, {"fields": ["name", "duplicates", "domain", "sector", "size", "places_of_work"]}),
        ("With the charity", {"fields": ["is_member", "has_package", "adviser", "in_baseline"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        mine = Organisation.objects.for_staff(request.user).values("pk")
        return super().get_queryset(request).filter(pk__in=mine).annotate(asked=Count("demand"))

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "adviser":
            kwargs |= {"queryset": answering_staff(), "form_class": OwnerField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        return choice_alone(super().formfield_for_dbfield(db_field, request, **kwargs))

    @admin.action(description="Change the adviser", permissions=["change"])
    def change_adviser(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.ADVISER)

    @admin.display(description="Member", ordering="is_member", boolean=True)
    def member(self, organisation: Organisation) -> bool:
        return organisation.is_member

    @admin.display(description="Package", ordering="has_package", boolean=True)
    def package(self, organisation: Organisation) -> bool:
        return organisation.has_package

    @admin.display(description="Asked", ordering="asked")
    def demand_count(self, organisation: Organisation) -> int:
        return organisation.asked

    @admin.display(description="Possible duplicates")
    def duplicates(self, organisation: Organisation) -> str:
        """Each with a link to the page on which the two are merged."""
        if organisation._state.adding:
            return "–"
        rows = [(_merge_page(organisation, other), other.name) for other in possible_duplicates(organisation)]
        return format_html_join(", ", '<a href="{}">{}</a>', rows) or "None found"


def _merge_page(keep: Organisation, duplicate: Organisation) -> str:
    return reverse("admin:merge_organisations", args=[keep.pk, duplicate.pk])


def _count_of(role: str, **where: Any) -> Count:
    return Count("places", filter=Q(places__role=role, **where), distinct=True)


# The reverse names of `participants`, which is above this app; the words of its states are stored, and stay.
COUNTS = (
    {f"agreed_{role}": _count_of(role) for role in Role.values}
    | {f"taken_{role}": _count_of(role, places__nomination__isnull=False) for role in Role.values}
    | {"accepted": Count("nominations", filter=Q(nominations__state="accepted"), distinct=True)}
)


@admin.register(Participation)
class ParticipationAdmin(CohortScoped, admin.ModelAdmin):
    """Changed by the pages that its links lead to, which know what follows from a change."""

    change_form_template = "staff/interests/participation_change_form.html"
    view_on_site = False
    list_display = ["organisation", "cohort", "places_summary", "accepted_count", "fee", "withdrawn_at"]
    list_filter = [("cohort", admin.RelatedOnlyFieldListFilter), "fee", ("withdrawn_at", HappenedFilter)]
    list_select_related = ["organisation", "cohort"]
    search_fields = [
        "organisation__name", "organisation__domain", "organisation__coordinators__user__sort_name",
        "organisation__coordinators__user__email",
    ]  # fmt: skip
    search_help_text = "By organisation, or by the name or address of who coordinates it."
    fields = [
        "organisation", "cohort", "places_summary", "accepted_count", "coordinators", "confirmed_by", "withdrawn_at",
        "fee_mark", "fee_note", "fee_marks",
    ]  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participation]:
        return super().get_queryset(request).annotate(**COUNTS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Participation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Participation | None = None) -> bool:
        return False

    @admin.display(description="Places held")
    def places_summary(self, participation: Participation) -> str:
        """“Mentor: 1 of 1, Mentee: 3 of 5”."""
        agreed = [(role, getattr(participation, f"agreed_{role}")) for role in Role]
        return ", ".join(f"{r.label}: {getattr(participation, f'taken_{r}')} of {n}" for r, n in agreed if n)

    @admin.display(description="Accepted", ordering="accepted")
    def accepted_count(self, participation: Participation) -> int:
        return participation.accepted

    @admin.display(description="Coordinators")
    def coordinators(self, participation: Participation) -> str:
        current = participation.organisation.coordinators.filter(ended_at=None).select_related("user")
        return ", ".join(f"{c.user} ({c.user.email})" for c in current) or "Nobody yet"

    @admin.display(description="Fee")
    def fee_mark(self, participation: Participation) -> str:
        return participation.fee_words

    @admin.display(description="How the fee was marked")
    def fee_marks(self, participation: Participation) -> SafeString | str:
        lines = fee_history(participation)
        return format_html_join(mark_safe("<br>"), "{}: {}, by {}", lines) or "Nobody has marked it yet"


@admin.register(Demand)
class DemandAdmin(admin.ModelAdmin):
    """Individuals who asked, counted by employer. Nobody is named."""

    list_display = ["employer", "people", "organisation", "may_tell_employer", "asked_on"]
    list_filter = ["may_tell_employer", ("organisation", admin.EmptyFieldListFilter)]
    list_select_related = ["organisation"]
    search_fields = ["employer", "employer_key"]
    fields = ["employer", "organisation", "may_tell_employer", "created_at"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Demand]:
        return Demand.objects.annotate(people=Window(Count("pk"), partition_by=F("employer_key")))

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return ["-people", "employer_key", "-created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Demand | None = None) -> bool:
        return False

    @admin.display(description="People of this employer")
    def people(self, demand: Demand) -> int:
        return demand.people

    @admin.display(description="Asked on", ordering="created_at")
    def asked_on(self, demand: Demand) -> str:
        return uk_date(demand.created_at)
