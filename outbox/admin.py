"""Every message as a row to be read: to whom, about what, how it went and why."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from outbox import (
    bulk,
    complaint_admin,  # noqa: F401 - registers the register of complaints
    kinds,
)
from outbox.models import Message, State, Suppression
from privacy.admin import ReadOnlyAdmin
from ui.admin_acts import ActsOnPage
from ui.bulk import ask
from ui.dates import uk_datetime
from ui.filters import HappenedFilter


class KindFilter(admin.SimpleListFilter):
    """By the kinds' titles, which say more than their keys."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.key, kind.title) for kind in kinds.every()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(ActsOnPage, ReadOnlyAdmin):
    """The text is not kept, so it is not shown; codes and links of sign-in mail were never here."""

    list_display = ["created_at", "title", "to", "state", "reason", "attempts"]
    list_filter = ["state", KindFilter]
    list_select_related = ["recipient"]
    search_fields = ["address", "name", "recipient__sort_name"]
    search_help_text = "By name or e-mail address."
    date_hierarchy = "created_at"
    actions = ["send_again"]
    view_on_site = False
    fieldsets = [
        (None, {"fields": ["title", "audience", "to", "address", "subject", "thing"]}),
        ("How it went", {"fields": ["state", "reason", "mending", "history", "others"]}),
        (
            "For whoever looks after the mail system",
            {"fields": ["attempts", "created_at", "next_attempt_at", "sent_at", "message_id", "occurrence"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_staff(request.user)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("staff.retry_message")

    def acts_of(self, row: Message) -> list[str]:
        return ["send_again"] if row.state == State.FAILED else []

    def may_act_on(self, request: HttpRequest, row: Message) -> bool:
        return self.has_retry_permission(request)

    def get_fieldsets(self, request: HttpRequest, obj: Message | None = None) -> list[Any]:
        """What can be done about it is said where it failed, and why it did not leave where it did not."""
        absent = set() if obj and obj.state == State.FAILED else {"mending"}
        absent |= set() if obj and obj.reason else {"reason"}
        return [
            (title, {"fields": [one for one in said["fields"] if one not in absent]}) for title, said in self.fieldsets
        ]

    @admin.display(description="What you can do")
    def mending(self, message: Message) -> SafeString | str:
        """Where an address is put right: a person's own page, or that of who was put forward and has no account."""
        if message.recipient_id:
            page, words = reverse("admin:person_address", args=[message.recipient_id]), "Change their address"
        elif hasattr(message.about, "get_absolute_url"):
            page, words = message.about.get_absolute_url(), "Put their address right"
        else:
            return "Send it again once what was wrong is mended."
        return format_html(
            '<a href="{}">{}</a>, if it is wrong. Else send it again once what was wrong is mended.', page, words
        )

    @admin.display(description="Kind", ordering="kind")
    def title(self, message: Message) -> str:
        known = {kind.key: kind.title for kind in kinds.every()}
        return known.get(message.kind, message.kind)

    @admin.display(description="Who gets this kind")
    def audience(self, message: Message) -> str:
        known = {kind.key: kind.audience for kind in kinds.every()}
        return known.get(message.kind, "This kind of message is not sent any more.")

    @admin.display(description="To", ordering="name")
    def to(self, message: Message) -> str:
        return message.name or message.address

    @admin.display(description="About")
    def thing(self, message: Message) -> SafeString | str:
        about = message.about
        if about is None:
            return "Removed since"
        if not hasattr(about, "get_absolute_url"):
            return str(about)
        return format_html('<a href="{}">{}</a>', about.get_absolute_url(), about)

    @admin.display(description="Step by step")
    def history(self, message: Message) -> SafeString:
        steps = [(uk_datetime(at), f"{words}: {why}" if why else words) for at, words, why in message.history()]
        return format_html('<ol class="steps-read">{}</ol>', format_html_join("", "<li>{} – {}</li>", steps))

    @admin.display(description="To the same person")
    def others(self, message: Message) -> SafeString | str:
        if message.recipient_id is None:
            return "They had no account then."
        url = reverse("admin:person_messages", args=[message.recipient_id])
        return format_html('<a href="{}">All messages, and why</a>', url)

    @admin.action(description="Send again what could not be delivered", permissions=["retry"])
    def send_again(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.SEND_AGAIN)


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    """Addresses to which nothing is sent; staff lift one when its owner has a working mailbox again."""

    list_display = ["address", "user", "why", "since", "lifted_at", "lifted_by"]
    fields = ["address", "user", "why", "since", "lifted_at", "lifted_by"]
    list_filter = [("lifted_at", HappenedFilter), "why"]
    list_select_related = ["user", "lifted_by"]
    search_fields = ["address", "user__sort_name"]
    search_help_text = "By name or e-mail address."
    actions = ["write_again"]
    view_on_site = False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("staff.retry_message")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With a heading that says what it is; Django's own names the table."""
        heading = {"title": "An address that mail did not reach"}
        return super().change_view(request, object_id, form_url, heading | (extra_context or {}))

    @admin.action(description="Write to these addresses again", permissions=["retry"])
    def write_again(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return ask(self, request, queryset, bulk.WRITE_AGAIN)
