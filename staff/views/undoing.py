"""Taking a withdrawal or a move back, for a day: what comes back is shown first."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from circles.models import Session
from circles.selectors.movers import LastMove
from circles.services import changes
from circles.services.changes import ChangeError, MoveUndo
from circles.services.changes.consequences import WORDS
from circles.services.changes.plans import amount
from circles.services.changes.undoing import Undo
from cohorts.models import Side
from participants.models import Enrolment, EnrolmentChange, EnrolmentState
from staff import pages
from staff.views.changes import enrolment_of
from ui.dates import uk_date


@dataclass(frozen=True)
class Shown:
    """What the page says before anything is undone: when `why_not` is said, only that and what helps."""

    title: str
    fingerprint: str
    why_not: str
    step: EnrolmentChange | None
    until: dt.datetime | None
    verb: str
    lost: str = ""
    back: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    helps: list[tuple[str, str]] = field(default_factory=list)


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "enrolment/<uuid:pk>/undo/", undo, "enrolment_undo")]


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    enrolment = enrolment_of(request, pk)
    if request.method == "POST":
        try:
            return redirect(_done(request, enrolment, request.POST.get("fingerprint", "")))
        except ChangeError as refusal:
            messages.warning(request, str(refusal))
            return redirect("admin:enrolment_undo", enrolment.pk)
    shown = _withdrawal(enrolment) if _has_left(enrolment) else _move(enrolment, request.user)
    return pages.render(
        request,
        "staff/changes/undo.html",
        shown.title,
        eyebrow=str(enrolment.cohort),
        crumbs=[*pages.cohort_crumbs(enrolment.cohort), (str(enrolment.user), enrolment.get_absolute_url())],
        enrolment=enrolment,
        undo=shown,
        has_left=_has_left(enrolment),
    )


def _has_left(enrolment: Enrolment) -> bool:
    return enrolment.state == EnrolmentState.WITHDRAWN


def _done(request: HttpRequest, enrolment: Enrolment, fingerprint: str) -> str:
    """Undo what was shown, and where to go from there. Raises ChangeError when it can't be done."""
    if not _has_left(enrolment):
        back = changes.undo_move(enrolment=enrolment, fingerprint=fingerprint, by=request.user)
        circle = back.move.before.circle if back.move else ""
        messages.success(request, f"{enrolment.user} is back in {circle}. Everybody concerned is told by e-mail.")
        return enrolment.get_absolute_url()
    done = changes.undo_withdrawal(enrolment=enrolment, fingerprint=fingerprint, by=request.user)
    messages.success(request, f"{enrolment.user} takes part again. They are told by e-mail.")
    if done.circle and not done.sits_again and enrolment.cohort.published_at:
        return reverse("admin:enrolment_seat", args=[enrolment.pk])
    return enrolment.get_absolute_url()


# --- a withdrawal ---------------------------------------------------------------------------------
def _withdrawal(enrolment: Enrolment) -> Shown:
    found, who = changes.plan_undo(enrolment), enrolment.user
    if found.why_not:
        title = f"{who}’s withdrawal stands"
        return Shown(title, "", found.why_not, found.withdrawal, found.until, "", helps=_helps(found))
    lost = f"{found.seat_lost} They wait for one; the next page shows where they fit." if found.seat_lost else ""
    return Shown(
        f"Undo the withdrawal of {who}?", found.fingerprint, "", found.withdrawal, found.until, f"Bring {who} back",
        lost, _comes_back(found), _does_not(found), _told(found),
    )  # fmt: skip


def _comes_back(found: Undo) -> list[tuple[str, str]]:
    enrolment, group = found.enrolment, found.enrolment.cohort.format.group_word
    rows = [("Part in the cohort", f"{EnrolmentState(found.before).label}, with every answer that they gave")]
    if found.place.place:
        rows.append(("Place", f"{found.place.place} of {enrolment.nomination.participation.organisation}"))
    if offer := found.place.offered_to:
        words = f"The place was offered to {offer.full_name}, who has not answered: the offer is taken back, and"
        rows.append(("Reserve list", f"{words} they are first on the reserve list again"))
    if found.circle:
        rows.append(("Seat", found.seat_lost or f"Their seat in {found.circle} is free: they sit there again"))
    if found.sits_again:
        rows.append(("Sessions", _sessions(found.coming)))
        rows.append(("Ceremonies", "Invited again to those to come"))
    elif enrolment.cohort.published_at:
        rows.append(("Sessions", f"None until they have a {group}: they wait for a seat"))
    rows.append(("Surveys", "They can open and hand in again what is open for them. Earlier answers are still theirs"))
    return rows


