"""The public forms: an organisation asks or registers, an individual says where they work."""

import json
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from content.selectors import texts
from organisations.emails import ANSWERED_BY
from organisations.forms import DemandForm, QuestionForm, RegistrationForm, TrapForm
from organisations.models import Interest
from organisations.routing import REPLY_WITHIN, working_days_after
from organisations.selectors import takes_part
from organisations.services import record_demand, register_interest
from portal.limits import within_limit
from portal.views.public import canonical
from privacy.fields import decrypt, encrypt
from ui.dates import uk_date

SENT = "interest_sent"  # in the session of whoever sent a form
HOUR = 3600
INTERESTS_AN_HOUR = 5
DEMANDS_AN_HOUR = 20  # colleagues behind one address may all ask on the same day
TOO_MANY = (
    "We have had too many forms from your network in the last hour, so we have not sent this one. "
    "Your answers are still here: try again in an hour, or e-mail us at {address}."
)
SPRUNG = (
    "Something filled in a hidden box that has to stay empty, perhaps your browser. "
    "We have emptied it: please send the form again."
)


@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    """Which of the two forms, and who will answer."""
    context = {"canonical": canonical(request), "texts": texts("interest_intro", "relationship_manager")}
    return render(request, "portal/public/interest_start.html", context)


def refused(request: HttpRequest, form: BaseForm, what: str, most: int) -> int:
    """Why a valid form is not taken, said on the form itself, as a status: 200 hidden box, 429 too many, 0 taken."""
    if TrapForm(request.POST).sprung:
        form.add_error(None, SPRUNG)
        return 200
    if not within_limit(request, what, most=most, seconds=HOUR):
        form.add_error(None, TOO_MANY.format(address=settings.MAIL_REPLY_TO))
        return 429
    return 0


def show(request: HttpRequest, template: str, form: BaseForm, status: int = 200, **context: object) -> HttpResponse:
    """The form with whatever was typed into it."""
    context |= {"canonical": canonical(request), "form": form, "trap": TrapForm(), "reply_within": REPLY_WITHIN}
    response = render(request, template, context, status=status)
    if status == 429:
        response["Retry-After"] = str(HOUR)
    return response


def _organisation_form(request: HttpRequest, form: QuestionForm | RegistrationForm, template: str) -> HttpResponse:
    if not form.is_valid():
        return show(request, template, form)
    if status := refused(request, form, "interest", INTERESTS_AN_HOUR):
        return show(request, template, form, status)
    _remember(request, register_interest(data=form.registration()))
    return redirect("portal:interest_thanks")


def _remember(request: HttpRequest, interest: Interest) -> None:
    """Where the receipt went and who answers, for the page that says thank you; unreadable in the session."""
    said = {"email": interest.contact_email, "who": ANSWERED_BY[Interest.Routing(interest.routing)]}
    request.session[SENT] = encrypt(json.dumps(said))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest) -> HttpResponse:
    form = QuestionForm(request.POST if request.method == "POST" else None)
    return _organisation_form(request, form, "portal/public/interest_question.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest) -> HttpResponse:
    form = RegistrationForm(request.POST if request.method == "POST" else None, initial=_chosen_cohort(request))
    return _organisation_form(request, form, "portal/public/interest_registration.html")


def _chosen_cohort(request: HttpRequest) -> dict[str, str]:
    """The cohort whose link was followed from the front page; the form itself checks that it is open."""
    return {"cohort": request.GET.get("cohort", "")}


@login_not_required
def thanks(request: HttpRequest) -> HttpResponse:
    sent = json.loads(decrypt(request.session[SENT])) if SENT in request.session else {"email": "", "who": ""}
    answer_by = uk_date(working_days_after(clock.today(), REPLY_WITHIN))
    context = {"canonical": canonical(request), "answer_by": answer_by, "sent": sent, "unlisted": True}
    return render(request, "portal/public/interest_thanks.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def individuals(request: HttpRequest) -> HttpResponse:
    template, text = "portal/public/individuals.html", texts("individuals")["individuals"]
    form = DemandForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return show(request, template, form, text=text)
    if status := refused(request, form, "demand", DEMANDS_AN_HOUR):
        return show(request, template, form, status, text=text)
    if takes_part(employer=form.cleaned_data["employer"]):
        return redirect("portal:individuals_taking_part")
    record_demand(**form.cleaned_data)
    return redirect("portal:individuals_counted")


@login_not_required
def taking_part(request: HttpRequest) -> HttpResponse:
    key = "individuals_taking_part"
    context = {"canonical": canonical(request), "text": texts(key)[key], "description": "Your employer takes part."}
    context["unlisted"] = True
    return render(request, "portal/public/text_page.html", context)


@login_not_required
def words(request: HttpRequest, counted: bool) -> HttpResponse:
    """Words for one's own Learning and Development or People team, to copy or to open in one's mail programme."""
    text = texts("individuals_words")["individuals_words"]
    address = settings.BASE_URL + reverse("portal:public_home")
    letter = f"{text.body}\n\n{address}"
    context = {
        "canonical": canonical(request),
        "counted": counted,
        "unlisted": counted,
        "letter": letter,
        "mail_url": f"mailto:?subject={quote('Could we join Mentoring Circles?')}&body={quote(letter)}",
    }
    return render(request, "portal/public/individuals_words.html", context)
