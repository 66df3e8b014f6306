"""One session: seen, answered, moved, cancelled, joined, and who was there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from circles import links
from circles.forms import FOLLOWING, AttendanceForm, PlanForm, ReplyForm, SessionForm
from circles.models import Membership, Session, StandIn
from circles.selectors.away import spans
from circles.selectors.people import those_who_were_in_it
from circles.selectors.quorum import forecast
from circles.selectors.sessions import agenda_of, fact_of, own_seat_at, reply_of, seat_by_link, session_for
from circles.selectors.stand_ins import (
    clashes,
    leader_in,
    session_led_by_link,
    stand_in_of,
    standing_in,
    stands_in,
)
from circles.services import attendance as attendances
from circles.services import series, sessions
from circles.services.sessions import SessionError
from cohorts.selectors import closed_days
from participants.models import Reply
from portal.views.circle import led_circle, posted, seat_in
from portal.views.space import note_on_page
from privacy import typed

SAVED = "Thank you, your answer is saved. You can change it until the session starts."
LEAD_AWAY = "Thank you, your answer is saved. You lead it: choose what is to become of the session on its page."


def _own(request: HttpRequest, pk: UUID) -> tuple[Session, Membership]:
    """The session with what is known of the visitor and it, see `session_for`, and their seat in its circle."""
    seat = own_seat_at(pk, request.user)
    if seat is None:
        raise Http404
    [own] = session_for(pk, seat.enrolment_id)
    own.circle = seat.circle
    return own, seat


def _led(request: HttpRequest, pk: UUID) -> Session:
    own, seat = _own(request, pk)
    if not seat.is_lead:
        raise Http404
    return own


def prompts_of(own: Session) -> list[str]:
    return [line for line in own.prompts.splitlines() if line.strip()]


def _context(own: Session, seat: Membership) -> dict[str, Any]:
    asked = stand_in_of(own) if own.has_stand_in else None
    to_come = own.state == Session.State.PLANNED and not own.is_past
    leads_to_come = seat.is_lead and to_come and not seat.words.is_pair
    return {
        "session": own,
        "circle": own.circle,
        "prompts": prompts_of(own),
        "seat": seat,
        "reply": own.own_reply,
        "attended": own.own_attended,
        "forecast": forecast(own) if seat.is_lead else None,
        "join_token": links.token(own, seat.enrolment),
        "led_by": leader_in(asked),
        "asked": asked if seat.is_lead else None,
        "leads_to_come": leads_to_come,
        "lacks_a_lead": leads_to_come and own.own_reply == Reply.NO and asked is None,
    }


def _context_of_stand_in(standing: StandIn) -> dict[str, Any]:
    own = standing.session
    return {
        "session": own,
        "circle": own.circle,
        "prompts": prompts_of(own),
        "agenda": [item for item in agenda_of(own.circle) if item.done_at is None],
        "join_token": links.token(own, standing.enrolment),
    }


def _standing(request: HttpRequest, pk: UUID) -> StandIn | None:
    """The visitor as the stand-in at a session; hardly anybody is, so whether is asked before what."""
    return standing_in(request.user).filter(session=pk).first() if stands_in(pk, request.user) else None


def session(request: HttpRequest, pk: UUID) -> HttpResponse:
    if standing := _standing(request, pk):
        return render(request, "portal/circle/stand_in_session.html", _context_of_stand_in(standing))
    own, seat = _own(request, pk)
    return render(request, "portal/circle/session.html", _context(own, seat) | note_on_page(own, request.user))


@require_POST
def reply(request: HttpRequest, pk: object) -> HttpResponse:
    own, seat = _own(request, pk)
    _take_reply(request, own, seat)
    if request.GET.get("back") == "home":
        return redirect("portal:home")
    return redirect("portal:session", own.pk)


def _take_reply(request: HttpRequest, own: Session, seat: Membership) -> None:
    """Take the answer of one of the three buttons, and say what became of it."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the three answers.")
        return
    try:
        sessions.reply(session=own, enrolment=seat.enrolment, reply=form.cleaned_data["reply"])
    except SessionError as error:
        messages.error(request, str(error))
    else:
        lead_away = form.cleaned_data["reply"] == Reply.NO and _lacks_a_lead(own, seat)
        messages.success(request, LEAD_AWAY if lead_away else SAVED)