def _sessions(coming: tuple[Session, ...]) -> str:
    return f"{amount(len(coming), 'session')} to come back into their calendar: {_dates(coming)}" if coming else NONE


NONE = "None is to come"


def _dates(coming: tuple[Session, ...]) -> str:
    return ", ".join(uk_date(session.starts_at) for session in coming)


def _does_not(found: Undo) -> list[str]:
    lines = [
        "A private calendar link, if they had one: it has ended, and they can make another.",
        "What they had said they would stand in for.",
    ]
    if not found.enrolment.cohort.published_at:
        lines.append("Their seat in the proposal under review: put them on the board again.")
    return lines


def _told(found: Undo) -> list[str]:
    lines = [f"{found.enrolment.user}: that they take part again.", *_hear_back(found.hear, found.enrolment)]
    if found.sits_again and found.enrolment.side != Side.LEAD:
        lines.append(NOBODY_ELSE)
    if found.place.place:
        lines.append("Coordinators who were told that the place had become free: that it is taken again.")
    if found.place.offered_to:
        lines.append(f"{found.place.offered_to.full_name}: that the place is not free after all, and that they wait.")
    return lines


NOBODY_ELSE = "Nobody else of the circle: who has not been told of it yet is not told at all."


def _hear_back(users: tuple[User, ...], enrolment: Enrolment) -> list[str]:
    """Those of the circle in which somebody sits again."""
    what = "who leads their circle" if enrolment.side == Side.LEAD else "that somebody joins their circle"
    return [f"{_names(users)}: {what}."] if users else []


def _names(users: tuple[User, ...]) -> str:
    return ", ".join(str(user) for user in users)


def _helps(found: Undo) -> list[tuple[str, str]]:
    """What can be done where it can't be undone, or where they come back without a seat."""
    enrolment = found.enrolment
    links = [("Everything about them", enrolment.get_absolute_url())]
    if found.needs_place and enrolment.nomination:
        part = enrolment.nomination.participation
        words = f"Agree one more place with {part.organisation}; then this page can bring them back"
        links.insert(0, (words, reverse("admin:participation_places", args=[part.pk])))
    return links


# --- a move ---------------------------------------------------------------------------------------
def _move(enrolment: Enrolment, by: User) -> Shown:
    found, who = changes.plan_undo_move(enrolment, by), enrolment.user
    step = found.move.change if found.move else None
    if found.why_not or found.move is None:
        title = f"{who} stays where they are"
        return Shown(title, "", found.why_not, step, found.until, "", helps=_other_ways(enrolment))
    return Shown(
        f"Undo the move of {who}?", found.fingerprint, "", step, found.until,
        f"Put {who} back in {found.move.before.circle}", "",
        _back(found, found.move), _stays(found.move), _told_of_move(found),
    )  # fmt: skip


def _back(found: MoveUndo, move: LastMove) -> list[tuple[str, str]]:
    there, here = move.before.circle, move.after.circle
    leads = found.enrolment.side == Side.LEAD
    seat = f"Nobody leads {there}: they do again" if leads else f"Their seat in {there} is free: they sit there again"
    after = "It is without a mentor again" if leads else "Their seat there is free again"
    if found.leaves:
        sessions = amount(len(found.leaves), "session")
        after = f"{after}. {sessions} to come taken out of their calendar: {_dates(found.leaves)}"
    return [
        ("Seat", seat),
        ("Sessions", _sessions(found.coming)),
        (str(here), after),
        ("Agenda and actions", f"What is theirs in {there} is open to them again"),
    ]


def _stays(move: LastMove) -> list[str]:
    there, here = move.before.circle, move.after.circle
    return [
        f"What they have written in {here} since: it stays there, where they can’t see it.",
        f"Who had said they would stand in at {there} and was ruled out when they left: ask again.",
    ]


def _told_of_move(found: MoveUndo) -> list[str]:
    enrolment = found.enrolment
    lines = [f"{enrolment.user}: that they are back.", *_hear_back(found.hear_back, enrolment)]
    if found.hear_gone:
        what = "nobody leads their circle for now" if enrolment.side == Side.LEAD else "their circle has become smaller"
        lines.append(f"{_names(found.hear_gone)}: that {what}.")
    lines += [f"{word.name}: {WORDS[word.kind]}." for word in found.words]
    return [*lines, "Nobody else of the two: who has not been told of the move yet is not told at all."]


def _other_ways(enrolment: Enrolment) -> list[tuple[str, str]]:
    word = enrolment.cohort.format.group_word
    ways = [("Everything about them", enrolment.get_absolute_url())]
    if enrolment.cohort.published_at and not enrolment.cohort.closed_at:
        ways.insert(0, (f"Move them to another {word} now", reverse("admin:enrolment_move", args=[enrolment.pk])))
    return ways
