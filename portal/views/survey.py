"""Answering a survey: one page at a time, kept as one goes, handed in at the end."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from participants.models import Enrolment
from portal.asking import Caution, ask, asks_first
from privacy import typed
from privacy.models import Purpose
from privacy.selectors import consents
from surveys import selectors, services
from surveys.forms import PageForm, QuestionsForm, TestimonialForm, answer_choices
from surveys.models import Question, QuestionAnswer, Response, Survey, SurveyPart


@dataclass(frozen=True)
class Asked:
    """A survey as it stands for the person who is signed in."""

    survey: Survey
    enrolment: Enrolment
    response: Response | None
    window: selectors.Window

    @property
    def is_submitted(self) -> bool:
        return self.response is not None and self.response.submitted_at is not None

    @property
    def may_answer(self) -> bool:
        return self.window.may_answer and not self.is_submitted


def _asked(request: HttpRequest, pk: UUID) -> Asked:
    """The survey, through the person's own enrolment; 404 for a survey of somebody else's cohort."""
    found = selectors.asked_of(pk, request.user)
    if found is None:
        raise Http404
    survey, enrolment = found
    if survey.wave == Survey.Wave.THEN and not selectors.has_handed_in(enrolment, Survey.Wave.POST):
        raise Http404  # it comes after the survey at the end
    return Asked(survey, enrolment, selectors.own_response(survey, enrolment), selectors.window(survey))


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even when that is nothing at all; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the survey is, who sees the answers, and the way in (or back in)."""
    asked = _asked(request, pk)
    if asked.is_submitted:
        return redirect("portal:survey_thanks", pk=pk)
    parts = selectors.pages(asked.survey)
    context = {
        "asked": asked,
        "survey": asked.survey,
        "pages": len(selectors.steps(asked.survey)),
        "minutes": _minutes(parts),
        "resume": selectors.first_unanswered(asked.response) if asked.response else 1,
        "opens": selectors.session_span(asked.survey.cohort).last_ends,
        "evaluation": consents(request.user)[Purpose.EVALUATION],
    }
    return render(request, "portal/survey/start.html", context)


