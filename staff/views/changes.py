"""After publication: somebody leaves or joins, a circle gets a mentor, two become one. Each is a plan, then one act."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from circles.models import Circle
from circles.selectors.leavers import just_left
from circles.selectors.movers import just_moved
from circles.selectors.standing import CircleNow, Standing
from circles.services import changes
from circles.services.changes import ChangeError, Consequences, Option, Plan, StalePlanError
from cohorts.models import Cohort
from participants.models import Enrolment, EnrolmentState, LeaveRequest
from privacy import typed
from staff import pages
from ui.forms import Form

MAY_CHANGE = "circles.form_circles"
LEAVABLE = [EnrolmentState.STARTED, EnrolmentState.ENROLLED]
STAYS, LEAVES = "stays", "leaves"

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "cohort/<uuid:pk>/changes/", overview, "cohort_changes"),
        pages.page(site, "enrolment/<uuid:pk>/seat/", seat, "enrolment_seat"),
        pages.page(site, "enrolment/<uuid:pk>/move/", move, "enrolment_move"),
        pages.page(site, "enrolment/<uuid:pk>/withdraw/", leave, "enrolment_withdraw"),
        pages.page(site, "circle/<uuid:pk>/mentor/", mentor, "circle_mentor"),
        pages.page(site, "circle/<uuid:pk>/merge/", merge, "circle_merge"),
        pages.page(site, "circle/<uuid:pk>/merge/<uuid:other>/", merge_with, "circle_merge_with"),
    ]


class PlanForm(Form):
    """Which of a plan's ways is taken; the plan that it was chosen from is named by its fingerprint."""

    mark_optional = False
    fingerprint = forms.CharField(widget=forms.HiddenInput, required=False)
    option = forms.CharField(error_messages={"required": "Choose one of the ways to do it."})


class LeaveForm(PlanForm):
    note = forms.CharField(
        label="Note for the team (optional)",
        required=False,
        max_length=300,
        help_text="Only what the team needs. Leave out health and family matters.",
    )


class SpareForm(PlanForm):
    """Where somebody leads no more."""

    spare_lead = forms.ChoiceField(
        label="What about the mentor who leads no more?",
        choices=[(STAYS, "They stay in reserve, and may lead another circle"), (LEAVES, "They leave the cohort too")],
        widget=forms.RadioSelect,
        initial=STAYS,
        required=False,
    )


@dataclass(frozen=True)
class Act:
    """One change: its page, and how its plan is made. `moves` is who goes from one circle to another by it."""

    cohort: Cohort
    make: Callable[[Standing], Plan]
    title: str
    verb: str
    form: type[PlanForm] = PlanForm
    about: list[tuple[str, str]] = field(default_factory=list)
    merge_url: str = ""
    moves: Enrolment | None = None
    asked: LeaveRequest | None = None  # who leaves has told us so themselves


# --- a plan and its confirmation ------------------------------------------------------------------
def decide(request: HttpRequest, act: Act) -> HttpResponse:
    """Show the plan; on confirmation do it. A plan that is out of date is shown anew, and nothing is done."""
    form = typed.put_back(request, act.form(request.POST if request.method == "POST" else None))
    if form.is_bound and form.is_valid():
        try:
            return _done(request, act, form.cleaned_data)
        except StalePlanError as stale:
            messages.warning(request, str(stale))
            form = typed.put_back(request, act.form())
        except ChangeError as refusal:
            form.add_error("option", str(refusal))
    return _plan_page(request, act, form)


def _done(request: HttpRequest, act: Act, data: dict[str, Any]) -> HttpResponse:
    option = changes.confirm(
        cohort=act.cohort,
        make=act.make,
        option=data["option"],
        fingerprint=data["fingerprint"],
        by=request.user,
        note=data.get("note", ""),
        spare_lead_leaves=data.get("spare_lead") == LEAVES,
    )
    messages.success(request, f"Done: {option.title}. Everybody concerned is told by e-mail.")
    for one in option.change.withdraws:
        _can_be_undone(request, one, "withdrawn")
    if act.moves and any(move.is_seated for move in option.change.moves):
        _can_be_undone(request, act.moves, "moved")
    return redirect("admin:cohort_changes" if act.cohort.published_at else "admin:cohort_page", act.cohort.pk)


def _can_be_undone(request: HttpRequest, one: Enrolment, what: str) -> None:
    words = '{} is {}. For a day this can be taken back: <a href="{}">undo it</a>'
    messages.info(request, format_html(words, one.user, what, reverse("admin:enrolment_undo", args=[one.pk])))