def _lacks_a_lead(own: Session, seat: Membership) -> bool:
    """Whether nobody leads a session to which the one who should does not come. In a pair there is nobody to find."""
    return seat.is_lead and not seat.words.is_pair and not own.stand_ins.current().exists()


def chosen(request: HttpRequest) -> tuple[str, str] | None:
    """The answer of the link that was followed, and its words: to be confirmed, since opening a page saves nothing."""
    answer = request.GET.get("answer", "")
    return (answer, Reply(answer).label) if answer in Reply.values else None


@login_not_required
@never_cache
def reply_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in a mail. Opening it changes nothing: mail programs open links by themselves."""
    seat, own = seat_by_link(token)
    if own is None or seat is None:
        return render(request, "portal/circle/link_gone.html", status=404)
    if request.method == "POST":
        _take_reply(request, own, seat)
        return redirect("portal:reply_by_link", token)
    context = {
        "session": own,
        "circle": own.circle,
        "reply": reply_of(own, seat.enrolment),
        "chosen": chosen(request),
        "token": token,
        "leads": _lacks_a_lead(own, seat),
    }
    return render(request, "portal/circle/reply_by_link.html", context)


@login_not_required
@never_cache
def attendance_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Whether somebody was there, from their mail. Opening it changes nothing: mail programs open links."""
    seat, own = seat_by_link(token)
    if own is None or seat is None:
        return render(request, "portal/circle/link_gone.html", status=404)
    if request.method == "POST":
        _take_attendance(request, own, seat)
        return redirect("portal:attendance_by_link", token)
    fact = fact_of(own, seat.enrolment)
    attended = fact.attended if fact else None
    context = {"session": own, "seat": seat, "attended": attended, "token": token}
    return render(request, "portal/circle/attendance_by_link.html", context)


def _take_attendance(request: HttpRequest, own: Session, seat: Membership) -> None:
    answer = request.POST.get("there")
    if answer not in {"yes", "no"}:
        messages.error(request, "Choose one of the two answers.")
        return
    person, there = seat.enrolment, answer == "yes"
    try:
        attendances.record_attendance(session=own, enrolment=person, attended=there, by=person.user)
    except SessionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Thank you, your answer is saved.")


