"""The two ledgers, to be read; and what makes every other admin page write to the audit trail."""

from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from privacy import trail
from privacy.models import AuditEvent, ConsentEvent, ConsentWording
from privacy.services import record


class Audited:
    """For a ModelAdmin: each change made on its pages is a line of the audit trail, by field names, without values."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        record(by=request.user, verb=f"{obj._meta.model_name}.added", about=obj)
        return super().log_addition(request, obj, message)  # type: ignore[misc]  # ModelAdmin's

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        record(by=request.user, verb=f"{obj._meta.model_name}.changed", about=obj, fields=_changed(message))
        return super().log_change(request, obj, message)  # type: ignore[misc]  # ModelAdmin's

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> Any:
        for obj in queryset:
            record(by=request.user, verb=f"{obj._meta.model_name}.deleted", about=obj)
        return super().log_deletions(request, queryset)  # type: ignore[misc]  # ModelAdmin's


def _changed(message: Any) -> list[str]:
    parts = message if isinstance(message, list) else []
    return sorted({field for part in parts for act in part.values() for field in act.get("fields", [])})


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that nobody makes, changes or removes by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VerbFilter(admin.SimpleListFilter):
    """By what was done, in words; only what was done at some time."""

    title = "what was done"
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        verbs = AuditEvent.objects.for_staff(request.user).order_by("verb").values_list("verb", flat=True).distinct()
        return sorted(((verb, trail.said_of(verb)) for verb in verbs), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(verb=self.value()) if self.value() else queryset


class AboutFilter(admin.SimpleListFilter):
    """By the sort of thing, in its own words and without the name of its app."""

    title = "about what"
    parameter_name = "content_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = AuditEvent.objects.for_staff(request.user).order_by().values("content_type").distinct()
        rows = ContentType.objects.filter(pk__in=kinds)
        return sorted(((str(row.pk), capfirst(row.name)) for row in rows), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value() or ""
        return queryset.filter(content_type=chosen) if chosen.isdecimal() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "what", "actor", "kind"]
    list_filter = [VerbFilter, AboutFilter]
    empty_value_display = "By itself"
    list_select_related = ["actor", "content_type"]
    search_fields = ["actor__sort_name", "actor__email", "verb", "object_id"]
    search_help_text = "By the name or address of who did it, or what was done."
    date_hierarchy = "at"
    fields = ["at", "actor", "what", "kind", "which", "details", "verb"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_staff(request.user)

    @admin.display(description="What was done", ordering="verb")
    def what(self, event: AuditEvent) -> str:
        return trail.said(event)

    @admin.display(description="About")
    def kind(self, event: AuditEvent) -> str:
        return capfirst(event.content_type.name)

    @admin.display(description="Which one")
    def which(self, event: AuditEvent) -> str:
        """Its key, which outlasts it; its name may say more than whoever reads the trail may know."""
        return str(event.object_id)

    @admin.display(description="Details", empty_value="None")
    def details(self, event: AuditEvent) -> SafeString | None:
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in trail.details(event))) or None


@admin.register(ConsentEvent)
class ConsentEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "purpose", "given"]
    list_filter = ["given", "wording__purpose"]
    list_select_related = ["user", "wording"]
    search_fields = ["user__sort_name", "user__email"]
    search_help_text = "By name or e-mail address."
    date_hierarchy = "at"
    fields = ["at", "user", "wording", "wording_digest", "given", "how"]

    @admin.display(description="Purpose", ordering="wording__purpose")
    def purpose(self, event: ConsentEvent) -> str:
        return event.wording.get_purpose_display()


@admin.register(ConsentWording)
class ConsentWordingAdmin(Audited, ReadOnlyAdmin):
    """A new version is added; a wording that was put to people is never changed."""

    list_display = ["purpose", "version", "created_at"]
    list_filter = ["purpose"]
    search_fields = ["text"]
    fields = ["purpose", "version", "text"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("privacy.add_consentwording")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        purpose = request.GET.get("purpose", "")
        newest = ConsentWording.objects.filter(purpose=purpose).order_by("-version").first()
        return {
            "purpose": purpose,
            "version": newest.version + 1 if newest else 1,
            "text": newest.text if newest else "",
        }