def _plan_page(request: HttpRequest, act: Act, form: PlanForm) -> HttpResponse:
    try:
        plan = act.make(Standing(act.cohort))
        effects = [(option, *_follows(plan, option, request.user)) for option in plan.options]
    except ChangeError as refusal:
        return nothing(request, act.cohort, act.title, str(refusal))
    chosen = form["option"].value() or (plan.options[0].key if plan.options else "")
    ways = [(option, effect, as_well, option.key == chosen) for option, effect, as_well in effects]
    return pages.render(
        request,
        "staff/changes/plan.html",
        act.title,
        crumbs=_crumbs(act.cohort),
        act=act,
        plan=plan,
        ways=ways,
        form=form,
        extra=" ".join(name for name in form.fields if name not in PlanForm.base_fields),
    )


def _follows(plan: Plan, option: Option, by: User) -> tuple[Consequences, list[str]]:
    """What follows from an option, and what else where the mentor who leads no more leaves the cohort too."""
    follows = changes.consequences(plan.standing, option.change, by)
    if option.spare_lead is None:
        return follows, []
    leaving = changes.consequences(plan.standing, option.with_spare_lead_leaving().change, by)
    told = [f"{one.people}: told {one.words}." for one in leaving.told if one not in follows.told]
    return follows, [*told, *leaving.stays_open]


def _crumbs(cohort: Cohort) -> list[tuple[str, str]]:
    below = [("Changes", reverse("admin:cohort_changes", args=[cohort.pk]))] if cohort.published_at else []
    return [*pages.cohort_crumbs(cohort), *below]


def nothing(request: HttpRequest, cohort: Cohort, title: str, why: str) -> HttpResponse:
    """A page that says why there is no plan to be made."""
    return pages.render(request, "staff/changes/nothing.html", title, crumbs=_crumbs(cohort), cohort=cohort, why=why)


def _not_now(cohort: Cohort) -> str:
    """Why nobody changes this cohort's circles; blank when they may."""
    if cohort.closed_at:
        return "This cohort is closed. Its circles stay as they were."
    return "" if cohort.published_at else "Its circles are not published yet: everybody is seated when they are formed."


# --- one person -----------------------------------------------------------------------------------
def enrolment_of(request: HttpRequest, pk: uuid.UUID) -> Enrolment:
    """Somebody of a cohort that this member of staff works on; 404 for any other."""
    rows = Enrolment.objects.filter(cohort__in=Cohort.objects.for_staff(request.user))
    enrolment = get_object_or_404(rows.select_related("user", "organisation", "cohort__format"), pk=pk)
    pages.allow(request, MAY_CHANGE, enrolment.cohort)
    return enrolment


@shows_and_takes
def seat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A seat for somebody who enrolled late, waits or has left a circle; a circle for a mentor in reserve."""
    enrolment = enrolment_of(request, pk)
    title = f"A seat for {enrolment.user}"
    if why := _not_now(enrolment.cohort):
        return nothing(request, enrolment.cohort, title, why)
    act = Act(
        enrolment.cohort, lambda found: changes.plan_seat(found, enrolment), title, "Give this seat",
        about=_about(enrolment) + _elsewhere(enrolment),
    )  # fmt: skip
    return decide(request, act)


@shows_and_takes
def move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Another circle for somebody who sits in one."""
    enrolment = enrolment_of(request, pk)
    word = enrolment.cohort.format.group_word
    title = f"Another {word} for {enrolment.user}"
    if why := _not_now(enrolment.cohort):
        return nothing(request, enrolment.cohort, title, why)
    now = enrolment.memberships.current().select_related("circle__cohort__format").first()
    if now is None:
        return redirect("admin:enrolment_seat", enrolment.pk)
    about = [*_about(enrolment), (f"Everything about {now.circle}", now.circle.get_absolute_url())]
    if now.is_lead:
        about += [(f"Another mentor for {now.circle}", reverse("admin:circle_mentor", args=[now.circle_id]))]
    act = Act(
        enrolment.cohort,
        lambda found: changes.plan_move(found, enrolment),
        title,
        f"Move {enrolment.user}",
        about=about,
        moves=enrolment,
    )
    return decide(request, act)


