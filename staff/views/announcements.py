"""Writing to some of a cohort's people: a draft, who gets it, a test to oneself, sending, and how it goes."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from circles.emails.announcements import ANNOUNCEMENT, TEST
from circles.models import Announcement
from circles.services import announcements as services
from cohorts.models import Cohort
from outbox import kinds, wording
from outbox.models import Message, State
from outbox.rendering import Markdown, Rendered
from outbox.wording_check import sample
from privacy import typed
from privacy.purposes import PurposeForm, note_many, question, unanswered
from staff import announcements, pages
from staff.announcement_forms import AnnouncementForm, FindForm
from staff.views.wording import styled

MAY_SEE, MAY_SEND = "circles.view_announcement", "circles.send_announcement"
PAGE = 25
UNDER_WAY = [State.WAITING.value, State.SENDING.value]

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "cohort/<uuid:pk>/announcements/", overview, "announcements"),
        pages.page(site, "cohort/<uuid:pk>/announcements/new/", new, "announcement_new"),
        pages.page(site, "announcement/<uuid:pk>/", one, "announcement"),
        pages.page(site, "announcement/<uuid:pk>/test/", test, "announcement_test"),
        pages.page(site, "announcement/<uuid:pk>/send/", send, "announcement_send"),
        pages.page(site, "announcement/<uuid:pk>/discard/", discard, "announcement_discard"),
        pages.page(site, "announcement/<uuid:pk>/progress/", progress, "announcement_progress"),
    ]


# --- the list -------------------------------------------------------------------------------------
@require_safe
def overview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, MAY_SEE, cohort)
    form = FindForm(request.GET)
    sought = form.cleaned_data if form.is_valid() else {"q": "", "state": ""}
    rows = cohort.announcements.select_related("organisation", "circle__cohort__format", "written_by")
    rows = rows.filter(Q(subject__icontains=sought["q"]) | Q(text__icontains=sought["q"]))
    page = Paginator(rows.filter(state=sought["state"]) if sought["state"] else rows, PAGE).get_page(
        request.GET.get("page")
    )
    roles = announcements.roles_of(cohort)
    return pages.render(
        request, "staff/announcements/list.html", "Write to people", eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort), cohort=cohort, form=form, page=page,
        rows=[(row, announcements.in_words(row, roles)) for row in page],
        may_send=request.user.has_perm(MAY_SEND, cohort),
    )  # fmt: skip


def _crumbs(cohort: Cohort) -> list[tuple[str, str]]:
    return [*pages.cohort_crumbs(cohort), ("Write to people", reverse("admin:announcements", args=[cohort.pk]))]


def _announcement(request: HttpRequest, pk: uuid.UUID, permission: str = MAY_SEND) -> Announcement:
    """One of a cohort that this member of staff works on; 404 for any other."""
    rows = Announcement.objects.filter(cohort__in=Cohort.objects.for_staff(request.user))
    rows = rows.select_related("cohort__format", "organisation", "circle__cohort__format", "written_by", "sent_by")
    found = get_object_or_404(rows, pk=pk)
    pages.allow(request, permission, found.cohort)
    return found


# --- writing --------------------------------------------------------------------------------------
@shows_and_takes
def new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, MAY_SEND, cohort)
    initial = {"roles": [role for role, _ in announcements.roles_of(cohort)[:-1]], "group": _asked_for(request)}
    form = typed.put_back(request, AnnouncementForm(request.POST or None, cohort=cohort, initial=initial))
    if form.is_bound and form.is_valid():
        return redirect(services.write(cohort=cohort, by=request.user, **form.values))
    return pages.render(
        request, "staff/announcements/new.html", "Write to people", eyebrow=str(cohort), crumbs=_crumbs(cohort),
        cohort=cohort, form=form,
    )  # fmt: skip


def _asked_for(request: HttpRequest) -> str:
    """The group with which a page that counts it leads here; everybody when it is none."""
    group = request.GET.get("group", "")
    return group if group in Announcement.Group.values else Announcement.Group.EVERYBODY


@styled
@shows_and_takes
def one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A draft with what it will look like and who gets it; what was sent, with how it goes."""
    found = _announcement(request, pk, MAY_SEE if request.method != "POST" else MAY_SEND)
    if found.state == Announcement.State.SENT:
        return _sent(request, found)
    form = typed.put_back(request, AnnouncementForm(request.POST or None, cohort=found.cohort, instance=found))
    if form.is_bound and form.is_valid():
        services.write(cohort=found.cohort, by=request.user, announcement=found, **form.values)
        messages.success(request, "The draft is saved. Below is what it looks like and who gets it.")
        return redirect(found)
    if form.is_bound:  # the form has put what was typed on the row; who gets it is a matter of what is saved
        found = _announcement(request, pk)
    return _page(request, "draft", found, form=form, may_send=request.user.has_perm(MAY_SEND, found.cohort))


