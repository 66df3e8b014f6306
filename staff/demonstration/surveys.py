"""Surveys before and after, with answers that change as answers do: a little, unevenly, and not for everybody."""

from random import Random

from participants.models import Enrolment
from surveys.models import Item, Survey, SurveyPart
from surveys.selectors.answers import pages
from surveys.selectors.windows import Span, session_span
from surveys.services import answering

QUOTES = [
    "I stopped waiting to be asked. The circle showed me how others put themselves forward.",
    "Ten people from ten employers, and every month somebody had solved what I was stuck on.",
    "As a mentor I learned more about my own organisation than I expected.",
    "I now know how decisions about promotion are made, and whom to talk to.",
]


class Respondent:
    """How one person answers: where they stand, how far they have come, and how much a day's mood matters."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.level = random.gauss(0.56, 0.13)
        self.change = random.gauss(0.08, 0.1)

    def value(self, item: Item, part: SurveyPart, wave: str) -> int | None:
        if self.random.random() < 0.01:
            return None
        share = self.level + (self.change if wave == Survey.Wave.POST else 0) + self.random.gauss(0, 0.12)
        low, high = part.instrument.scale_min, part.instrument.scale_max
        value = min(high, max(low, round(low + share * (high - low))))
        return low + high - value if item.reverse else value


def answer(survey: Survey, parts: list[SurveyPart], enrolment: Enrolment, person: Respondent, span: Span) -> None:
    told = [
        (part, {item.pk: person.value(item, part, survey.wave) for item in part.instrument.items.all()})
        for part in parts
    ]
    answering.save_pages(survey=survey, enrolment=enrolment, pages=told, span=span)
    answering.submit(survey=survey, enrolment=enrolment, span=span)


def answer_all(survey: Survey, people: dict[Enrolment, Respondent], share: float, random: Random) -> None:
    """That share of the people hand the survey in."""
    parts, span = pages(survey), session_span(survey.cohort)
    for enrolment, person in people.items():
        if random.random() < share:
            answer(survey, parts, enrolment, person, span)
