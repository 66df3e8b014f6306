"""Tasks and absence covers in the admin, and what puts both the contact log and the tasks below an object's page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import ForeignKey, Model, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import clock
from accounts.models import User
from cohorts import covers
from cohorts.models import Cover
from organisations.selectors import answering_staff
from organisations.staff_forms import OwnerField
from privacy.admin import Audited
from staff.desk import reach, subjects
from staff.desk.filters import DueFilter, OwnerFilter, StateFilter
from staff.desk.page import desk_of
from staff.models import Task
from ui.admin_fields import choice_alone


class WithDesk:
    """For a ModelAdmin whose template includes `staff/desk/_desk.html`."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Model | None = None, **kwargs: Any
    ) -> HttpResponse:
        context["desk"] = desk_of(request, obj) if obj is not None else None
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)  # type: ignore[misc]  # ModelAdmin's


class OfTheTeam:
    """For a ModelAdmin: a choice of people is one of the team, without links that add or change one of them."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is User:
            kwargs |= {"queryset": answering_staff(), "form_class": OwnerField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # ModelAdmin's

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return choice_alone(super().formfield_for_dbfield(db_field, request, **kwargs))  # type: ignore[misc]


@admin.register(Task)
class TaskAdmin(OfTheTeam, Audited, admin.ModelAdmin):
    """One's own at first. A task is added on the page of what it is about, and ticked wherever it is listed."""

    change_form_template = "staff/desk/task_change_form.html"
    list_display = ["what", "tick", "due", "about", "cohort", "owned_by"]
    empty_value_display = "None"
    list_filter = [OwnerFilter, StateFilter, DueFilter, ("cohort", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organisation", "person", "cohort", "owner"]
    search_fields = ["what", "organisation__name", "person__sort_name", "owner__sort_name"]
    search_help_text = "By what is to be done, whom it is about, or who does it."
    fields = ["what", "owner", "due_on", "about", "cohort", "asked_by", "created_at", "done_at", "done_by"]
    readonly_fields = ["about", "cohort", "asked_by", "created_at", "done_at", "done_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        running = Cover.objects.running().select_related("covered_by")
        rows = super().get_queryset(request).filter(pk__in=Task.objects.for_staff(request.user).values("pk"))
        return rows.prefetch_related(Prefetch("owner__absences", running, to_attr="absent_now"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # on the page of what it is about

    def has_view_permission(self, request: HttpRequest, obj: Task | None = None) -> bool:
        """Who only reads the admin does not read what the team writes about people."""
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Task | None = None) -> bool:
        own = obj is not None and request.user.pk in {obj.owner_id, obj.asked_by_id}
        return request.user.has_perm(reach.TASKS, None if own else obj)

    def has_delete_permission(self, request: HttpRequest, obj: Task | None = None) -> bool:
        return request.user.has_perm("staff.delete_task", obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Task | None = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            subject = subjects.seen_by(request.user, obj.about)
            seen = subjects.answers_for(request.user, subject)
            context |= {"about_url": subject.url if seen else "", "about_words": subject.words}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description="About")
    def about(self, task: Task) -> str:
        return str(task.about)

    @admin.display(description="By", ordering="due_on")
    def due(self, task: Task) -> str:
        return task.when

    @admin.display(description="Who does it", ordering="owner__sort_name")
    def owned_by(self, task: Task) -> str:
        if task.owner is None:
            return "Nobody"
        away = task.owner.absent_now
        return covers.said(task.owner, away[0]) if away else str(task.owner)

    @admin.display(description="Done?")
    def tick(self, task: Task) -> SafeString:
        """A button of the list's own form, which carries the token."""
        done = task.done_at is not None
        button = (
            '<button type="submit" class="btn {} btn-sm text-nowrap" formaction="{}" name="done" value="{}">{}'
            '<span class="visually-hidden">: {}</span></button>'
        )
        page = reverse("admin:mark_task", args=[task.pk])
        looks, value, words = (
            ("btn-quiet", "no", "Not done after all") if done else ("btn-secondary", "yes", "Mark as done")
        )
        return format_html(button, looks, page, value, words, task.what)


class CoverForm(forms.ModelForm):
    """Says beside the field what does not go together with other covers."""

    class Meta:
        model = Cover
        fields = ["person", "covered_by", "first_day", "last_day"]

    def _post_clean(self) -> None:
        """After the form has put what was chosen on the row; the page's own transaction keeps what is locked here."""
        super()._post_clean()
        if not self.errors:
            try:
                covers.check(self.instance)
            except forms.ValidationError as error:
                self.add_error(None, error)


@admin.register(Cover)
class CoverAdmin(OfTheTeam, admin.ModelAdmin):
    """Who covers whom, from when to when. Every change goes through the verbs, which lock and record."""

    form = CoverForm
    list_display = ["person", "covered_by", "first_day", "last_day", "stage"]
    list_filter = [("person", admin.RelatedOnlyFieldListFilter), ("covered_by", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["person", "covered_by"]
    search_fields = ["person__sort_name", "covered_by__sort_name"]
    search_help_text = "By the name of who is away or who covers them."
    fieldsets = [
        (
            None,
            {
                "fields": ["person", "covered_by", "first_day", "last_day"],
                "description": "While it runs, whoever covers finds what the other one sees to under their own name on "
                "the first page, in their daily summary and among their tasks, as far as their own roles go. Why "
                "somebody is away is not kept.",
            },
        )
    ]

    def save_model(self, request: HttpRequest, obj: Cover, form: CoverForm, change: bool) -> None:
        covers.arrange(cover=obj, by=request.user)
        if beyond := ", ".join(map(str, covers.out_of_reach(obj))):
            words = f"{obj.covered_by} has no role in {beyond}, and will see nothing of {obj.person}’s there."
            self.message_user(request, words, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Cover) -> None:
        covers.call_off(cover=obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Cover]) -> None:
        for cover in queryset:
            covers.call_off(cover=cover, by=request.user)

    @admin.display(description="Now")
    def stage(self, cover: Cover) -> str:
        today = clock.today()
        if today < cover.first_day:
            return "To come"
        return "Over" if cover.last_day < today else "Runs"
