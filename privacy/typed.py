"""What somebody had typed on a page when it turned out that they were signed out: kept until they are back.

It waits in the session of that browser, unreadable and for two hours, and comes back on the same page to the same
person alone. A form takes part when its view passes it through `put_back`.
"""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html

from accounts import clock
from accounts.models import User
from privacy.fields import decrypt, encrypt

View = Callable[..., HttpResponse]
Typed = TypeVar("Typed", bound=forms.BaseForm)

KEY, SALT, WHOSE = "typed", "portal.typed", "whose"
WAITS = dt.timedelta(hours=2)
# No page asks more, no field takes more, and a session holds no more: letters, of a field and of the page.
MOST, LONGEST, TOGETHER = 60, 12_000, 200_000
# What the browser and our script add.
NOT_TYPED = {"csrfmiddlewaretoken", "keep"}
TICKED = (forms.CheckboxInput, forms.CheckboxSelectMultiple)


def sent_from(name: str) -> Callable[[View], View]:
    """For a view that takes what a form on the page `name`, of the same arguments, sends: one comes back there."""

    def mark(view: View) -> View:
        view.sent_from = name  # type: ignore[attr-defined]  # read by the middleware
        return view

    return mark


def page_of(request: HttpRequest, view: View) -> str:
    """Where the form stands that was sent, with what is asked of that page."""
    name, match = getattr(view, "sent_from", ""), request.resolver_match
    return reverse(name, args=match.args, kwargs=match.kwargs) if name and match else request.get_full_path()


# --- keeping ----------------------------------------------------------------------------------
def whose(user: User) -> str:
    """What a page carries, so that what comes from it is known to be this person's."""
    return signing.dumps(user.pk.hex, salt=SALT)


def keep(request: HttpRequest, page: str) -> None:
    """Keep what came from a page whose person is not signed in any more; nothing from anybody else."""
    person = _person(request)
    fields = {name: values for name, values in _fields(request).items() if name != WHOSE} if person else {}
    if sum(len(value) for values in fields.values() for value in values) > TOGETHER:
        return
    if fields:
        kept = {"person": person, "page": page.partition("?")[0], "sent_to": request.path, "fields": fields}
        request.session[KEY] = encrypt(json.dumps(kept | {"at": clock.now().isoformat()}))


def _person(request: HttpRequest) -> str:
    """For whom the page was made that this came from; blank where it was no page of ours."""
    try:
        return str(signing.loads(request.POST.get(WHOSE, ""), salt=SALT)) if request.method == "POST" else ""
    except signing.BadSignature:
        return ""


def _fields(request: HttpRequest) -> dict[str, list[str]]:
    names = [name for name in request.POST if name not in NOT_TYPED][:MOST]
    return {name: [value[:LONGEST] for value in request.POST.getlist(name)[:MOST]] for name in names}


# --- giving back ------------------------------------------------------------------------------
def settle(request: HttpRequest) -> None:
    """Throw away what waits for somebody else, has waited too long, or is being sent now."""
    found = _waiting(request)
    if found is None:
        return
    is_sent = request.method == "POST" and request.path == found["sent_to"]
    is_old = dt.datetime.fromisoformat(found["at"]) + WAITS <= clock.now()
    if is_sent or is_old or found["person"] != request.user.pk.hex:
        del request.session[KEY]


def _waiting(request: HttpRequest) -> dict[str, Any] | None:
    return json.loads(decrypt(request.session[KEY])) if KEY in request.session else None


def put_back(request: HttpRequest, form: Typed) -> Typed:
    """A form that says whose it is, with what waits for this person on this page in its fields."""
    form.carries = format_html('<input type="hidden" name="{}" value="{}">', WHOSE, whose(request.user))
    found = None if form.is_bound else _waiting(request)
    if found is None or found["page"] != request.path or found["person"] != request.user.pk.hex:
        return form
    if _fill(form, found["fields"]):
        messages.info(request, "What you had written is back in the form. It has not been sent yet.")
    return form


def _fill(form: forms.BaseForm, typed: dict[str, list[str]]) -> bool:
    """Whether this form was sent. A field that was not among what was sent keeps its value; a box is then unticked."""
    asked = {form.add_prefix(name): (name, field) for name, field in form.fields.items()}
    if not any(name == full or name.startswith(f"{full}_") for name in typed for full in asked):
        return False
    data: MultiValueDict = MultiValueDict(typed)
    for full, (name, field) in asked.items():
        if isinstance(field.widget, TICKED) or not field.widget.value_omitted_from_data(data, {}, full):
            form.initial[name] = field.widget.value_from_datadict(data, {}, full)
    return True


# --- sending again ----------------------------------------------------------------------------
def again(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form of ours had sent that could not be kept, to be sent again from the page that says so.

    Nothing that comes with a file, which a page can't carry.
    """
    try:
        if request.method != "POST" or request.FILES:
            return []
        return [(name, value) for name, values in _fields(request).items() for value in values]
    except OSError:  # the connection broke while it was sent: there is nothing to give back
        return []


def is_theirs(request: HttpRequest) -> bool:
    """Whether the page that this came from was made for the person who is signed in: no other site can make one."""
    try:
        return bool(request.user.is_authenticated and _person(request) == request.user.pk.hex)
    except OSError:
        return False
