"""A stand-in for one session: asked for by who leads the circle, and answered by who was asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from circles.forms import StandInForm
from circles.models import Session, StandIn
from circles.selectors.sessions import sessions_for
from circles.selectors.stand_ins import candidates, stand_in_by_link, stand_in_of, standing_in
from circles.services import stand_ins
from circles.services.sessions import SessionError
from portal.views.circle import posted, seat_in
from privacy import typed


def _led(request: HttpRequest, pk: object) -> Session:
    own = get_object_or_404(sessions_for(request.user), pk=pk)
    if not seat_in(request, own.circle).is_lead or own.circle.cohort.format.mutual:
        raise Http404
    return own


def ask(request: HttpRequest, pk: object) -> HttpResponse:
    """Choose among the mentors of the cohort. Who may not be asked is listed, each with the reason."""
    own = _led(request, pk)
    found = candidates(own)
    form = typed.put_back(request, StandInForm(posted(request), found=found))
    if request.method == "POST" and form.is_valid():
        try:
            asked = stand_ins.ask_stand_in(session=own, enrolment=form.chosen, by=request.user)
        except SessionError as error:
            form.add_error("mentor", str(error))
        else:
            name = asked.enrolment.user.get_full_name()
            messages.success(request, f"{name} is asked by e-mail, and you hear what they say.")
            return redirect("portal:session", own.pk)
    context = {"session": own, "circle": own.circle, "form": form, "ruled_out": [one for one in found if one.why_not]}
    return render(request, "portal/circle/ask_stand_in.html", context)


@require_POST
def end(request: HttpRequest, pk: object) -> HttpResponse:
    """Step back from leading a session; or, for who leads the circle, take back that somebody is asked."""
    mine = standing_in(request.user).filter(session=pk).first()
    asked = mine or stand_in_of(_led(request, pk))
    try:
        _end(request, asked)
    except SessionError as error:
        messages.error(request, str(error))
    return redirect("portal:home") if mine else redirect("portal:session", pk)


def _end(request: HttpRequest, asked: StandIn | None) -> None:
    if asked is None:
        raise SessionError("Nobody is asked to lead this session.")
    stand_ins.end_stand_in(stand_in=asked, by=request.user)
    messages.success(request, "It is taken back. Whoever needs to know is told by e-mail.")


@login_not_required
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in a mail. Opening it changes nothing: mail programs open links by themselves."""
    asked = stand_in_by_link(token)
    if asked is None:
        return render(request, "portal/circle/link_gone.html", status=404)
    if request.method == "POST":
        return _answer(request, asked, token)
    context = {"session": asked.session, "circle": asked.session.circle, "asked": asked, "token": token}
    return render(request, "portal/circle/stand_in_by_link.html", context)


def _answer(request: HttpRequest, asked: StandIn, token: str) -> HttpResponse:
    answer = request.POST.get("lead")
    if answer not in {"yes", "no"}:
        messages.error(request, "Choose one of the two answers.")
        return redirect("portal:stand_in_by_link", token)
    try:
        answered = stand_ins.answer_stand_in(stand_in=asked, will_lead=answer == "yes")
    except SessionError as error:
        messages.error(request, str(error))
        return redirect("portal:stand_in_by_link", token)
    context = {"session": asked.session, "circle": asked.session.circle, "asked": answered}
    return render(request, "portal/circle/stand_in_answered.html", context)