@login_not_required
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Leads to wherever the meeting is now, so that the link in a calendar never goes stale."""
    seat, own = seat_by_link(token)
    if seat is None:
        own = session_led_by_link(token)
    if own is None:
        return render(request, "portal/circle/link_gone.html", status=404)
    target = own.join_url or own.circle.join_url
    if own.state == Session.State.CANCELLED or own.is_over or not target:
        return render(request, "portal/circle/join.html", {"session": own, "circle": own.circle})
    return HttpResponseRedirect(target)


def add(request: HttpRequest, pk: object) -> HttpResponse:
    circle, seat = led_circle(request, pk)
    usual = {"minutes": 90, "mode": Session.Mode.ONLINE}
    form = typed.put_back(request, SessionForm(posted(request), closed=closed_days(circle.cohort), initial=usual))
    if request.method == "POST" and form.is_valid():
        try:
            added = sessions.add_session(circle=circle, by=request.user, **form.changes)
        except SessionError as error:
            form.add_error("day", str(error))
        else:
            messages.success(request, f"The session is added; {seat.words.everyone_is_told} sent an invitation.")
            return redirect("portal:session", added.pk)
    return _session_form(request, seat, form, None)


def move(request: HttpRequest, pk: object) -> HttpResponse:
    own = _led(request, pk)
    later = len(series.following(own)) if own.state == Session.State.PLANNED and not own.is_past else 0
    form = typed.put_back(request, SessionForm.of(own, posted(request), closed_days(own.circle.cohort), later))
    if request.method == "POST" and form.is_valid():
        try:
            return _move_following(request, own, form) if form.moves_following else _move_one(request, own, form)
        except SessionError as error:
            form.add_error("day", str(error))
    return _session_form(request, seat_in(request, own.circle), form, own)


def _move_one(request: HttpRequest, own: Session, form: SessionForm) -> HttpResponse:
    moved = sessions.move_session(session=own, by=request.user, **form.changes)
    told = f"{_told(request, own)} sent the change." if moved.sequence > own.sequence else "nobody needed telling."
    messages.success(request, f"The session is saved; {told}")
    warn_of_clashes(request, moved)
    return redirect("portal:session", own.pk)


def _told(request: HttpRequest, own: Session) -> str:
    return seat_in(request, own.circle).words.everyone_is_told


def warn_of_clashes(request: HttpRequest, *moved: Session) -> None:
    """Say, after a move, for which stand-in it now collides with another session."""
    for one in moved:
        for words in clashes(one):
            messages.warning(request, words)


def _move_following(request: HttpRequest, own: Session, form: SessionForm) -> HttpResponse:
    """Show the days first; carry out what was shown, and show it anew where it has changed since."""
    shifts = series.shifts(session=own, starts_at=form.cleaned_data["starts_at"])
    shown = " ".join(shift.starts_at.isoformat() for shift in shifts)
    if request.POST.get("shown") != shown:
        sent = [(name, value) for name in [*form.fields, typed.WHOSE] for value in request.POST.getlist(name)]
        previewed = series.with_clashes(shifts, form.changes["minutes"])
        context = {"session": own, "circle": own.circle, "shifts": previewed, "shown": shown, "typed": sent}
        context["words"] = seat_in(request, own.circle).words
        return render(request, "portal/circle/series.html", context)
    moved = series.move_following(session=own, by=request.user, **form.changes)
    messages.success(request, f"{len(moved)} sessions are saved; {_told(request, own)} sent the changes.")
    warn_of_clashes(request, *moved)
    return redirect("portal:circle", own.circle_id)


def _session_form(request: HttpRequest, seat: Membership, form: SessionForm, own: Session | None) -> HttpResponse:
    circle = seat.circle
    context = {"circle": circle, "form": form, "session": own, "spans": spans(circle), "words": seat.words}
    return render(request, "portal/circle/session_form.html", context)


def plan(request: HttpRequest, pk: object) -> HttpResponse:
    """What the session is about: for anybody in the circle to change."""
    own, seat = _own(request, pk)
    form = typed.put_back(request, PlanForm(posted(request), instance=own))
    if request.method == "POST" and form.is_valid():
        try:
            sessions.edit_plan(session=own, by=request.user, **form.cleaned_data)
        except SessionError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "The plan is saved.")
        return redirect("portal:session", own.pk)
    context = {"session": own, "circle": own.circle, "form": form, "words": seat.words}
    return render(request, "portal/circle/plan.html", context)


def cancel(request: HttpRequest, pk: object) -> HttpResponse:
    own = _led(request, pk)
    if request.method == "POST":
        try:
            _cancel(request, own)
        except SessionError as error:
            messages.error(request, str(error))
        return redirect("portal:session", own.pk)
    context = {"session": own, "circle": own.circle, "after": series.after_cancelling(own)}
    context["words"] = seat_in(request, own.circle).words
    return render(request, "portal/circle/cancel.html", context)


def _cancel(request: HttpRequest, own: Session) -> None:
    if request.POST.get("scope") == FOLLOWING:
        called_off = series.cancel_following(session=own, by=request.user)
        what = f"{len(called_off)} sessions are cancelled, and they are"
    else:
        sessions.cancel_session(session=own, by=request.user)
        what = "The session is cancelled, and it is"
    messages.success(request, f"{what} being taken out of {seat_in(request, own.circle).words.their_calendars}.")


def attendance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For who leads the circle, and for who stood in at this session."""
    standing = _standing(request, pk)
    own = standing.session if standing else _led(request, pk)
    people, came = those_who_were_in_it(own, request.user)
    form = typed.put_back(request, AttendanceForm(posted(request), people=people, initial={"came": came}))
    if request.method == "POST" and form.is_valid():
        try:
            attendances.record_all(session=own, came=form.cleaned_data["came"], by=request.user)
        except SessionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Attendance is saved. You can correct it at any time.")
            return redirect("portal:session", own.pk)
    return render(request, "portal/circle/attendance.html", {"session": own, "circle": own.circle, "form": form})


@require_POST
def i_came(request: HttpRequest, pk: object) -> HttpResponse:
    own, seat = _own(request, pk)
    try:
        attendances.record_attendance(session=own, enrolment=seat.enrolment, attended=True, by=request.user)
    except SessionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Thank you: it is recorded that you were there.")
    return redirect("portal:session", own.pk)
