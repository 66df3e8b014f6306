"""The answers of many people, for `surveys.disclosure` and for nothing else."""

from dataclasses import dataclass

from cohorts.models import Cohort
from participants.models import Enrolment
from privacy.models import Purpose
from privacy.selectors import agreed
from surveys.models import Answer, Item, ParticipantKey, Response, Survey, SurveyPart
from surveys.scoring import score, turned

Given = dict[object, int | None]


@dataclass(frozen=True)
class Group:
    """Everybody's answers to one survey, by participant key; only of those who agree to their use in reports."""

    answers: dict[str, Given]

    def scores(self, part: SurveyPart) -> dict[str, float]:
        """The scores on one scale of those who have one."""
        items = items_of(part)
        found = {key: score(part.instrument, items, given) for key, given in self.answers.items()}
        return {key: value for key, value in found.items() if value is not None}

    def rows(self, part: SurveyPart) -> list[list[int | None]]:
        """One row a person of the items of one scale, reversed ones turned round."""
        items = items_of(part)
        return [[turned(item, given.get(item.pk)) for item in items] for given in self.answers.values()]


def items_of(part: SurveyPart) -> list[Item]:
    """The items of a page; each knows its instrument without another query."""
    items = list(part.instrument.items.all())
    for item in items:
        item.instrument = part.instrument
    return items


def consenting_keys(cohort: Cohort) -> set[str]:
    """The keys of the cohort's people who agree today to the use of their answers in reports."""
    people = dict(Enrolment.objects.active().filter(cohort=cohort).values_list("pk", "user_id"))
    willing = agreed(people.values(), Purpose.EVALUATION)
    keys = ParticipantKey.objects.filter(enrolment__in=people).values_list("key", "enrolment_id")
    return {key for key, enrolment in keys if people[enrolment] in willing}


def group_of(survey: Survey, keys: set[str]) -> Group:
    """The surveys handed in by these people. First surveys that came late are left out: they are not a beginning."""
    responses = Response.objects.filter(survey=survey, participant_key__in=keys, submitted_at__isnull=False, late=False)
    answers: dict[str, Given] = {key: {} for key in responses.values_list("participant_key", flat=True)}
    rows = Answer.objects.filter(response__in=responses)
    for key, item, value in rows.values_list("response__participant_key", "item_id", "value"):
        answers[key][item] = value
    # In the order of the random keys, so that nothing tells who answered first.
    return Group({key: answers[key] for key in sorted(answers)})