def page(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """One page of statements. What is answered is kept, even when something else on the page is missing.

    Who was signed out in the meantime signs in again and finds what they had chosen.
    """
    asked = _asked(request, pk)
    if not asked.may_answer:
        return redirect("portal:survey", pk=pk)
    asked_for = selectors.steps(asked.survey)
    if not 1 <= number <= len(asked_for):
        raise Http404
    step = asked_for[number - 1]
    form = _form(request, asked, step)
    if request.method == "POST":
        answer = _keep(request, asked, step, form, len(asked_for))
        if answer is not None:
            return answer
    context = _page_context(asked, step, form, len(asked_for))
    return render(request, "portal/survey/page.html", context)


def _form(request: HttpRequest, asked: Asked, step: selectors.Step) -> PageForm | QuestionsForm:
    """What stands on a page: the statements of a scale, or questions of the team's own."""
    if step.part is not None:
        given = selectors.given_answers(asked.response)
        return typed.put_back(request, PageForm(step.part, given, _posted(request)))
    own = selectors.own_answers(asked.response)
    return typed.put_back(request, QuestionsForm(step.questions, own, _posted(request)))


def _keep(
    request: HttpRequest, asked: Asked, step: selectors.Step, form: PageForm | QuestionsForm, count: int
) -> HttpResponse | None:
    """Save what is valid and say where to go; None to show the page again with what is missing."""
    whose = {"survey": asked.survey, "enrolment": asked.enrolment}
    try:
        if step.part is None:
            services.save_questions(**whose, values=form.given())
        else:
            services.save_page(**whose, part=step.part, values=form.given())
    except (services.AlreadySubmittedError, services.NotOpenError):
        return redirect("portal:survey", pk=asked.survey.pk)  # another tab was faster, or time is up: it says which
    if "keep" in request.POST:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if "later" in request.POST:
        messages.success(request, "Your answers are kept. Come back from your home page when it suits you.")
        return redirect("portal:home")
    return _after(asked.survey.pk, step.number, count) if form.is_valid() else None


def _after(pk: UUID, number: int, count: int) -> HttpResponse:
    if number < count:
        return redirect("portal:survey_page", pk=pk, number=number + 1)
    return redirect("portal:survey_check", pk=pk)


def _page_context(asked: Asked, step: selectors.Step, form: PageForm | QuestionsForm, count: int) -> dict[str, object]:
    return {
        "survey": asked.survey,
        "citation": selectors.citation_of(step.part) if step.part else "",
        "question": selectors.heading_of(asked.survey) if step.part else selectors.OWN_QUESTIONS,
        "form": form,
        "number": step.number,
        "pages": count,
        "previous": step.number - 1,
        "kept": form.is_bound and (step.part is None or len(form.given())),
    }


def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All answers once more, then handing them in."""
    asked = _asked(request, pk)
    if not asked.may_answer or asked.response is None:
        return redirect("portal:survey", pk=pk)
    if request.method == "POST":
        return _hand_in(request, asked)
    gap = selectors.first_unanswered(asked.response)
    if gap is not None:
        return redirect("portal:survey_page", pk=pk, number=gap)
    given, own = selectors.given_answers(asked.response), selectors.own_answers(asked.response)
    parts = [
        (step.number, _rows(step.part, given) if step.part else _own_rows(step.questions, own))
        for step in selectors.steps(asked.survey)
    ]
    return render(request, "portal/survey/check.html", {"survey": asked.survey, "parts": parts})


def _hand_in(request: HttpRequest, asked: Asked) -> HttpResponse:
    try:
        services.submit(survey=asked.survey, enrolment=asked.enrolment)
    except services.UnansweredError as gap:
        messages.warning(request, gap.message)
        return redirect("portal:survey_page", pk=asked.survey.pk, number=gap.page)
    except (services.AlreadySubmittedError, services.NotOpenError):
        return redirect("portal:survey", pk=asked.survey.pk)  # another tab was faster, or time is up: it says which
    return redirect("portal:survey_thanks", pk=asked.survey.pk)


def _rows(part: SurveyPart, given: dict) -> list[tuple[str, str]]:
    """Each statement with its answer in words."""
    words = dict(answer_choices(part))
    values = ((item.text, given[item.pk]) for item in part.instrument.items.all())
    return [(text, words["none" if value is None else str(value)]) for text, value in values]


def _own_rows(own: list[Question], given: dict) -> list[tuple[str, str]]:
    """Each of the team's own questions with its answer in words."""
    return [(question.text, _own_words(question, given.get(question.pk))) for question in own]


def _own_words(question: Question, given: QuestionAnswer | None) -> str:
    if given is None or not (given.chosen or given.text):
        return "Left open"
    if question.kind == Question.Kind.CONSENT:
        return "Agreed"
    words = dict(question.choices)
    return given.text or "; ".join(words[str(number)] for number in given.chosen)


def thanks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Thank you, and what comes next."""
    asked = _asked(request, pk)
    if not asked.is_submitted:
        return redirect("portal:survey", pk=pk)
    then = _looking_back(asked)
    context = {
        "survey": asked.survey,
        "enrolment": asked.enrolment,
        "is_last": asked.survey.wave != Survey.Wave.PRE,
        "looking_back": then,
        "looking_back_minutes": _minutes(selectors.pages(then)) if then else 0,
        "may_ask_for_quote": asked.survey.wave == Survey.Wave.POST and consents(request.user)[Purpose.TESTIMONIAL],
    }
    return render(request, "portal/survey/thanks.html", context)


def _minutes(parts: list[SurveyPart]) -> int:
    return selectors.minutes_for(sum(len(part.instrument.items.all()) for part in parts))


def _looking_back(asked: Asked) -> Survey | None:
    """The optional page after the survey at the end, while it waits."""
    if asked.survey.wave != Survey.Wave.POST or not asked.window.may_answer:
        return None
    then = asked.enrolment.cohort.surveys.filter(wave=Survey.Wave.THEN).first()
    return then if then and not selectors.has_handed_in(asked.enrolment, Survey.Wave.THEN) else None


def testimonial(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A quote for the public page, offered by those who agreed to be asked."""
    asked = _asked(request, pk)
    if not asked.is_submitted or not consents(request.user)[Purpose.TESTIMONIAL]:
        return redirect("portal:survey", pk=pk)
    form = typed.put_back(request, TestimonialForm(services.signatures(asked.enrolment), _posted(request)))
    if request.method == "POST" and form.is_valid():
        quote, attribution = form.cleaned_data["quote"], form.cleaned_data["attribution"]
        services.offer_testimonial(enrolment=asked.enrolment, quote=quote, attribution=attribution)
        messages.success(request, "Thank you. The programme team will read your words before they are published.")
        return redirect("portal:home")
    return render(request, "portal/survey/testimonial.html", {"form": form, "survey": asked.survey})


@asks_first
def withdraw_testimonial(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its author takes a quote back, whenever they like; it is off the public page at once."""
    own = get_object_or_404(selectors.quotes_of(request.user), pk=pk)
    back = reverse("portal:progress", args=[own.enrolment_id])
    if request.method != "POST":
        follows = (
            "They are off our public pages at once, and nobody of the programme team can publish them any more. You "
            "can’t bring them back. What others have copied or printed before, we can’t call back."
        )
        return ask(
            request,
            Caution("Withdraw your words", "Withdraw them?", follows, "Withdraw my words", back, quoted=own.quote),
        )
    services.withdraw_testimonial(testimonial=own, by=request.user)
    messages.success(request, "Your words are withdrawn. They are not shown any more.")
    return redirect(back)
