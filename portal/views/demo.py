"""Pages of the demonstration: be somebody with one click, read the mail that was sent, move the one clock.

None of them exists in production, which does not include their addresses.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.models import User
from accounts.workdays import is_open, next_opening
from circles.services.reminders import next_reminder_at
from portal.demo import letters, moves
from portal.demo import people as demo_people
from ui.dates import uk_datetime
from ui.forms import DateInput, Form

BACKEND = "accounts.backends.SignInBackend"
PAGE = 50


class SearchForm(Form):
    """Somebody to look for."""

    mark_optional = False
    q = forms.CharField(label="Find anybody by name", max_length=100, required=False)


class MailForm(Form):
    """Whose mail to show."""

    mark_optional = False
    to = forms.CharField(label="To whom (a name or an address)", max_length=100, required=False)


class DateForm(Form):
    """A day to move the clock to."""

    day = forms.DateField(label="Day", widget=DateInput)


@login_not_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    found = demo_people.find(words) if words else []
    context = {"groups": demo_people.groups(), "search": search, "words": words, "found": found}
    return render(request, "portal/demo/people.html", context)


@login_not_required
def sign_in(request: HttpRequest, pk: Any) -> HttpResponse:
    """A link shows who it would sign in; only the button does it."""
    person = get_object_or_404(User, pk=pk, is_active=True)
    if request.method != "POST":
        return render(request, "portal/demo/sign_in.html", {"person": person})
    login(request, person, backend=BACKEND)
    return redirect("admin:index" if person.is_staff else "portal:home")


@login_not_required
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    search = MailForm(request.GET)
    words = search.cleaned_data["to"] if search.is_valid() else ""
    page = Paginator(letters.names_to(words) if words else letters.names(), PAGE).get_page(request.GET.get("page"))
    has_sink = letters.folder() is not None
    context = {"page": page, "letters": letters.headers(page), "has_sink": has_sink, "search": search, "words": words}
    return render(request, "portal/demo/mail.html", context)


def _letter(name: str) -> letters.Letter:
    found = letters.get(name)
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    found = _letter(name)
    about = [("To", found.to), ("Sent", uk_datetime(found.sent_at))]
    return render(request, "portal/demo/letter.html", {"letter": found, "about": about})


@login_not_required
@require_safe
@xframe_options_sameorigin
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for a frame: no script, no picture, no style but its own; links open the whole window."""
    html = _letter(name).html
    styles = " ".join(letters.style_hashes(html)) or "'none'"
    response = HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {styles}; frame-ancestors 'self'; form-action 'none'; "
        "sandbox allow-top-navigation-by-user-activation"
    )
    return response


@login_not_required
def clock_page(request: HttpRequest) -> HttpResponse:
    form = DateForm(request.POST if "day" in request.POST else None)
    if request.method == "POST" and _moved(request, form):
        messages.success(request, f"The clock has moved. {_what_is_sent()}")
        return redirect("demo:clock")
    context = {
        "form": form,
        "now": clock.now(),
        "is_moved": bool(clock.offset()),
        "reminders_leave": is_open(clock.now()),
        "reminders_from": next_opening(clock.now()),
        "next_reminder": next_reminder_at(),
        "next_key_date": moves.next_key_date_words(),
    }
    return render(request, "portal/demo/clock.html", context)


def _what_is_sent() -> str:
    """Reminders keep office hours, in the demonstration too."""
    if is_open(clock.now()):
        return "What is due by then is sent within a few seconds."
    return "Reminders wait for a working day: move on to one to see them leave."


def _moved(request: HttpRequest, form: DateForm) -> bool:
    if not form.is_bound:
        return moves.make(request.POST.get("move", ""))
    if form.is_valid():
        moves.to_morning_of(form.cleaned_data["day"])
        return True
    return False
