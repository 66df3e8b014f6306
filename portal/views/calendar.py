"""A person's private calendar link, and the calendar behind it."""

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from circles import links
from circles.selectors.feeds import calendar_of, feed_by_token, feed_of, has_meetings
from circles.services import feeds
from circles.services.feeds import FeedError
from portal.asking import Caution, ask, asks_first
from portal.limits import within_limit

HOUR = 3600
# Calendar services fetch for all their customers from a few addresses: this stops a flood, and no such service.
MOST = 1200


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """What the link is, and whether there is one; for whoever meets nobody there is no such page."""
    if not has_meetings(request.user):
        raise Http404
    return _page(request)


@asks_first
def make(request: HttpRequest) -> HttpResponse:
    """Make a link, or a new one. It stands in this answer and nowhere else, so there is nothing to be sent on to."""
    if request.method != "POST":
        return _ask(
            request,
            "Make a new calendar link",
            "Make a new link?",
            "The link that you have now stops working at once, in every calendar that has it: your own too, until you "
            "add the new one. The old one can’t be brought back.",
            "Make a new link",
        )
    try:
        token = feeds.make_feed(user=request.user, by=request.user)
    except FeedError as error:
        raise Http404 from error
    link = links.page("portal:calendar_feed", token)
    return _page(request, link=link, subscribe=f"webcal:{link.partition(':')[2]}")


@asks_first
def switch_off(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _ask(
            request,
            "Switch off your calendar link",
            "Switch it off?",
            "Every calendar that has the link stops showing your sessions. The link can’t be brought back; you can "
            "make another one whenever you like. The invitations that we send by e-mail come as before.",
            "Switch it off",
        )
    if not has_meetings(request.user):
        raise Http404
    if feeds.switch_off_feed(user=request.user, by=request.user):
        messages.success(request, "Your calendar link is switched off. It shows nothing to anyone from now on.")
    return redirect("portal:calendar")


def _ask(request: HttpRequest, title: str, asks: str, follows: str, confirm: str) -> HttpResponse:
    """Before a link that there is ends. Where there is none, nothing ends, and the page of the link says so."""
    if not has_meetings(request.user):
        raise Http404
    back = reverse("portal:calendar")
    if feed_of(request.user) is None:
        return redirect(back)
    return ask(request, Caution(title, asks, follows, confirm, back))


@require_POST
def set_wording(request: HttpRequest) -> HttpResponse:
    """More or less discreet; the account page says which it is."""
    if not has_meetings(request.user):
        raise Http404
    on = request.POST.get("discreet") == "yes"
    feeds.set_discreet(user=request.user, on=on, by=request.user)
    says = "say “Meeting” and no more" if on else "are titled as usual"
    messages.success(request, f"New entries in your calendar {says} from now on.")
    return redirect("portal:account")


def _page(request: HttpRequest, link: str = "", subscribe: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "breadcrumbs": [("Home", reverse("portal:home")), ("Your account", reverse("portal:account"))],
        "feed": feed_of(request.user),
        "link": link,
        "subscribe": subscribe,
    }
    return render(request, "portal/circle/calendar.html", context)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a link. Being asked for it changes nothing but the day on which it was last used."""
    if not within_limit(request, "calendar", most=MOST, seconds=HOUR):
        response = _words("Too many requests. Try again in an hour.", 429)
        response["Retry-After"] = str(HOUR)
        return _unkept(response)
    found = feed_by_token(token)
    if found is None:
        return _unkept(_words("There is no such calendar.", 404))
    feeds.note_use(feed=found)
    body = calendar_of(found.user)
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8", headers={"ETag": etag})
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return _unkept(get_conditional_response(request, etag=etag, response=response))


def _words(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")


def _unkept(response: HttpResponse) -> HttpResponse:
    """For the calendar that asked alone: kept nowhere, found by no search engine, told to no other site."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
