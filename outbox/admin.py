"""Every message as a row to be read: to whom, about what, how it went and why."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from outbox import bounces, kinds, services
from outbox.models import Message, State, Suppression
from privacy.admin import ReadOnlyAdmin
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
class MessageAdmin(ReadOnlyAdmin):
    """The text is not kept, so it is not shown; codes and links of sign-in mail were never here."""

    list_display = ["created_at", "title", "to", "state", "reason", "attempts"]
    list_filter = ["state", KindFilter]
    list_select_related = ["recipient"]
    search_fields = ["address", "name", "recipient__sort_name"]
    search_help_text = "By name or e-mail address."
    date_hierarchy = "created_at"
    actions = ["send_again"]
    view_on_site = False
    fields = [
        "title", "audience", "to", "address", "subject", "thing", "occurrence", "state", "reason", "attempts",
        "created_at", "next_attempt_at", "sent_at", "message_id", "history", "others",
    ]  # fmt: skip

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("staff.retry_message")

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

    @admin.display(description="How it went")
    def history(self, message: Message) -> SafeString:
        steps = [(uk_datetime(at), f"{words}: {why}" if why else words) for at, words, why in message.history()]
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{} – {}</li>", steps))

    @admin.display(description="To the same person")
    def others(self, message: Message) -> SafeString | str:
        if message.recipient_id is None:
            return "They had no account then."
        url = reverse("admin:person_messages", args=[message.recipient_id])
        return format_html('<a href="{}">All messages, and why</a>', url)

    @admin.action(description="Send again what could not be delivered", permissions=["retry"])
    def send_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        failed = list(queryset.filter(state=State.FAILED))
        for message in failed:
            services.retry(message=message, by=request.user)
        if failed:
            self.message_user(request, f"Messages that are being sent again: {len(failed)}.", messages.SUCCESS)
        else:
            self.message_user(request, "None of those chosen had failed, so nothing was sent.", messages.WARNING)


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

    @admin.action(description="Write to these addresses again", permissions=["retry"])
    def write_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        rows = list(queryset.filter(lifted_at=None))
        for suppression in rows:
            bounces.lift(suppression=suppression, by=request.user)
        self.message_user(request, f"Addresses that are written to again: {len(rows)}.", messages.SUCCESS)