def _page(request: HttpRequest, name: str, found: Announcement, title: str = "", **context: Any) -> HttpResponse:
    audience = announcements.audience(found) if found.state == Announcement.State.DRAFT else None
    return pages.render(
        request,
        f"staff/announcements/{name}.html",
        title or found.subject,
        eyebrow=f"{found.cohort} · {found.get_state_display().lower()}",
        crumbs=_crumbs(found.cohort),
        announcement=found,
        audience=audience,
        for_whom=announcements.in_words(found, announcements.roles_of(found.cohort)),
        counts_only=found.group == Announcement.Group.NO_ANSWER,
        mail=_mail(found),
        **context,
    )


def _mail(found: Announcement) -> Rendered:
    """What somebody called Nia would get."""
    kind = kinds.get(ANNOUNCEMENT)
    values = {"subject": found.subject, "text": Markdown(found.text), "cohort": found.cohort.name}
    return wording.render(kind, sample(kind, **values))


# --- acting ---------------------------------------------------------------------------------------
@require_POST
def test(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _announcement(request, pk)
    services.send_test(announcement=found, by=request.user)
    messages.success(request, f"A test is on its way to {request.user.email}. Nobody else gets it.")
    return redirect(found)


@styled
@shows_and_takes
def send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first, and says to how many; then sends to whoever it is for at that moment."""
    found = _announcement(request, pk)
    audience = announcements.audience(found)
    if found.state == Announcement.State.SENT or not audience.to:
        return redirect(found)
    purpose = question(request, len(audience.to), sent=request.method == "POST")
    if request.method == "POST" and not unanswered(purpose):
        try:
            count = _send(request, found, audience, purpose)
            messages.success(request, f"It is being sent to {count} {'person' if count == 1 else 'people'}.")
        except services.AlreadySentError:
            messages.warning(request, "It had been sent already, so nothing was sent again.")
        return redirect(found)
    return _page(request, "send", found, "Send it now?", form=purpose)


@transaction.atomic
def _send(
    request: HttpRequest, found: Announcement, audience: announcements.Audience, purpose: PurposeForm | None
) -> int:
    count = services.send(announcement=found, to=[one.user for one in audience.to], by=request.user)
    note_many(request, purpose, what="circles.announcement", rows=count, act="Send it")
    return count


@shows_and_takes
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _announcement(request, pk)
    if found.state == Announcement.State.SENT:
        return redirect(found)
    if request.method == "POST":
        services.discard(announcement=found, by=request.user)
        messages.success(request, "The draft is thrown away.")
        return redirect("admin:announcements", found.cohort_id)
    return _page(request, "discard", found, "Throw this draft away?")


# --- how it goes ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Progress:
    """How many messages of an announcement are in each state."""

    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.total - sum(self.counts.get(state, 0) for state in UNDER_WAY)

    @property
    def running(self) -> bool:
        return self.done < self.total

    @property
    def words(self) -> str:
        known = [f"{self.counts[state]} {label.lower()}" for state, label in State.choices if self.counts.get(state)]
        return ", ".join(known) or "Nobody was chosen"


def _messages(found: Announcement) -> Any:
    return Message.objects.about(found).filter(kind=ANNOUNCEMENT).exclude(occurrence__startswith=TEST)


def _progress(found: Announcement) -> Progress:
    rows = _messages(found).order_by().values_list("state").annotate(count=Count("pk"))
    return Progress(dict(rows))


def _sent(request: HttpRequest, found: Announcement) -> HttpResponse:
    page = Paginator(_messages(found).select_related("recipient").order_by("name"), PAGE).get_page(
        request.GET.get("page")
    )
    return _page(request, "sent", found, progress=_progress(found), page=page)


@require_safe
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same as data, for the page to look at while it goes."""
    found = _progress(_announcement(request, pk, MAY_SEE))
    return JsonResponse({"done": found.done, "total": found.total, "words": found.words, "running": found.running})
