"""Dates proposed to a circle: asked for, answered on the page or by a link, and one of them chosen."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from circles.forms import PollAnswerForm, PollForm
from circles.models import Membership, Poll
from circles.selectors.away import spans
from circles.selectors.polls import answers_of, grid, options, poll_by_link, polls_for, silent_count
from circles.services import polls
from circles.services.sessions import SessionError
from cohorts.selectors import closed_days
from portal.asking import Caution, ask, asks_first
from portal.views.circle import led_circle, posted, seat_in
from portal.views.session import warn_of_clashes
from privacy import typed


def propose(request: HttpRequest, pk: object) -> HttpResponse:
    """Ask the circle; with `?session=` for one that is to move, else for a new one."""
    circle, seat = led_circle(request, pk)
    wanted = request.GET.get("session", "")
    moving = next((one for one in circle.sessions.upcoming() if str(one.pk) == wanted), None)
    form = typed.put_back(request, PollForm(posted(request), closed=closed_days(circle.cohort)))
    if request.method == "POST" and form.is_valid():
        try:
            opened = polls.open_poll(
                circle=circle, session=moving, starts=form.starts, closes_at=form.cleaned_data["closes_at"],
                by=request.user,
            )  # fmt: skip
        except SessionError as error:
            form.add_error("day1", str(error))
        else:
            messages.success(request, f"{seat.words.everyone_is} asked by e-mail which dates suit.")
            return redirect("portal:poll", opened.pk)
    context = {"circle": circle, "session": moving, "form": form, "spans": spans(circle), "words": seat.words}
    return render(request, "portal/circle/poll_form.html", context)


def poll(request: HttpRequest, pk: object) -> HttpResponse:
    own = get_object_or_404(polls_for(request.user), pk=pk)
    seat = seat_in(request, own.circle)
    form = typed.put_back(request, _form(request, own, seat))
    if request.method == "POST" and _answer(request, own, seat, form):
        return redirect("portal:poll", own.pk)
    context = {
        "poll": own, "circle": own.circle, "seat": seat, "form": form, "options": options(own, request.user),
        "silent": silent_count(own), "action": request.path, "rows": grid(own, request.user),
    }  # fmt: skip
    return render(request, "portal/circle/poll.html", context)


@login_not_required
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in a mail: one's own answers only. Opening it changes nothing."""
    seat, own = poll_by_link(token)
    if own is None or seat is None:
        return render(request, "portal/circle/link_gone.html", status=404)
    form = _form(request, own, seat)
    if request.method == "POST" and _answer(request, own, seat, form):
        return redirect("portal:poll_by_link", token)
    context = {"poll": own, "form": form, "action": reverse("portal:poll_by_link", args=[token])}
    return render(request, "portal/circle/poll_by_link.html", context)


def _form(request: HttpRequest, own: Poll, seat: Membership) -> PollAnswerForm:
    return PollAnswerForm(posted(request), poll=own, said=answers_of(own, seat.enrolment))


def _answer(request: HttpRequest, own: Poll, seat: Membership, form: PollAnswerForm) -> bool:
    if not form.is_valid():
        return False
    try:
        polls.answer_poll(poll=own, enrolment=seat.enrolment, answers=form.answers)
    except SessionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Thank you, your answers are saved. You can change them until it closes.")
    return True


@asks_first
def decide(request: HttpRequest, pk: object) -> HttpResponse:
    """Choose a date, or none of them, which is asked about first. For who leads alone."""
    own = get_object_or_404(polls_for(request.user), pk=pk)
    seat = seat_in(request, own.circle)
    if not seat.is_lead:
        raise Http404
    back = reverse("portal:poll", args=[own.pk])
    if request.method != "POST":
        return redirect(back) if own.decided_at else ask(request, _taking_back(own, seat, back))
    wanted = request.POST.get("date", "")
    date = next((one for one in own.dates.all() if str(one.pk) == wanted), None)
    if wanted and date is None:  # never takes them all back for one that is not among them
        raise Http404
    try:
        if date is None:
            polls.take_back(poll=own, by=request.user)
            messages.success(request, "The dates are taken back. Nothing has moved.")
        else:
            session = polls.choose_date(date=date, by=request.user)
            messages.success(request, f"The date is chosen; {seat.words.everyone_is_told} being sent the invitation.")
            warn_of_clashes(request, session)
    except SessionError as error:
        messages.error(request, str(error))
    return redirect(back)


def _taking_back(own: Poll, seat: Membership, back: str) -> Caution:
    stays = f"{own.session} stays where it is" if own.session else "No session is arranged"
    answers = "The answers that were given count for nothing any more, and the same dates can’t be opened again"
    return Caution(
        title="Take the dates back",
        asks="Take them back?",
        follows=f"{stays}, and {seat.words.everyone_is_told} told by e-mail. {answers}: you would ask afresh.",
        confirm="Take the dates back",
        back=back,
        eyebrow=str(own.circle),
    )
