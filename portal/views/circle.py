"""A circle as the people in it see it."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from circles import links
from circles.forms import AgendaItemForm, HandOverForm, MeetingLinkForm
from circles.models import Circle, Membership, Session
from circles.selectors.away import dates_of
from circles.selectors.entries import leads_others
from circles.selectors.people import Person, roster
from circles.selectors.polls import poll_of
from circles.selectors.sessions import agenda_for, agenda_of, membership_in, own_seat, sessions_with_reply
from circles.selectors.space import Named, actions_of, notices_of
from circles.services import agenda, sessions
from circles.services.membership import write_hand_over
from participants.forms.enrolment import DatesForm
from participants.services import RefusedError, keep_dates
from privacy import typed

DateRange = tuple[dt.date, dt.date]


def seat_in(request: HttpRequest, circle: Circle) -> Membership:
    """The visitor's seat; who has none in this circle is told that there is no such page."""
    membership = membership_in(circle, request.user)
    if membership is None:
        raise Http404
    return membership


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; also a form in which nothing is ticked counts as sent."""
    return request.POST if request.method == "POST" else None


def own_circle(request: HttpRequest, pk: UUID) -> tuple[Circle, Membership]:
    seat = own_seat(pk, request.user)
    if seat is None:
        raise Http404
    return seat.circle, seat


def led_circle(request: HttpRequest, pk: object) -> tuple[Circle, Membership]:
    """A circle that the visitor leads: for the others what only the lead may do does not exist."""
    circle, seat = own_circle(request, pk)
    if not seat.is_lead:
        raise Http404
    return circle, seat


def page(request: HttpRequest, circle: Circle, seat: Membership, form: AgendaItemForm) -> HttpResponse:
    sessions = sessions_with_reply(circle.pk, seat.enrolment_id)
    coming = next((one for one in sessions if one.state == Session.State.PLANNED and not one.is_past), None)
    people = roster(circle, request.user)
    context = {
        "circle": circle,
        "seat": seat,
        "leads": leads_others(seat),
        "people": [(one, _beside(one, seat)) for one in people],
        "latest": next(iter(notices_of(circle, people)), None) if seat.has_notices else None,
        "open_actions": _open(actions_of(circle, people)) if seat.has_actions else [],
        "next": coming,
        "reply": coming.own_reply if coming else "",
        "join_token": links.token(coming, seat.enrolment) if coming else "",
        "sessions": sessions,
        "agenda": agenda_of(circle, seat.enrolment),
        "poll": poll_of(circle) if seat.is_polled else None,
        "form": form,
        "is_over": circle.cohort.phase == "closed",
    }
    return render(request, "portal/circle/circle.html", context)


def _beside(person: Person, seat: Membership) -> str:
    """What stands below somebody's name: their part in it, where there are parts, and what they show of themselves."""
    if seat.circle.cohort.format.mutual:
        part = ""
    elif seat.circle.cohort.format.is_pair:
        part = "Mentor" if person.is_lead else "Mentee"
    else:
        part = "Leads" if person.is_lead else ""
    return " · ".join(filter(None, (part, person.detail)))


def _open(actions: list[Named]) -> list[Named]:
    return [one for one in actions if one.what.done_at is None]


def circle(request: HttpRequest, pk: object) -> HttpResponse:
    own, seat = own_circle(request, pk)
    return page(request, own, seat, typed.put_back(request, AgendaItemForm()))


@typed.sent_from("portal:circle")
@require_POST
def add_agenda_item(request: HttpRequest, pk: object) -> HttpResponse:
    own, seat = own_circle(request, pk)
    form = typed.put_back(request, AgendaItemForm(request.POST))
    if not form.is_valid():
        return page(request, own, seat, form)
    agenda.add_item(circle=own, text=form.cleaned_data["text"], enrolment=seat.enrolment)
    messages.success(request, "Added to the agenda.")
    return redirect("portal:circle", own.pk)


@require_POST
def tick_agenda_item(request: HttpRequest, pk: object) -> HttpResponse:
    item = get_object_or_404(agenda_for(request.user), pk=pk)
    seat = seat_in(request, item.circle)
    done = request.POST.get("done") == "yes"
    agenda.set_done(item=item, done=done, enrolment=seat.enrolment)
    messages.success(request, "Ticked off." if done else "Back on the agenda.")
    return redirect("portal:circle", item.circle_id)


def meeting_link(request: HttpRequest, pk: object) -> HttpResponse:
    led, _ = led_circle(request, pk)
    form = typed.put_back(request, MeetingLinkForm(posted(request), initial={"join_url": led.join_url}))
    if request.method == "POST" and form.is_valid():
        sessions.set_meeting_link(circle=led, join_url=form.cleaned_data["join_url"], by=request.user)
        messages.success(request, "The meeting link is saved. The links that people have now lead to it.")
        return redirect("portal:circle", led.pk)
    return render(request, "portal/circle/meeting_link.html", {"circle": led, "form": form})


def dates(request: HttpRequest, pk: object) -> HttpResponse:
    """One's own list of dates that do not work: add one, or take one away."""
    own, seat = own_circle(request, pk)
    held = dates_of(seat)
    form = typed.put_back(request, DatesForm(seat.enrolment, None if "remove" in request.POST else posted(request)))
    if request.method == "POST" and (form.is_valid() or "remove" in request.POST):
        kept = [(one.starts, one.ends) for one in held if str(one.pk) != request.POST.get("remove")]
        return _keep_dates(request, own, seat, [*kept, *([form.new_range] if form.is_bound and form.new_range else [])])
    return render(request, "portal/circle/dates.html", {"circle": own, "ranges": held, "form": form})


def _keep_dates(request: HttpRequest, own: Circle, seat: Membership, ranges: list[DateRange]) -> HttpResponse:
    try:
        keep_dates(enrolment=seat.enrolment, ranges=ranges, by=request.user)
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Your dates are saved.")
    return redirect("portal:my_dates", own.pk)


def hand_over(request: HttpRequest, pk: object) -> HttpResponse:
    """The note that whoever leads the circle reads and leaves; the members know nothing of it."""
    led, _ = led_circle(request, pk)
    form = typed.put_back(request, HandOverForm(posted(request), instance=led))
    if request.method == "POST" and form.is_valid():
        write_hand_over(circle=led, text=form.cleaned_data["hand_over"], by=request.user)
        messages.success(request, "The note is saved.")
        return redirect("portal:circle", led.pk)
    return render(request, "portal/circle/hand_over.html", {"circle": led, "form": form})
