"""Where staff edit what the public site and the resources say."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst

from content import bulk, fill_ins, shipped
from content.models import Baseline, Faq, PageText, Resource
from privacy.admin import Audited
from ui.bulk import Act, ask
from ui.text import render_markdown

MARKDOWN_HELP = "Markdown: a blank line makes a paragraph, “- ” a list, “## ” a heading, [words](address) a link."


def markdown_hint(form_field: Any) -> Any:
    """The field with a line that says how to write it."""
    form_field.help_text = MARKDOWN_HELP
    form_field.widget.attrs["rows"] = 16
    return form_field


@dataclass(frozen=True)
class Preview:
    """What a row would say: its heading, the line below it, and its text."""

    heading: str
    lead: str
    text: str


class MarkdownAdmin(Audited, admin.ModelAdmin):
    """Texts, each with a preview of what is written so far: a button shows it, and saves nothing."""

    change_form_template = "staff/content/text_change_form.html"
    markdown_fields: tuple[str, ...] = ("body",)
    # The fields of the heading, the line below it and the text; blank for none.
    previewed: tuple[str, str, str] = ("title", "", "body")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return _unsaved(form) if "_preview" in request.POST else form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form, row = context["adminform"].form, context.get("original")
        typed = {name: str(form[name].value() or "") for name in form.fields}
        said = [typed.get(name, getattr(row, name, "")) if name else "" for name in self.previewed]
        return super().render_change_form(request, context | {"preview": Preview(*said)}, *args, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        form_field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return markdown_hint(form_field) if db_field.name in self.markdown_fields else form_field


def _unsaved(form: type[forms.ModelForm]) -> type[forms.ModelForm]:
    """The same form, which keeps what was typed and is never saved: the page is shown again, with its errors if any."""

    class Unsaved(form):  # type: ignore[misc, valid-type]  # the class that the admin made
        def is_valid(self) -> bool:
            super().is_valid()
            return False

    return Unsaved


class ShippedAdmin(MarkdownAdmin):
    """Texts that came with the product: how each stands beside the shipped words, with the page that compares them."""

    @admin.display(description="Beside the shipped text")
    def beside_shipped(self, row: Any) -> SafeString | str:
        if row._state.adding:
            return shipped.State.OWN.value
        state = shipped.state_of(row)
        if state in (shipped.State.OWN, shipped.State.SAME):
            return state.value
        page = reverse("admin:shipped_text", args=[shipped.kind_of(row), row.pk])
        return format_html('{}. <a href="{}">Compare<span class="visually-hidden">: {}</span></a>', state, page, row)


class PageTextForm(forms.ModelForm):
    """Refuses a fill-in that stands for nothing, before a coordinator would copy it."""

    class Meta:
        model = PageText
        fields = ("title", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fill_ins.has_fill_ins(self.instance.key) and "body" in self.fields:
            self.fields["body"].help_text = fill_ins.HELP

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("title", "body"):
            wrong = fill_ins.unknown(data.get(name, "")) if fill_ins.has_fill_ins(self.instance.key) else []
            if wrong:
                words = ", ".join(f"[{word}]" for word in wrong)
                self.add_error(name, ValidationError(f"There is no fact called {words}. {fill_ins.HELP}"))
        return data


class PublishedAdmin(ShippedAdmin):
    """Rows that are published or not."""

    actions = ["publish", "take_down"]
    publishing: tuple[Act, Act]

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return ask(self, request, queryset, self.publishing[0])

    @admin.action(description="Take down", permissions=["change"])
    def take_down(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return ask(self, request, queryset, self.publishing[1])


@admin.register(PageText)
class PageTextAdmin(ShippedAdmin):
    form = PageTextForm
    list_display = ["title", "begins", "beside_shipped"]
    search_fields = ["title", "key", "body"]
    fields = ["key", "title", "body", "beside_shipped"]
    readonly_fields = ["key", "beside_shipped"]

    @admin.display(description="It begins")
    def begins(self, text: PageText) -> str:
        return Truncator(strip_tags(render_markdown(text.body))).words(12)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a key that no page asks for would never be seen

    def has_delete_permission(self, request: HttpRequest, obj: PageText | None = None) -> bool:
        return False


@admin.register(Faq)
class FaqAdmin(PublishedAdmin):
    publishing = bulk.QUESTIONS
    readonly_fields = ["beside_shipped"]
    list_display = ["question", "position", "published", "beside_shipped"]
    list_filter = ["published"]
    search_fields = ["question", "answer"]
    fields = ["question", "answer", "position", "published", "beside_shipped"]
    markdown_fields = ("answer",)
    previewed = ("question", "", "answer")


@admin.register(Resource)
class ResourceAdmin(PublishedAdmin):
    publishing = bulk.RESOURCES
    previewed = ("title", "summary", "body")
    readonly_fields = ["beside_shipped"]
    list_display = ["title", "of_format", "of_role", "position", "published", "beside_shipped"]
    list_filter = ["published", "format_key", "role"]
    search_fields = ["title", "summary", "body"]
    fields = ["title", "summary", "body", "format_key", "role", "position", "published", "beside_shipped"]

    @admin.display(description="Format", ordering="format_key")
    def of_format(self, resource: Resource) -> str:
        return capfirst(resource.format_key) or "Every format"

    @admin.display(description="Role", ordering="role")
    def of_role(self, resource: Resource) -> str:
        return capfirst(resource.role) or "Every role"


@admin.register(Baseline)
class BaselineAdmin(Audited, admin.ModelAdmin):
    list_display = ["as_of", "organisations", "mentees", "mentors"]
    fields = ["organisations", "mentees", "mentors", "as_of", "source"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Baseline | None = None) -> bool:
        return False
