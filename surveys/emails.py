"""Kinds of message that this app sends."""

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from circles import links
from circles.models import Session
from outbox import kinds
from outbox.models import Message
from outbox.rendering import Url
from participants.models import Enrolment
from surveys.models import Survey
from surveys.selectors.check_ins import checked_in, is_check_in_open, is_mid_point, mid_point_note, was_there
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


def _person(message: Message, session: Session) -> Enrolment | None:
    seats = Enrolment.objects.enrolled().filter(user=message.recipient, memberships__circle=session.circle_id)
    return seats.filter(memberships__left_at__isnull=True).first()


def _check_in_due(message: Message) -> str:
    """Asked once, while it can be answered, of who was there and has not answered."""
    session = message.about
    if not is_check_in_open(session):
        return "It can’t be answered any more."
    person = _person(message, session)
    if person is None or not was_there(session, person):
        return "The person was not there, or has left."
    return "They have answered." if session.number in checked_in(person) else ""


def _check_in_context(message: Message) -> kinds.Context:
    session = message.about
    person = Enrolment.objects.get(cohort=session.circle.cohort_id, user=message.recipient)
    return {
        "first_name": message.recipient.first_name,
        "number": session.number,
        "day": uk_date(session.starts_at),
        "url": links.page("portal:check_in_by_link", links.token(session, person)),
    }


def _mid_point_due(message: Message) -> str:
    if message.about.state != "enrolled":
        return "The person has left the cohort."
    if mid_point_note(message.about):
        return "They have answered."
    return "" if is_mid_point(message.about) else "It can’t be answered any more."


def _mid_point_context(message: Message) -> kinds.Context:
    return {
        "first_name": message.about.user.first_name,
        "url": links.page("portal:mid_point", message.about.pk),
    }


GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Nia"),
    "minutes": ("About how many minutes it takes", 8),
    "closes": ("Until when they should answer, in words", "by Friday 30 October 2026"),
    "before": ("Whether it is the survey before the sessions; otherwise the one after", True),
    "number": ("Which session it is about", 2),
    "day": ("On which day the session was", "Tuesday 19 January 2027"),
    "url": ("The page with the questions", "/survey/1/"),
}

for _key, _title in [("survey_open", "Survey is open"), ("survey_reminder", "Survey: not yet answered")]:
    kinds.register(
        kinds.MessageKind(
            key=f"surveys.{_key}",
            title=_title,
            audience="Those enrolled who have not handed the survey in",
            context=_context,
            still_due=_still_due,
            variables=kinds.variables("first_name", "minutes", "closes", "before", "url", of=GLOSSARY),
            required=("url",),
            category=kinds.Category.SURVEYS,
        )
    )

kinds.register(
    kinds.MessageKind(
        key="surveys.check_in",
        title="Two questions after a session",
        audience="Those who were there and were not asked whether they were",
        context=_check_in_context,
        still_due=_check_in_due,
        variables=kinds.variables("first_name", "number", "day", "url", of=GLOSSARY),
        required=("url",),
        related=("circle__cohort",),
        category=kinds.Category.SURVEYS,
    )
)
kinds.register(
    kinds.MessageKind(
        key="surveys.mid_point",
        title="Half-way through a pair",
        audience="Both people of each pair",
        context=_mid_point_context,
        still_due=_mid_point_due,
        variables=kinds.variables("first_name", "url", of=GLOSSARY),
        required=("url",),
        related=("cohort__format", "user"),
        category=kinds.Category.SURVEYS,
    )
)
