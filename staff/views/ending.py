"""Ending a coordinator's part: first what follows for them and for their organisation, then doing it."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from accounts.models import User
from organisations import services
from organisations.models import Coordinator, CoordinatorInvitation, Organisation, Participation
from organisations.services.coordinating import OPEN_FOR, is_answerable
from participants.selectors import Held, held_by, running
from staff import pages
from staff.attention.base import plural
from staff.views.interests import CONFIRM, posted, succeeds
from ui.dates import uk_date
from ui.forms import Form

MAY_END = "organisations.change_coordinator"


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "coordinator/<uuid:pk>/end/", end, "end_coordinator")]


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    seen = Coordinator.objects.filter(organisation__in=Organisation.objects.for_staff(request.user))
    coordinator = get_object_or_404(seen.select_related("organisation", "user"), pk=pk)
    pages.allow(request, MAY_END)
    who, organisation = coordinator.user, coordinator.organisation
    if coordinator.ended_at:
        messages.info(request, f"{who} does not coordinate {organisation} any more.")
        return redirect(organisation)
    form = Form(posted(request))
    if succeeds(form, lambda: services.end_coordinator(coordinator=coordinator, by=request.user)):
        messages.success(request, f"{who} no longer coordinates {organisation}. Nobody was told by e-mail.")
        return redirect(organisation)
    others = list(organisation.coordinators.filter(ended_at=None).exclude(pk=pk).select_related("user"))
    return pages.render(
        request,
        "staff/interests/end_coordinator.html",
        f"End {who} as a coordinator?",
        eyebrow=str(organisation),
        crumbs=[(str(organisation), organisation.get_absolute_url())],
        form=form,
        coordinator=coordinator,
        others=others,
        takes_part=Participation.objects.active().filter(organisation=organisation).exists(),
        may_add=_may_add(request.user, organisation),
        follows=_follows(coordinator, others, request.user),
        told=_told(coordinator, others),
    )


def _may_add(user: User, organisation: Organisation) -> list[Participation]:
    """In which cohorts this member of staff could name the next one."""
    parts = Participation.objects.active().for_staff(user).filter(organisation=organisation).select_related("cohort")
    return [part for part in parts if user.has_perm(CONFIRM, part)]


def _follows(coordinator: Coordinator, others: list[Coordinator], by: User) -> list[tuple[str, str]]:
    organisation = coordinator.organisation
    rows = [
        (
            "Their access",
            f"At once they can’t open the pages of {organisation}, nor are they written to about its people",
        ),
        ("What they keep", "; ".join(_keeps(coordinator)) or "Their account, with nothing else in it at the moment"),
        ("People and places", _stays(organisation, by)),
    ]
    if others:
        rows.append(("Who else acts", ", ".join(str(one.user) for one in others)))
    asked = organisation.coordinator_invitations.filter(state=CoordinatorInvitation.State.OPEN)
    rows += [_asked(one, coordinator) for one in asked.select_related("replaces__user") if is_answerable(one)]
    return rows


def _keeps(coordinator: Coordinator) -> list[str]:
    """What of theirs goes on, whatever becomes of this."""
    elsewhere = coordinator.user.coordinations.filter(ended_at=None).exclude(pk=coordinator.pk)
    lines = [f"They go on coordinating {one.organisation}" for one in elsewhere.select_related("organisation")]
    return lines + [f"Their own part in {one.cohort}" for one in running(coordinator.user)]


def _stays(organisation: Organisation, by: User) -> str:
    """With counts of the cohorts that this member of staff works on."""
    held = held_by(organisation)
    if not held:
        return "None in an open cohort"
    seen = set(Participation.objects.for_staff(by).filter(organisation=organisation).values_list("pk", flat=True))
    counts = [_held(one) for one in held if one.participation.pk in seen]
    return " ".join(["Whoever was put forward stays, and so does every agreed place.", "; ".join(counts)]).strip()


def _held(held: Held) -> str:
    """“Cohort 14: 5 people put forward, 2 of them on the reserve list”."""
    reserve = f", {held.reserve} of them on the reserve list" if held.reserve else ""
    return f"{held.participation.cohort}: {plural(held.people, 'person', 'people')} put forward{reserve}"


def _asked(asked: CoordinatorInvitation, coordinator: Coordinator) -> tuple[str, str]:
    until = f"They can still say yes until {uk_date(asked.created_at + OPEN_FOR)}, and would coordinate then"
    if asked.invited_by_id == coordinator.user_id:
        until += f". {coordinator.user}, who asked them, would still hear the answer by e-mail"
    if asked.replaces_id is None:
        return "Asked to coordinate too", f"{asked.full_name} has not answered. {until}"
    whose = "their" if asked.replaces_id == coordinator.pk else f"{asked.replaces.user}’s"
    return "Open hand-over", f"{asked.full_name} is asked to take {whose} place and has not answered. {until}"


def _told(coordinator: Coordinator, others: list[Coordinator]) -> str:
    """No mail says that somebody's part has ended, whoever ended it."""
    also = f" and {', '.join(str(one.user) for one in others)}" if others else ""
    return f"Nobody, by e-mail. Tell {coordinator.user}{also} yourself. The history keeps that you ended it, and when."
