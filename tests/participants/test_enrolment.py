"""Enrolling by service: what is kept, when it counts as done, and how it ends."""

import datetime as dt

import pytest
from django.db import connection

from accounts import clock
from outbox.models import Message
from participants import services, steps
from participants.models import EligibilityDeclaration
from participants.services import IncompleteError, RefusedError
from privacy.models import ConsentEvent
from tests.factories import CohortFactory, NominationFactory, ParticipationFactory, SlotFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    nomination = NominationFactory()
    SlotFactory(cohort=nomination.cohort)
    TopicFactory()
    return services.accept_nomination(nomination=nomination)


def answers(enrolment):
    from cohorts.models import Topic

    return {
        "name": {"first_name": "Nia", "last_name": "Okoro"},
        "eligibility": {"eligible": True},
        "job": {"job_title": "Analyst", "level": 3, "function": "finance"},
        "place": {"location": "Leeds", "meets_at": ["online"]},
        "slots": {"slots": enrolment.cohort.slots.all()},
        "dates": {"ranges": [(dt.date(2040, 1, 1), dt.date(2040, 1, 2))]},
        "goals": {"topics": Topic.objects.all(), "goal_note": ""},
        "access": {"access_needs": "Step-free access"},
        "manager": {"line_manager_agreed": False},
        "agreement": {"agreed": True},
        "consents": {"evaluation": True, "testimonial": False},
    }


def answer_all(enrolment):
    for step, data in answers(enrolment).items():
        enrolment = services.save_step(enrolment=enrolment, step=step, data=data)
    return enrolment


def test_all_answers_then_enrolled_with_history_and_one_mail(enrolment):
    enrolment = answer_all(enrolment)
    assert steps.open_steps(enrolment) == []

    services.complete_enrolment(enrolment=enrolment)
    services.complete_enrolment(enrolment=enrolment)

    enrolment.refresh_from_db()
    assert enrolment.state == "enrolled"
    assert [change.state for change in enrolment.changes.all()] == ["started", "enrolled"]
    assert Message.objects.filter(kind="participants.enrolled").count() == 1


def test_what_is_missing_is_named(enrolment):
    services.save_step(enrolment=enrolment, step="name", data=answers(enrolment)["name"])

    with pytest.raises(IncompleteError) as caught:
        services.complete_enrolment(enrolment=enrolment)
    assert caught.value.steps == [step for step in answers(enrolment) if step != "name"]


def test_access_needs_are_unreadable_in_the_database(enrolment):
    enrolment = answer_all(enrolment)

    with connection.cursor() as cursor:
        cursor.execute("SELECT access_needs FROM participants_enrolment WHERE id = %s", [enrolment.pk])
        stored = cursor.fetchone()[0]
    assert "Step-free" not in stored
    enrolment.refresh_from_db()
    assert enrolment.access_needs == "Step-free access"


def test_a_yes_keeps_the_words_that_were_agreed_to_and_nothing_more(enrolment):
    services.save_step(enrolment=enrolment, step="eligibility", data={"eligible": True})

    declaration = EligibilityDeclaration.objects.get()
    assert declaration.wording.startswith("I identify as Black, Asian, Mixed Race")


def test_a_no_after_enrolling_makes_the_enrolment_unfinished_again(enrolment):
    enrolment = services.complete_enrolment(enrolment=answer_all(enrolment))

    enrolment = services.save_step(enrolment=enrolment, step="eligibility", data={"eligible": False})

    assert enrolment.state == "started"
    assert not EligibilityDeclaration.objects.exists()
    with pytest.raises(IncompleteError):
        services.complete_enrolment(enrolment=enrolment)


def test_consent_is_recorded_only_for_what_was_answered(enrolment):
    services.save_step(enrolment=enrolment, step="consents", data={"evaluation": True, "testimonial": False})

    told = ConsentEvent.objects.values_list("wording__purpose", "given", "how")
    assert sorted(told) == [("evaluation", True, "enrolment"), ("testimonial", False, "enrolment")]


def test_without_the_agreement_nobody_is_enrolled(enrolment):
    with pytest.raises(RefusedError):
        services.save_step(enrolment=enrolment, step="agreement", data={"agreed": False})
    with pytest.raises(KeyError):
        services.save_step(enrolment=enrolment, step="side", data={"side": "lead"})


def test_questions_that_cannot_be_answered_are_not_asked():
    nomination = NominationFactory(participation=ParticipationFactory(cohort=CohortFactory()), role="mentor")
    enrolment = services.accept_nomination(nomination=nomination)

    asked = [step.key for step in steps.steps_for(enrolment)]
    assert asked == ["name", "job", "place", "dates", "access", "manager", "agreement", "consents"]


def test_leaving_frees_the_place_for_the_next(enrolment):
    participation = enrolment.nomination.participation
    participation.places.exclude(nomination=enrolment.nomination).delete()
    waiting = NominationFactory(participation=participation, state="reserve", reserve_position=1)

    services.withdraw_enrolment(enrolment=enrolment, by=enrolment.user)
    services.withdraw_enrolment(enrolment=enrolment, by=enrolment.user)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.place.role) == ("invited", "mentee")
    assert [change.state for change in enrolment.changes.all()] == ["started", "withdrawn"]


def test_answers_are_closed_after_publication(enrolment):
    enrolment.cohort.published_at = clock.now()
    enrolment.cohort.save()

    with pytest.raises(RefusedError):
        services.save_step(enrolment=enrolment, step="name", data=answers(enrolment)["name"])


def test_several_answers_are_kept_together_or_not_at_all(enrolment):
    given = answers(enrolment)
    given["agreement"] = {"agreed": False}
    with pytest.raises(RefusedError):
        services.save_steps(enrolment=enrolment, answers=given)
    enrolment.refresh_from_db()
    assert (enrolment.job_title, enrolment.steps_done) == ("", [])
    assert not EligibilityDeclaration.objects.filter(enrolment=enrolment).exists()

    kept = services.save_steps(enrolment=enrolment, answers=answers(enrolment))
    assert steps.open_steps(kept) == []
