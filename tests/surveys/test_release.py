"""A release can be made again: the same answers, code and moment give the same bytes (E-14).

`golden_release.json` is what a release was when somebody last agreed that it is right. `make golden` writes it anew.
"""

import datetime as dt
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from accounts import clock
from circles.models import Circle
from cohorts.models import Cohort
from participants.models import Enrolment
from privacy.models import Purpose
from privacy.services import set_consent
from staff.demonstration.surveys import Respondent, ask_own_questions
from surveys.disclosure import OUTSIDE, TEAM, Ledger
from surveys.models import Answer, Instrument, ParticipantKey, Question, QuestionAnswer, Response, Snapshot
from surveys.selectors.flow import waves
from surveys.selectors.impact import audience_of, impact_figures
from surveys.selectors.provenance import code_version
from surveys.services import close_cohort
from surveys.services.closing import canonical
from tests.factories import CircleFactory, EnrolmentFactory, MembershipFactory, OrganisationFactory
from tests.surveys.people import AFTER, BEFORE, cohort_with_sessions, pages, seated, survey_of

GOLDEN = Path(__file__).parent / "golden_release.json"
CLOSED_AT = dt.datetime(2027, 4, 15, 11, 0, tzinfo=dt.UTC)
PEOPLE, CIRCLES = 60, 12
AGAIN = [n for n in range(PEOPLE) if n % 10 != 9]
LOOKED_BACK, CHECKED_IN = AGAIN[8:], range(40)

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(move_clock: Callable[[dt.date], None]) -> Cohort:
    """Sixty people in twelve circles from four employers who answer as those of the demonstration do, now closed.

    Whatever is drawn at random elsewhere, keys too, is given here.
    """
    move_clock(BEFORE)
    cohort = cohort_with_sessions(number=900)
    ask_own_questions(survey_of(cohort, "post"))
    for n, question in enumerate(Question.objects.order_by("position")):
        Question.objects.filter(pk=question.pk).update(id=UUID(int=n))
    employers = [OrganisationFactory(pk=UUID(int=n)) for n in range(4)]
    people = [seated(cohort, seat=1 + n, organisation=employers[n % 4]) for n in range(PEOPLE // CIRCLES)]
    for n in range(len(people), PEOPLE):
        if n % (PEOPLE // CIRCLES) == 0:
            circle = CircleFactory(cohort=cohort)
        people.append(_elsewhere(cohort, circle, n, organisation=employers[n % 4]))
    ParticipantKey.objects.bulk_create(
        ParticipantKey(enrolment=one, key=sha256(b"%d" % n).hexdigest()[:32]) for n, one in enumerate(people)
    )
    answered = [Respondent(Random(n)) for n in range(PEOPLE)]
    _answer(people, "pre", answered)
    move_clock(AFTER)
    _answer([people[n] for n in AGAIN], "post", [answered[n] for n in AGAIN])
    _answer([people[n] for n in LOOKED_BACK], "then", [answered[n] for n in LOOKED_BACK])
    _answer([people[n] for n in CHECKED_IN], "check_in", [answered[n] for n in CHECKED_IN], occasion=1)
    with clock.standing_at(CLOSED_AT):
        return close_cohort(cohort=cohort, by=None)


def _elsewhere(cohort: Cohort, circle: Circle, n: int, **values: object) -> Enrolment:
    enrolment = EnrolmentFactory(cohort=cohort, completed_at=clock.now(), **values)
    MembershipFactory(circle=circle, enrolment=enrolment, seat=1 + n % (PEOPLE // CIRCLES))
    set_consent(user=enrolment.user, purpose=Purpose.EVALUATION, given=True, how="test")
    return enrolment


def _answer(people: list[Enrolment], wave: str, answered: list[Respondent], occasion: int = 0) -> None:
    survey = survey_of(people[0].cohort, wave)
    keys = dict(ParticipantKey.objects.filter(enrolment__in=people).values_list("enrolment_id", "key"))
    responses = Response.objects.bulk_create(
        Response(survey=survey, participant_key=keys[one.pk], submitted_at=clock.now(), occasion=occasion)
        for one in people
    )
    Answer.objects.bulk_create(
        Answer(response=response, item=item, value=person.value(item, part, wave))
        for response, person in zip(responses, answered, strict=True)
        for part in pages(survey)
        for item in part.instrument.items.all()
    )
    own = list(survey.questions.all())
    QuestionAnswer.objects.bulk_create(
        QuestionAnswer(response=response, question_id=key, chosen=chosen, text=text)
        for response, person in zip(responses, answered, strict=True)
        for key, (chosen, text) in person.own_answers(own).items()
    )


def test_a_release_is_made_again_to_the_byte_and_is_the_one_on_record(closed: Cohort, renew: bool) -> None:
    released = dict(closed.snapshots.values_list("kind", "figures"))
    for kind, audience in ((Snapshot.Kind.IMPACT, TEAM), (Snapshot.Kind.OUTSIDE, OUTSIDE)):
        with clock.standing_at(CLOSED_AT):
            again = canonical(impact_figures(closed, audience_of(waves(closed), audience), Ledger()))
        assert again == canonical(released[kind])
        assert sha256(again.encode()).hexdigest() == closed.snapshots.get(kind=kind).digest

    versions = dict(Instrument.objects.values_list("key", "version"))
    for figures in released.values():
        # Which code it was changes with every change of it, whether or not a figure does.
        assert figures.pop("code") == code_version()
        assert figures["cut_off"] == closed.closed_at.isoformat(timespec="seconds") == CLOSED_AT.isoformat()
        assert figures["excluded"]
        assert figures["seed"] is None
        assert all(row["version"] == versions[row["key"]] for row in figures.get("outcomes", []))
    outcome = released["impact"]["outcomes"][0]
    assert outcome["figures"]["cluster"]["circles"] == CIRCLES
    assert outcome["looking_back"]
    assert outcome["figures"]["n_pairs"] == len(AGAIN)

    text = json.dumps(released, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    if renew:
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text("utf-8"), "Released figures have changed. If they should: make golden"
