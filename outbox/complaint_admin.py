"""The register of complaints about personal data. Every reading leaves a line in the trail."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts import clock
from accounts.models import User
from outbox import complaint_mail, complaints
from privacy.complaint_models import PERMISSION, Complaint
from privacy.services import record
from ui.admin_acts import ActsOnPage
from ui.bulk import Act, ask
from ui.dates import uk_date

TO_COME = {"user", "looked_into_at", "looked_into_by", "outcome", "answer", "answered_at", "answered_by"}


def _under_way(rows: list[Complaint], by: User) -> dict[Any, str]:
    return {row.pk: "Somebody looks into it already." for row in rows if row.state != Complaint.State.RECEIVED}


LOOK_INTO = Act(
    ask="Look into {rows}?", button="Yes, I look into it", done="You look into {rows}.",
    words=("complaint", "complaints"),
    do=lambda row, by: complaints.look_into(complaint=row, by=by),
    left_out=_under_way, may=lambda request, row: True,
    follows=lambda rows, by: [
        "Your name stands beside it in the register, and the trail says so.",
        "Nobody is written to. Write to the person yourself if you need to ask something.",
    ],
)  # fmt: skip


def written_meanwhile(theirs: str) -> str:
    return f"Somebody else has written since: “{theirs}” Put the two together below, then send it again."


class DoneForm(forms.ModelForm):
    """What was done, with the digest of what was read."""

    read = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["read"] = complaints.digest(self.instance.done)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "done" in said:
            try:
                complaints.hold(complaint=self.instance, done=said["done"], read=said.get("read", ""))
            except complaints.AnsweredAlreadyError:
                self.add_error("done", "It has been answered since, so what was done stays as it was then.")
            except complaints.WrittenMeanwhileError as other:
                self.add_error("done", written_meanwhile(other.theirs))
                self.data = self.data.copy()
                self.data["read"] = complaints.digest(other.theirs)
        return said


class OverdueFilter(admin.SimpleListFilter):
    """Those that had to be answered and are not."""

    title = "overdue"
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.overdue() if self.value() == "yes" else queryset


@admin.register(Complaint)
class ComplaintAdmin(ActsOnPage, admin.ModelAdmin):
    """For those who answer them; nobody else learns that there is one."""

    form = DoneForm
    change_form_template = "staff/complaints/change_form.html"
    list_display = ["title", "name", "stage", "received_on", "due_on", "looked_into_by", "outcome", "answered_on"]
    list_filter = ["state", OverdueFilter, "outcome"]
    list_select_related = ["looked_into_by", "answered_by", "user"]
    search_fields = ["name", "email", "user__email", "number_text"]
    search_help_text = "By number, or by the name or address of who complained."
    readonly_fields = [
        "name", "address", "user", "text", "wish", "stage", "received", "due_on", "looked_into_at",
        "looked_into_by", "outcome", "answer", "answered_at", "answered_by", "mail",
    ]  # fmt: skip
    fields = [*readonly_fields, "done", "read"]
    actions = ["look_into"]

    def acts_of(self, row: Complaint) -> list[str]:
        return ["look_into"] if row.state == Complaint.State.RECEIVED else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        found = Complaint.objects.for_staff(request.user)
        return found.annotate(number_text=Cast("number", CharField())).order_by("-number")

    def get_fields(self, request: HttpRequest, obj: Complaint | None = None) -> list[str]:
        """What has not happened yet has no line."""
        names = [name for name in self.fields if name not in TO_COME or getattr(obj, name, None)]
        return names if self._writes(request, obj) else [name for name in names if name != "read"]

    def get_readonly_fields(self, request: HttpRequest, obj: Complaint | None = None) -> list[str]:
        """What was answered stays as it was."""
        return self.readonly_fields if self._writes(request, obj) else [*self.readonly_fields, "done"]

    def _writes(self, request: HttpRequest, obj: Complaint | None) -> bool:
        """Who began before it was answered is told so by the form, and keeps what they typed."""
        return obj is None or obj.is_open or "done" in request.POST

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj: Complaint | None = None) -> bool:
        """Who may only read the admin does not read what somebody complained about."""
        return request.user.has_perm(PERMISSION)

    def has_change_permission(self, request: HttpRequest, obj: Complaint | None = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # by letter or telephone, too, the public form is the way in

    def has_delete_permission(self, request: HttpRequest, obj: Complaint | None = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().change_view(request, object_id, *args, **kwargs)
        if response.status_code == HTTPStatus.OK and (complaint := self.get_object(request, object_id)):
            record(by=request.user, verb="complaint.read", about=complaint)
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if row := context.get("original"):
            context["unreached"] = complaint_mail.why_unreached(row)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Complaint, form: Any, change: bool) -> None:
        if "done" in form.changed_data:
            done, read = form.cleaned_data["done"], form.cleaned_data["read"]
            complaints.write_done(complaint=obj, done=done, by=request.user, read=read)

    @admin.display(description="Complaint", ordering="number")
    def title(self, complaint: Complaint) -> str:
        return str(complaint.number)

    @admin.display(description="E-mail address")
    def address(self, complaint: Complaint) -> SafeString | str:
        return format_html('<a href="mailto:{0}">{0}</a>', complaint.reached_at) if complaint.email else "Erased"

    @admin.display(description="Mail to them")
    def mail(self, complaint: Complaint) -> SafeString | str:
        """Each with how it went; a reason names no address."""
        lines = [
            (one.get_absolute_url(), one, uk_date(one.created_at), f": {one.reason}" if one.reason else "")
            for one in complaint_mail.mails(complaint)
        ]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>, {}{}', lines) or "None"

    @admin.display(description="State", ordering="state")
    def stage(self, complaint: Complaint) -> str:
        late = ", overdue" if complaint.is_overdue else ""
        return f"{complaint.get_state_display()}{late}"

    @admin.display(description="Received", ordering="created_at")
    def received_on(self, complaint: Complaint) -> Any:
        return clock.local(complaint.created_at).date()

    @admin.display(description="Received")
    def received(self, complaint: Complaint) -> str:
        return uk_date(complaint.created_at)

    @admin.display(description="Answered", ordering="answered_at")
    def answered_on(self, complaint: Complaint) -> Any:
        return clock.local(complaint.answered_at).date() if complaint.answered_at else None

    @admin.action(description="Look into it", permissions=["change"])
    def look_into(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> HttpResponse | None:
        return ask(self, request, queryset, LOOK_INTO)
