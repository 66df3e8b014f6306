"""Surveys before and after, with answers that change as answers do: a little, unevenly, and not for everybody."""

from copy import copy
from random import Random
from uuid import UUID

from accounts.models import User
from cohorts.models import Cohort
from participants.models import Enrolment
from surveys.models import Item, Question, Survey, SurveyPart
from surveys.selectors import outside_figures
from surveys.selectors.answers import pages
from surveys.selectors.comments import to_read
from surveys.selectors.goals import goals_of
from surveys.selectors.windows import Span, session_span
from surveys.services import answering, decide_comments, progress, publish_figures

QUOTES = [
    "I stopped waiting to be asked. The circle showed me how others put themselves forward.",
    "Ten people from ten employers, and every month somebody had solved what I was stuck on.",
    "I learned more about how my own organisation works than I expected.",
    "I now know how decisions about promotion are made, and whom to talk to.",
]


OWN_QUESTIONS = [
    (
        Question.Kind.SINGLE,
        "Would you recommend the programme to a colleague?",
        ["Yes, without hesitation", "Yes, with reservations", "Rather not"],
    ),
    (
        Question.Kind.MULTIPLE,
        "What did you take away? Tick all that apply.",
        ["New contacts", "A plan for my next step", "Confidence to speak up", "A different view of my organisation"],
    ),
    (Question.Kind.LONG, "What should we do differently next time?", []),
]
WISHES = ["", "", "", "More time in pairs.", "Start an hour later.", "An evening circle would suit me better."]


class Respondent:
    """How one person answers: where they stand, how far they have come, and how much a day's mood matters."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.level = random.gauss(0.56, 0.13)
        self.change = random.gauss(0.08, 0.1)
        self.aside = Random(str(self.level))  # noqa: S311 - its own, so that nothing else depends on what is said here

    def speaking_aside(self) -> "Respondent":
        """The same person on a page that not everybody gets to."""
        other = copy(self)
        other.random = self.aside
        return other

    def own_answers(self, questions: list[Question]) -> dict[UUID, tuple[list[int], str]]:
        return {question.pk: _own(question, self.aside) for question in questions}

    def value(self, item: Item, part: SurveyPart, wave: str) -> int | None:
        if self.random.random() < 0.01:
            return None
        # From the end people see their start a little lower than they put it then.
        come = {Survey.Wave.POST: self.change, Survey.Wave.THEN: -0.05}.get(Survey.Wave(wave), 0)
        share = self.level + come + self.random.gauss(0, 0.12)
        low, high = part.instrument.scale_min, part.instrument.scale_max
        value = min(high, max(low, round(low + share * (high - low))))
        return low + high - value if item.reverse else value


def ask_own_questions(survey: Survey) -> None:
    """A question to choose an answer from, one with boxes to tick, and one in people's own words."""
    for position, (kind, text, options) in enumerate(OWN_QUESTIONS, start=1):
        after = 1 if kind == Question.Kind.MULTIPLE else None  # between two scales
        Question.objects.create(
            survey=survey, position=position, after=after, kind=kind, text=text, options="\n".join(options)
        )


def pass_on(cohort: Cohort, by: User) -> None:
    """Written answers without names for the team, and the released figures for everybody, where there are any."""
    cohort = Cohort.objects.get(pk=cohort.pk)  # closed just now
    for one in to_read(cohort):
        decide_comments(cohort=cohort, decisions={key: (True, words) for key, words in one.words.items()}, by=by)
    released = outside_figures(cohort) or {"outcomes": []}
    if any(outcome["figures"] for outcome in released["outcomes"]):
        publish_figures(cohort=cohort, by=by)


def _own(question: Question, random: Random) -> tuple[list[int], str]:
    if question.kind == Question.Kind.LONG:
        return [], random.choice(WISHES)
    numbers = range(1, len(question.choices) + 1)
    if question.kind == Question.Kind.MULTIPLE:
        return [number for number in numbers if random.random() < 0.45], ""
    return random.choices(numbers, weights=[5, 3, 1][: len(numbers)])[:1], ""


def rate_goals(people: list[Enrolment], random: Random, *, ended: bool) -> None:
    """Where people stood with each of their goals, and where they stand now."""
    for enrolment in people:
        before = {goal.topic: random.choice([1, 1, 2, 2, 3]) for goal in goals_of(enrolment)}
        step = [1, 2, 2] if ended else [0, 1, 1]
        ratings = {topic: (start, min(5, start + random.choice(step))) for topic, start in before.items()}
        progress.rate_goals(enrolment=enrolment, ratings=ratings)


def answer(
    survey: Survey,
    parts: list[SurveyPart],
    own: list[Question],
    enrolment: Enrolment,
    person: Respondent,
    span: Span,
) -> None:
    told = [
        (part, {item.pk: person.value(item, part, survey.wave) for item in part.instrument.items.all()})
        for part in parts
    ]
    answering.save_pages(survey=survey, enrolment=enrolment, pages=told, span=span)
    if own:
        answering.save_questions(survey=survey, enrolment=enrolment, values=person.own_answers(own))
    answering.submit(survey=survey, enrolment=enrolment, span=span)


def answer_all(survey: Survey, people: dict[Enrolment, Respondent], share: float, random: Random) -> None:
    """That share of the people hand the survey in."""
    parts, own, span = pages(survey), list(survey.questions.all()), session_span(survey.cohort)
    for enrolment, person in people.items():
        if random.random() < share:
            answer(survey, parts, own, enrolment, person, span)
