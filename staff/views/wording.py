"""The words of every kind of message: which the team has changed, and a page that changes them."""

from dataclasses import dataclass
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods, require_safe

from outbox import kinds, rendering, wording, wording_check
from outbox.models import Message, Wording
from privacy import typed
from staff import pages
from ui.dates import uk_date
from ui.forms import Form

MAY_SEE, MAY_CHANGE = "outbox.view_wording", "outbox.change_wording"
LIST = ("Message wording", "admin:wordings")
SHOWN = {"": "All", "changed": "Changed by the team", "shipped": "As shipped", "broken": "Broken"}

# For a page that shows a mail in a frame: the mail's own style sheet is let through, and no other.
styled = csp_update({"style-src": [SELF, *rendering.style_hashes()]})
shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "wording/", overview, "wordings"),
        pages.page(site, "wording/<str:key>/", change, "wording"),
        pages.page(site, "wording/<str:key>/shipped/", ship, "wording_shipped"),
    ]


# --- the list -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One kind in the list; `wording` is its newest version, if there is any."""

    kind: kinds.MessageKind
    wording: Wording | None

    @property
    def state(self) -> str:
        if self.wording is None or self.wording.is_shipped:
            return "shipped"
        return "broken" if self.wording.fault else "changed"

    def is_found(self, words: str, state: str) -> bool:
        said = f"{self.kind.title} {self.kind.audience} {self.kind.key}".casefold()
        return words.casefold() in said and state in ("", self.state)


class FindForm(Form):
    mark_optional = False
    q = forms.CharField(label="Words of its title or audience", required=False)
    state = forms.ChoiceField(label="Which", choices=list(SHOWN.items()), required=False)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    pages.allow(request, MAY_SEE)
    form, newest = FindForm(request.GET), wording.newest()
    sought = form.cleaned_data if form.is_valid() else {"q": "", "state": ""}
    lines = [Line(kind, newest.get(kind.key)) for kind in kinds.every()]
    return pages.render(
        request,
        "staff/wording/list.html",
        "Message wording",
        lead="What each kind of message says. Nobody needs to change any of it.",
        crumbs=_crumbs(),
        form=form,
        lines=[line for line in lines if line.is_found(sought["q"].strip(), sought["state"])],
        total=len(lines),
        may_change=request.user.has_perm(MAY_CHANGE),
    )


def _crumbs(*kind: kinds.MessageKind) -> list[tuple[str, str]]:
    below = [(LIST[0], reverse(LIST[1]))] if kind else []
    return [("Messages", reverse("admin:outbox_message_changelist")), *below]


# --- one kind -------------------------------------------------------------------------------------
class WordingForm(Form):
    """Subject and text of one kind, refused with the reason while they can't be sent."""

    mark_optional = False
    started_from = forms.IntegerField(widget=forms.HiddenInput)
    subject = forms.CharField(max_length=200, strip=True, required=False)
    body = forms.CharField(
        label="Text",
        required=False,
        widget=forms.Textarea(attrs={"rows": 18, "class": "text-source", "spellcheck": "true"}),
        help_text="In Markdown: a blank line begins a paragraph, **bold**, - for a list, ## for a heading, "
        "[words](address) for a link. The plain text is made from it, and the HTML too, unless you write your own.",
    )
    html = forms.CharField(
        label="HTML of its own",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "text-source", "spellcheck": "false"}),
        help_text="Leave it empty and the HTML is made from the text. Otherwise it must say what the text says, and "
        "stands between the heading and the foot: paragraphs, lists, links and layout tables, without styles; "
        '<a class="button" href="…"> makes a button.',
    )
    on = forms.ChoiceField(label="Show the preview with", required=False)

    def __init__(self, *args: Any, kind: kinds.MessageKind, may_see: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.messages = {str(message.pk): message for message in (wording.recent(kind) if may_see else [])}
        self.fields["on"].choices = [
            ("", "Invented values"),
            *(
                (pk, f"The message to {m.name or m.address}, {uk_date(m.created_at)}")
                for pk, m in self.messages.items()
            ),
        ]

    def clean_body(self) -> str:
        return self.cleaned_data["body"].replace("\r\n", "\n").strip()

    def clean_html(self) -> str:
        return self.cleaned_data["html"].replace("\r\n", "\n").strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"subject", "body", "html"} <= set(data):
            for part, found in wording_check.check(self.kind, data["subject"], data["body"], data["html"]).of.items():
                for fault in found:
                    self.add_error(part, fault)
        return data

    @property
    def chosen(self) -> Message | None:
        """The real message that the preview is made with."""
        return self.messages.get(self["on"].value() or "")


