"""Kinds of message that this app sends."""

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from outbox import kinds
from outbox.models import Message
from outbox.rendering import Url
from surveys.models import Survey
from surveys.selectors.due import minutes_for, response_states
from surveys.selectors.windows import Window, session_span, window
from ui.dates import uk_date


def _survey(message: Message) -> Survey | None:
    return Survey.objects.select_related("cohort").filter(pk=message.object_id).first()


def _still_due(message: Message) -> str:
    """A survey is asked for while it is open and the person is in the cohort and has not handed it in."""
    survey = _survey(message)
    if survey is None or message.recipient is None:
        return "The survey or the person is gone."
    enrolment = message.recipient.enrolments.enrolled().filter(cohort=survey.cohort).first()
    if enrolment is None:
        return "The person has left the cohort."
    if window(survey) != Window.OPEN:
        return "The survey is not open any more."
    return "It was handed in." if response_states(enrolment).get(survey.pk) else ""


def _closes(survey: Survey) -> str:
    """When the survey should be in, in words: the first session, or the closing date."""
    if survey.wave == Survey.Wave.POST:
        return f"by {uk_date(survey.cohort.close_until)}"
    return f"before the first session on {uk_date(session_span(survey.cohort).first_starts)}"


def _context(message: Message) -> kinds.Context:
    survey = (
        Survey.objects.annotate(items=Count("parts__instrument__items"))
        .select_related("cohort")
        .get(pk=message.object_id)
    )
    return {
        "first_name": message.recipient.first_name if message.recipient else "",
        "minutes": minutes_for(survey.items),
        "closes": _closes(survey),
        "before": survey.wave == Survey.Wave.PRE,
        "url": Url(settings.BASE_URL + reverse("portal:survey", args=[survey.pk])),
    }


GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Nia"),
    "minutes": ("About how many minutes it takes", 8),
    "closes": ("Until when they should answer, in words", "by Friday 30 October 2026"),
    "before": ("Whether it is the survey before the sessions; otherwise the one after", True),
    "url": ("The survey", "/survey/1/"),
}

for _key, _title in [("survey_open", "Survey is open"), ("survey_reminder", "Survey: not yet answered")]:
    kinds.register(
        kinds.MessageKind(
            key=f"surveys.{_key}",
            title=_title,
            audience="Those enrolled who have not handed the survey in",
            context=_context,
            still_due=_still_due,
            variables=kinds.variables(*GLOSSARY, of=GLOSSARY),
            required=("url",),
            category=kinds.Category.SURVEYS,
        )
    )