@shows_and_takes
def leave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Somebody leaves: their seat may help another, or their circle needs somebody to lead it."""
    enrolment = enrolment_of(request, pk)
    title = f"Withdraw {enrolment.user}?"
    if enrolment.cohort.closed_at or enrolment.state not in LEAVABLE:
        return nothing(
            request, enrolment.cohort, title, "This person has left the cohort already, or has completed it."
        )
    now = enrolment.memberships.current().values_list("circle", flat=True).first()
    act = Act(
        enrolment.cohort,
        lambda found: changes.plan_withdrawal(found, enrolment),
        title,
        f"Withdraw {enrolment.user}",
        form=LeaveForm,
        about=_about(enrolment) + _hand_over(enrolment),
        merge_url=reverse("admin:circle_merge", args=[now]) if now else "",
        asked=enrolment.leave_requests.open().first(),
    )
    return decide(request, act)


def _about(enrolment: Enrolment) -> list[tuple[str, str]]:
    return [(f"Everything about {enrolment.user}", enrolment.get_absolute_url())]


def _elsewhere(enrolment: Enrolment) -> list[tuple[str, str]]:
    """For who sits somewhere, where they are moved."""
    if not enrolment.memberships.current().exists():
        return []
    words = f"Another {enrolment.cohort.format.group_word} for them"
    return [(words, reverse("admin:enrolment_move", args=[enrolment.pk]))]


def _hand_over(enrolment: Enrolment) -> list[tuple[str, str]]:
    """Where who leads a circle leaves, the note for whoever leads it next."""
    seat = enrolment.memberships.current().select_related("circle__cohort__format").first()
    return [_note(seat.circle)] if seat and seat.is_lead else []


def _note(circle: Circle) -> tuple[str, str]:
    words = "Read or change the hand-over note" if circle.hand_over else "Write a hand-over note"
    return f"{words} of {circle}", f"{circle.get_absolute_url()}#id_hand_over"


# --- one circle -----------------------------------------------------------------------------------
def circle_of(request: HttpRequest, pk: uuid.UUID) -> Circle:
    """A circle of a cohort that this member of staff works on; 404 for any other."""
    rows = Circle.objects.filter(cohort__in=Cohort.objects.for_staff(request.user))
    circle = get_object_or_404(rows.select_related("cohort__format"), pk=pk)
    pages.allow(request, MAY_CHANGE, circle.cohort)
    return circle


def _why_not(circle: Circle) -> str:
    return "This circle is closed." if circle.closed_at else _not_now(circle.cohort)


def _now(found: Standing, circle: Circle) -> CircleNow:
    """A circle in a standing. One that closed while the page was open makes the plan out of date."""
    if str(circle.pk) not in found.circles:
        raise StalePlanError(f"{circle} has been closed in the meantime. Nothing was done.")
    return found.circles[str(circle.pk)]


@shows_and_takes
def mentor(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Somebody to lead a circle: in the place of who leads it, or where its mentor has gone."""
    circle = circle_of(request, pk)
    lead = circle.memberships.current().filter(seat=0).select_related("enrolment__user").first()
    title = f"{'Another' if lead else 'A'} mentor for {circle}"
    if why := _why_not(circle):
        return nothing(request, circle.cohort, title, why)
    about = [(f"Everything about {circle}", circle.get_absolute_url()), _note(circle)]
    if lead:
        words = f"Split or close it because {lead.enrolment.user} leaves the cohort"
        about.append((words, reverse("admin:enrolment_withdraw", args=[lead.enrolment_id])))
    act = Act(
        circle.cohort,
        lambda found: changes.plan_new_lead(found, _now(found, circle)),
        title,
        "Do this",
        form=SpareForm if lead else PlanForm,
        about=about,
        merge_url=reverse("admin:circle_merge", args=[circle.pk]),
    )
    return decide(request, act)


@require_safe
def merge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The circles that one could be merged with, the best first."""
    circle = circle_of(request, pk)
    title = f"Merge {circle} with another"
    if why := _why_not(circle) or ("A pair is not merged with another." if circle.cohort.format.is_pair else ""):
        return nothing(request, circle.cohort, title, why)
    found = Standing(circle.cohort)
    return pages.render(
        request,
        "staff/changes/merge.html",
        title,
        crumbs=_crumbs(circle.cohort),
        circle=circle,
        now=found.circles[str(circle.pk)],
        least=found.least,
        partners=changes.partners(found, found.circles[str(circle.pk)]),
    )


@shows_and_takes
def merge_with(request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    circle, second = circle_of(request, pk), circle_of(request, other)
    if circle.cohort_id != second.cohort_id or circle == second or circle.cohort.format.is_pair:
        raise Http404
    title = f"Merge {circle} and {second}"
    if why := _why_not(circle) or _why_not(second):
        return nothing(request, circle.cohort, title, why)
    act = Act(
        circle.cohort,
        lambda found: changes.plan_merge(found, _now(found, circle), _now(found, second)),
        title,
        "Merge them",
        form=SpareForm,
        about=[(f"Everything about {one}", one.get_absolute_url()) for one in (circle, second)],
    )
    return decide(request, act)


# --- a cohort -------------------------------------------------------------------------------------
@require_safe
def overview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What asks for a change in a cohort's circles, each with the page that makes it."""
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, MAY_CHANGE, cohort)
    if why := _not_now(cohort):
        return nothing(request, cohort, "Changes", why)
    return pages.render(
        request,
        "staff/changes/overview.html",
        "Changes",
        eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        word=cohort.format.group_word,
        standing=Standing(cohort),
        just_left=list(just_left(cohort)),
        just_moved=list(just_moved(cohort)),
        closed=_closed(cohort),
    )


def _closed(cohort: Cohort) -> QuerySet[Circle]:
    rows = cohort.circles.filter(closed_at__isnull=False)
    return rows.select_related("cohort__format", "merged_into__cohort__format")