def _kind(key: str) -> kinds.MessageKind:
    if not kinds.known(key):
        raise Http404
    return kinds.get(key)


@styled
@shows_and_takes
def change(request: HttpRequest, key: str) -> HttpResponse:
    """The words of one kind, with a preview. A version of before is taken up with `?version=`, and not yet saved."""
    pages.allow(request, MAY_CHANGE)
    kind = _kind(key)
    versions = list(Wording.objects.filter(kind=key).select_related("written_by"))
    may_see = request.user.has_perm("outbox.view_message")
    form = typed.put_back(
        request,
        WordingForm(request.POST or None, kind=kind, may_see=may_see, initial=_initial(request, kind, versions)),
    )
    if request.headers.get("Accept") == "application/json":
        return _preview_json(form)
    if "save" in request.POST and form.is_valid() and _saved(request, kind, form):
        return redirect("admin:wordings")
    return _page(request, kind, form, versions)


def _initial(request: HttpRequest, kind: kinds.MessageKind, versions: list[Wording]) -> dict[str, Any]:
    newest = versions[0] if versions else None
    taken = next((one for one in versions if str(one.number) == request.GET.get("version")), newest)
    subject, body, html = wording.source_of(kind, taken)
    recent = wording.recent(kind) if request.user.has_perm("outbox.view_message") else []
    return {
        "subject": subject,
        "body": body,
        "html": html,
        "started_from": newest.number if newest else 0,
        "on": str(recent[0].pk) if recent else "",
    }


def _saved(request: HttpRequest, kind: kinds.MessageKind, form: WordingForm) -> bool:
    data = form.cleaned_data
    try:
        wording.change(
            kind=kind, started_from=data["started_from"], by=request.user,
            **{part: data[part] for part in ("subject", "body", "html")},
        )  # fmt: skip
    except wording.StaleWordingError:
        form.add_error(
            None,
            "Somebody else has saved other words since you began. Open the page anew to see them; yours are below.",
        )
        return False
    messages.success(request, f"“{kind.title}” is sent in these words from now on.")
    return True


def _preview(form: WordingForm) -> wording.Preview | None:
    """The words as they stand in the form; None while they can't be sent."""
    if form.is_bound and not form.is_valid():
        return None
    subject, body, html = (
        str(form[part].value() or "").replace("\r\n", "\n").strip() for part in ("subject", "body", "html")
    )
    if not form.is_bound and wording_check.check(form.kind, subject, body, html):
        return None
    return wording.preview(form.kind, subject, body, form.chosen, html)


def _preview_json(form: WordingForm) -> JsonResponse:
    shown = _preview(form)
    if shown is None:
        return JsonResponse({"faults": [fault for found in form.errors.values() for fault in found]})
    mail = shown.mail
    return JsonResponse(
        {
            "faults": [],
            "subject": mail.subject,
            "text": mail.text,
            "html": mail.html,
            "on": shown.on,
            "note": shown.note,
        }
    )


def _page(request: HttpRequest, kind: kinds.MessageKind, form: WordingForm, versions: list[Wording]) -> HttpResponse:
    newest = versions[0] if versions else None
    return pages.render(
        request,
        "staff/wording/change.html",
        kind.title,
        eyebrow="Message wording",
        lead=f"Goes to: {kind.audience[:1].lower()}{kind.audience[1:]}.",
        crumbs=_crumbs(kind),
        kind=kind,
        form=form,
        preview=_preview(form),
        versions=versions,
        newest=newest,
        is_changed=newest is not None and not newest.is_shipped,
        taken_up=request.GET.get("version", "") if request.method != "POST" else "",
    )


@shows_and_takes
def ship(request: HttpRequest, key: str) -> HttpResponse:
    """Asks, then sends the kind in the shipped words again."""
    pages.allow(request, MAY_CHANGE)
    kind = _kind(key)
    newest = wording.newest().get(key)
    if newest is None or newest.is_shipped:
        return redirect("admin:wording", key)
    if request.method == "POST":
        try:
            wording.ship(kind=kind, started_from=newest.number, by=request.user)
            messages.success(request, f"“{kind.title}” is sent in the shipped words again.")
        except wording.StaleWordingError:
            messages.warning(request, "Somebody else has changed it in the meantime, so nothing was done.")
        return redirect("admin:wordings")
    title = f"Back to the shipped wording of “{kind.title}”?"
    subject, body, _ = wording.source_of(kind, None)
    return pages.render(
        request, "staff/wording/shipped.html", title, crumbs=_crumbs(kind), kind=kind, subject=subject, body=body
    )
