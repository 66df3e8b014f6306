"""The team's handbook: all tasks, searched; one of them; everything on one page, to print; and rewording a page."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.models import Cohort
from content.comparing import compare, digest
from content.shipped import Part
from privacy import typed
from staff import handbook, handbook_editing, pages
from staff.handbook import Chapter
from staff.models import HandbookText
from ui.forms import Form

TITLE = "Handbook"
MAY_CHANGE = "staff.change_handbooktext"
WHOLE = "everything"  # instead of a task: all of them on one page


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "handbook/", index, "handbook"),
        pages.page(site, "handbook/<slug:slug>/", page, "handbook_page"),
        pages.page(site, "handbook/<slug:slug>/change/", change, "handbook_change"),
    ]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    pages.allow(request, "staff.dashboard")
    query = request.GET.get("q", "").strip()[:100]
    found = handbook.search(query)
    lead = "One short page for each task, with links to where it is done."
    return pages.render(
        request, "staff/handbook/index.html", TITLE, lead=lead, query=query, chapters=found, whole=WHOLE
    )


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    pages.allow(request, "staff.dashboard")
    crumbs = [(TITLE, reverse("admin:handbook"))]
    if slug == WHOLE:
        chapters = [(one, one.whole(request)) for one in handbook.chapters()]
        return pages.render(
            request, "staff/handbook/whole.html", "The whole handbook", crumbs=crumbs, chapters=chapters
        )
    chapter = handbook.chapter(slug)
    if chapter is None:
        raise Http404
    mine = Cohort.objects.for_staff(request.user).filter(closed_at=None).order_by("launch_from", "name")
    return pages.render(
        request,
        "staff/handbook/page.html",
        chapter.title,
        lead=chapter.summary,
        eyebrow=TITLE,
        crumbs=crumbs,
        chapter=chapter,
        may_change=request.user.has_perm(MAY_CHANGE),
        body=chapter.body(request),
        links=chapter.links(request),
        by_cohort=chapter.links_for(request, list(mine)) if chapter.by_cohort else [],
    )


# --- rewording ------------------------------------------------------------------------------------
class TextForm(Form):
    """A page's words, refused while a link of theirs leads nowhere."""

    mark_optional = False
    started_from = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(max_length=120, error_messages={"required": "Enter a title."})
    summary = forms.CharField(
        max_length=300, help_text="One line, below the title.", error_messages={"required": "Enter a summary."}
    )
    body = forms.CharField(
        label="Text",
        widget=forms.Textarea(attrs={"rows": 18, "class": "text-source", "spellcheck": "true"}),
        help_text="In Markdown. A link to a page of the team goes to admin:name, one within the handbook to "
        "handbook:name: copy them from the shipped text.",
        error_messages={"required": "Enter the text."},
    )

    def clean_body(self) -> str:
        text = self.cleaned_data["body"].replace("\r\n", "\n").strip()
        if unknown := handbook.unknown_links(text):
            raise forms.ValidationError(f"There is no page called {', '.join(unknown)}.")
        return text


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """The words of a page, with a preview. A version of before is taken up with `?version=`, and not yet saved."""
    pages.allow(request, MAY_CHANGE)
    came = handbook.shipped(slug)
    if came is None:
        raise Http404
    versions = handbook_editing.versions(slug)
    form = typed.put_back(request, TextForm(request.POST or None, initial=_initial(request, came, versions)))
    if "ship" in request.POST:
        return _ship(request, slug)
    if "save" in request.POST and form.is_valid() and _saved(request, slug, form):
        return redirect("admin:handbook_page", slug)
    return _change_page(request, came, form, versions)


def _initial(request: HttpRequest, came: Chapter, versions: list[HandbookText]) -> dict[str, Any]:
    """The version that is asked for, else the newest; the shipped words where there is none, or for `shipped`."""
    asked = request.GET.get("version", "")
    found = next((one for one in versions if str(one.number) == asked), versions[0] if versions else None)
    words = came.words
    if found is not None and not found.is_shipped and asked != "shipped":
        words = {"title": found.title, "summary": found.summary, "body": found.body}
    return {**words, "started_from": versions[0].number if versions else 0}


def _saved(request: HttpRequest, slug: str, form: TextForm) -> bool:
    try:
        handbook_editing.change(slug=slug, by=request.user, **form.cleaned_data)
    except handbook_editing.StaleTextError:
        words = "Somebody else has saved other words since you began. Open the page anew to see them; yours are below."
        form.add_error(None, words)
        return False
    messages.success(request, "This page says so from now on.")
    return True


def _ship(request: HttpRequest, slug: str) -> HttpResponse:
    given = request.POST.get("started_from", "")
    try:
        handbook_editing.ship(slug=slug, started_from=int(given) if given.isdecimal() else -1, by=request.user)
    except handbook_editing.StaleTextError:
        messages.warning(request, "Somebody else has changed it in the meantime, so nothing was done.")
        return redirect("admin:handbook_change", slug)
    messages.success(request, "This page says what was shipped again. Your words stay in its history.")
    return redirect("admin:handbook_page", slug)


def _parts(ours: HandbookText, came: Chapter) -> list[Part]:
    """Where the team's words and the shipped ones differ."""
    written = {"title": ours.title, "summary": ours.summary, "body": ours.body}
    labels = {"title": "Title", "summary": "Summary", "body": "Text"}
    parts = [Part(label, compare(written[name], came.words[name])) for name, label in labels.items()]
    return [part for part in parts if part.differs]


def _change_page(request: HttpRequest, came: Chapter, form: TextForm, versions: list[HandbookText]) -> HttpResponse:
    ours = versions[0] if versions and not versions[0].is_shipped else None
    shown = {name: str(form[name].value() or "") for name in ("title", "summary", "body")}
    written = replace(came, title=shown["title"], summary=shown["summary"], text=shown["body"])
    return pages.render(
        request, "staff/handbook/change.html", f"Reword “{came.title}”",
        crumbs=[(TITLE, reverse("admin:handbook")), (came.title, came.url)],
        chapter=came, form=form, preview=written, preview_body=written.body(request), versions=versions,
        is_ours=ours is not None, is_new=ours is not None and ours.based_on != digest(came.words),
        parts=_parts(ours, came) if ours else [],
        taken_up=request.GET.get("version", "") if request.method != "POST" else "",
    )  # fmt: skip
