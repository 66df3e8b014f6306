"""What is held about one person under their random key, in words: for that person's own eyes."""

from collections.abc import Iterator

from accounts.models import User
from participants.models import Enrolment
from surveys.models import (
    GoalRating,
    Instrument,
    ParticipantKey,
    Question,
    QuestionAnswer,
    Response,
    Survey,
    TeamNote,
)
from surveys.scoring import score, score_range
from surveys.selectors.answers import given_answers, pages
from surveys.selectors.groups import items_of

Line = dict[str, object]
PREFER_NOT = "Prefer not to say"
NOT_RATED = "Not rated"


def keys_of(user: User) -> dict[str, Enrolment]:
    """The person's random keys, each with the part in a cohort that it stands for."""
    rows = ParticipantKey.objects.filter(enrolment__user=user).select_related("enrolment__cohort").order_by("pk")
    return {row.key: row.enrolment for row in rows}


def held_answers(user: User) -> list[Line]:
    """Every answer with the words that were asked and the scale it was given on, and each scale's score."""
    responses = Response.objects.filter(participant_key__in=keys_of(user)).select_related("survey__cohort")
    return [line for response in responses.order_by("created_at", "pk") for line in _response(response)]


def _response(response: Response) -> Iterator[Line]:
    about = {"Survey": _title(response), "Handed in": response.submitted_at or "Not handed in"}
    given = given_answers(response)
    for part in pages(response.survey):
        items = items_of(part)
        for item in items:
            if item.pk in given:
                words = _words(part.instrument, given[item.pk])
                yield about | {"Asked": item.text, "Answered": words, "Scale": _scale(part.instrument)}
        if (found := score(part.instrument, items, given)) is not None:
            low, high = score_range(part.instrument, len(items))
            yield about | {"Score": part.instrument.plain_name, "Points": round(found, 2), "Of": f"{low:g} to {high:g}"}
    for own in QuestionAnswer.objects.filter(response=response).select_related("question").order_by("question"):
        yield about | _own(own)


def _title(response: Response) -> str:
    survey = response.survey
    about = f" (session {response.occasion})" if survey.wave == Survey.Wave.CHECK_IN else ""
    return f"{survey.title}{about}, {survey.cohort}"


def _scale(instrument: Instrument) -> str:
    return "; ".join(f"{value} {words}" for value, words in enumerate(instrument.anchors, start=instrument.scale_min))


def _words(instrument: Instrument, value: int | None) -> str:
    return PREFER_NOT if value is None else f"{value} {instrument.anchors[value - instrument.scale_min]}"


def _own(answer: QuestionAnswer) -> Line:
    """An answer to one of the team's own questions, with the answers that could be chosen."""
    question = answer.question
    if question.kind == Question.Kind.CONSENT:
        return {"Asked": question.text, "Answered": "Agreed" if answer.chosen else "Not agreed"}
    words = dict(question.choices)
    said = answer.text or "; ".join(words[str(number)] for number in answer.chosen) or "Left open"
    return {"Asked": question.text, "Answered": said, "Scale": "; ".join(words.values())}


def held_goals(user: User) -> list[Line]:
    """How the person rated their own goals; the words are the topic's or, without one, their own."""
    enrolments = keys_of(user)
    rows = GoalRating.objects.filter(participant_key__in=enrolments).select_related("topic").order_by("pk")
    return [
        {
            "Goal": row.topic.name if row.topic else enrolments[row.participant_key].goal_note,
            "When you started": row.get_before_display() or NOT_RATED,
            "Now": row.get_now_display() or NOT_RATED,
            "Scale": "; ".join(f"{value} {words}" for value, words in GoalRating.Reach.choices),
        }
        for row in rows
    ]


def held_notes(user: User) -> list[Line]:
    """What the person told the programme team, with their name and without."""
    rows = TeamNote.objects.filter(enrolment__user=user) | TeamNote.objects.filter(participant_key__in=keys_of(user))
    return [
        {
            "Told the team": row.get_origin_display(),
            "With your name": row.enrolment_id is not None,
            "Words": row.text or "None",
            "How the work is shared": row.get_shared_display() or "Not asked",
            "Asked to be contacted": row.asks_for_help,
        }
        for row in rows.order_by("created_at", "pk")
    ]
