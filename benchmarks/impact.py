"""A cohort's impact beside what it cannot be faster than: the same query and one bare NumPy pass over the same scores.

Both answer the same question about the same people, who answered one scale of a survey before and after.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from accounts import clock
from accounts.models import User
from benchmarks.table import ratio
from cohorts.models import Cohort
from participants.models import Enrolment
from privacy.models import ConsentEvent, ConsentWording, Purpose
from surveys.disclosure import TEAM, Ledger
from surveys.models import Answer, ParticipantKey, Response, Survey
from surveys.selectors import pages
from surveys.selectors.impact import impact_figures
from surveys.services import ensure_surveys
from tests.factories import CohortFactory, OrganisationFactory

COLUMNS = {
    "people": "paired people", "answers": "answers", "ms": "ms", "floor_ms": "query + NumPy ms", "ratio": "÷ floor",
}  # fmt: skip
BATCH = 5000


def cohort_of(people: int) -> Cohort:
    """A cohort of so many people who all answered the first scale before and after."""
    cohort = CohortFactory()
    ensure_surveys(cohort=cohort)
    for survey in cohort.surveys.all():
        survey.parts.filter(position__gt=1).delete()
    enrolments = _people(cohort, people)
    keys = ParticipantKey.objects.bulk_create((ParticipantKey(enrolment=one) for one in enrolments), BATCH)
    random = np.random.default_rng(1)
    for survey in cohort.surveys.all():
        _answer(survey, [one.key for one in keys], random)
    return cohort


def _people(cohort: Cohort, count: int) -> list[Enrolment]:
    users = User.objects.bulk_create((User(email=f"i{n}@bench.example", last_name=f"{n}") for n in range(count)), BATCH)
    wording = ConsentWording.objects.create(purpose=Purpose.EVALUATION, version=99, text="Use in reports")
    ConsentEvent.objects.bulk_create(
        (ConsentEvent(user=u, wording=wording, wording_digest=wording.digest, given=True, how="bench") for u in users),
        BATCH,
    )
    employer = OrganisationFactory()
    said: dict[str, Any] = {"level": 3, "function": "finance", "state": "enrolled", "agreed_at": clock.now()}
    said |= {"role": "mentee", "side": "member"}
    enrolled = [Enrolment(cohort=cohort, user=user, organisation=employer, **said) for user in users]
    return Enrolment.objects.bulk_create(enrolled, BATCH)


def _answer(survey: Survey, keys: list[str], random: np.random.Generator) -> None:
    responses = Response.objects.bulk_create(
        (Response(survey=survey, participant_key=key, submitted_at=clock.now()) for key in keys), BATCH
    )
    items = [item for part in pages(survey) for item in part.instrument.items.all()]
    values = random.integers(1, 6, (len(responses), len(items))).tolist()
    Answer.objects.bulk_create(
        (
            Answer(response=response, item=item, value=value)
            for response, row in zip(responses, values, strict=True)
            for item, value in zip(items, row, strict=True)
        ),
        BATCH,
    )


def floor(cohort: Cohort) -> None:
    """Fetch every answer of both surveys and take one pass over the people's mean scores."""
    scores = []
    for survey in cohort.surveys.order_by("-wave"):
        rows = Answer.objects.filter(response__survey=survey).order_by("response__participant_key", "item")
        found = list(rows.values_list("response__participant_key", "item_id", "value"))
        width = len({item for _, item, _ in found})
        scores.append(np.array([value for _, _, value in found], dtype=float).reshape(-1, width).mean(axis=1))
    change = scores[1] - scores[0]
    change.mean(), change.std(ddof=1), np.corrcoef(scores[0], scores[1])


def measure(people: int = 20_000, rounds: int = 3) -> dict[str, Any]:
    """The best of some rounds of each, taking turns."""
    cohort = cohort_of(people)
    answers = Answer.objects.filter(response__survey__cohort=cohort).count()
    turns = [(_ms(lambda: floor(cohort)), _ms(lambda: impact_figures(cohort, TEAM, Ledger()))) for _ in range(rounds)]
    least, taken = (min(column) for column in zip(*turns, strict=True))
    return {"people": people, "answers": answers, "ms": taken, "floor_ms": least, "ratio": ratio(taken, least)}


def _ms(call: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begin)
