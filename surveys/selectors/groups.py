"""The answers of many people, for `surveys.disclosure` and for nothing else."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import F, QuerySet

from circles.models import Membership
from cohorts.models import Cohort
from organisations.models import Coordinator
from participants.models import Enrolment
from privacy.models import Purpose
from privacy.selectors import agreed
from surveys.models import Answer, Item, ParticipantKey, QuestionAnswer, Response, Survey, SurveyPart
from surveys.scoring import score, turned
from surveys.selectors.link import is_unlinked
from surveys.statistics import PostScores, PreScores, ThenScores

Given = dict[object, int | None]
Scores = TypeVar("Scores", PreScores, PostScores, ThenScores)
# What the scores of a wave are: the wave is read from the survey, so that none passes for another.
KINDS = {Survey.Wave.PRE: PreScores, Survey.Wave.POST: PostScores, Survey.Wave.THEN: ThenScores}


@dataclass(frozen=True)
class Group(Generic[Scores]):
    """Everybody's answers to one survey, by participant key; only of those who agree to their use in reports."""

    answers: dict[str, Given]
    kind: type[Scores]

    def scores(self, part: SurveyPart) -> Scores:
        """The scores on one scale of those who have one."""
        items = items_of(part)
        found = {key: score(part.instrument, items, given) for key, given in self.answers.items()}
        return self.kind({key: value for key, value in found.items() if value is not None})

    def complete_rows(self, part: SurveyPart) -> dict[str, list[int | None]]:
        """By key, the rows of those who answered every item of one scale."""
        rows = zip(self.answers, self.rows(part), strict=True)
        return {key: row for key, row in rows if None not in row}

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


def circles_of(cohort: Cohort) -> dict[str, object]:
    """The circle in which each key's person sits, or sat last."""
    seats = Membership.objects.filter(enrolment__cohort=cohort).order_by(F("left_at").asc(nulls_last=True))
    circles = dict(seats.values_list("enrolment_id", "circle_id"))
    return {key: circles[one] for key, one in keys_of(cohort) if one in circles}


def organisations_of(cohort: Cohort) -> dict[str, set[str]]:
    """The keys of each organisation's people, by the organisation's own key, in its order."""
    employers = dict(cohort.enrolments.values_list("pk", "organisation_id"))
    found: dict[str, set[str]] = {str(one): set() for one in employers.values() if one}
    for key, enrolment in keys_of(cohort):
        if employers[enrolment]:
            found[str(employers[enrolment])].add(key)
    return dict(sorted(found.items()))


def coordinators_keys(cohort: Cohort) -> dict[str, set[str]]:
    """By organisation, the keys under which its coordinators themselves answered."""
    reading = Coordinator.objects.filter(ended_at__isnull=True).values_list("organisation_id", "user_id")
    users = dict(cohort.enrolments.values_list("pk", "user_id"))
    key_of = {users[enrolment]: key for key, enrolment in keys_of(cohort)}
    found: dict[str, set[str]] = {}
    for organisation, user in reading:
        found.setdefault(str(organisation), set()).update({key_of[user]} if user in key_of else set())
    return found


def team_keys(cohort: Cohort) -> frozenset[str]:
    """The keys under which people answered who work in the programme team as well."""
    of_staff = ParticipantKey.objects.filter(enrolment__cohort=cohort, enrolment__user__is_staff=True)
    return frozenset(of_staff.values_list("key", flat=True))


def keys_of(cohort: Cohort) -> list[tuple[str, object]]:
    """Each random key with the enrolment that it stands for."""
    return list(ParticipantKey.objects.filter(enrolment__cohort=cohort).values_list("key", "enrolment_id"))


def consenting_keys(cohort: Cohort) -> set[str]:
    """The keys of the cohort's people who agree today to the use of their answers in reports.

    Once whose answers are whose is forgotten, only those of people who had agreed are left.
    """
    if is_unlinked(cohort) and not keys_of(cohort):
        left = Response.objects.filter(survey__in=cohort.surveys.page_by_page())
        return set(left.values_list("participant_key", flat=True))
    people = dict(Enrolment.objects.active().filter(cohort=cohort).values_list("pk", "user_id"))
    willing = agreed(people.values(), Purpose.EVALUATION)
    keys = ParticipantKey.objects.filter(enrolment__in=people).values_list("key", "enrolment_id")
    return {key for key, enrolment in keys if people[enrolment] in willing}


def handed_in(survey: Survey, keys: set[str]) -> QuerySet[Response]:
    """What these people handed in. First surveys that came late are left out: they are not a beginning."""
    return Response.objects.filter(survey=survey, participant_key__in=keys, submitted_at__isnull=False, late=False)


def group_of(survey: Survey, keys: set[str]) -> Group[Any]:
    """The surveys handed in by these people, page by page."""
    responses = handed_in(survey, keys)
    answers: dict[str, Given] = {key: {} for key in responses.values_list("participant_key", flat=True)}
    rows = Answer.objects.filter(response__in=responses)
    for key, item, value in rows.values_list("response__participant_key", "item_id", "value"):
        answers[key][item] = value
    # In the order of the random keys, so that nothing tells who answered first.
    return Group({key: answers[key] for key in sorted(answers)}, KINDS[Survey.Wave(survey.wave)])


def usefulness_of(survey: Survey, keys: set[str]) -> dict[int, dict[str, int]]:
    """By number of a session, in whichever circle it was, what these people answered about it, by key."""
    rows = Answer.objects.filter(response__in=handed_in(survey, keys), value__isnull=False)
    found: dict[int, dict[str, int]] = {}
    told = rows.order_by("response__participant_key")
    for session, key, value in told.values_list("response__occasion", "response__participant_key", "value"):
        found.setdefault(session, {})[key] = value
    return found


def choices_of(survey: Survey, keys: set[str]) -> dict[object, dict[str, list[int]]]:
    """By question of the team's own, what these people chose, by key; an empty list where it was left open."""
    people = sorted(handed_in(survey, keys).values_list("participant_key", flat=True))
    found: dict[object, dict[str, list[int]]] = {
        question: {key: [] for key in people} for question in survey.questions.values_list("pk", flat=True)
    }
    rows = QuestionAnswer.objects.filter(response__in=handed_in(survey, keys))
    for question, key, chosen in rows.values_list("question_id", "response__participant_key", "chosen"):
        found[question][key] = chosen
    return found
