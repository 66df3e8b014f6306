"""Enrolling, question by question."""

import pytest
from django.urls import reverse

from outbox.models import Message
from participants.models import EligibilityDeclaration, Enrolment
from privacy.selectors import consents
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    FormatFactory,
    NominationFactory,
    SlotFactory,
    StaffFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(client):
    from participants.services import accept_nomination

    nomination = NominationFactory(first_name="Nia", last_name="Okoro")
    SlotFactory(cohort=nomination.cohort, weekday=1)
    SlotFactory(cohort=nomination.cohort, weekday=3)
    TopicFactory.create_batch(7)
    enrolment = accept_nomination(nomination=nomination)
    client.force_login(enrolment.user)
    return enrolment


def step_url(enrolment, step):
    name = "enrolment_dates" if step == "dates" else "enrolment_step"
    args = [enrolment.pk] if step == "dates" else [enrolment.pk, step]
    return reverse(f"portal:{name}", args=args)


def answers(enrolment):
    return {
        "name": {"first_name": "Nia", "last_name": "Okoro-Bell"},
        "eligibility": {"eligible": "yes"},
        "job": {"job_title": "Analyst", "level": "3", "function": "finance"},
        "place": {"location": "Leeds"},
        "slots": {"slots": [str(enrolment.cohort.slots.first().pk)]},
        "dates": {"starts": "2040-01-05", "ends": "2040-01-09"},
        "goals": {"topics": topic_ids(2), "goal_note": "Speak up"},
        "access": {"access_needs": "Captions"},
        "manager": {"line_manager_agreed": "no"},
        "agreement": {"agreed": "on"},
        "consents": {
            "circle_sees": ["share_with_circle", "share_employer"],
            "evaluation": "yes", "share_attendance": "no", "testimonial": "no",
        },
    }  # fmt: skip


def topic_ids(count):
    from cohorts.models import Topic

    return [str(pk) for pk in Topic.objects.values_list("pk", flat=True)[:count]]


def answer_all(client, enrolment):
    for step, data in answers(enrolment).items():
        response = client.post(step_url(enrolment, step), data)
        assert response.status_code == 302, (step, response.content.decode())
    return response


def test_every_question_opens_and_leads_to_the_next(client, enrolment):
    for step, data in answers(enrolment).items():
        assert client.get(step_url(enrolment, step)).status_code == 200
        response = client.post(step_url(enrolment, step), data)
    assert response.url == reverse("portal:enrolment_check", args=[enrolment.pk])


def test_checking_and_enrolling_tells_what_comes_next(client, enrolment):
    answer_all(client, enrolment)
    check = client.get(reverse("portal:enrolment_check", args=[enrolment.pk])).content.decode()
    for words in ["Okoro-Bell", "Leeds", "Captions", "Not yet asked", "5 to 9 January 2040", "Speak up"]:
        assert words in check

    answer = client.post(reverse("portal:enrolment_check", args=[enrolment.pk]), follow=True)

    enrolment.refresh_from_db()
    assert enrolment.state == "enrolled"
    assert "You are enrolled" in answer.content.decode()
    assert Message.objects.filter(kind="participants.enrolled", recipient=enrolment.user).count() == 1
    agreed = {purpose for purpose, given in consents(enrolment.user).items() if given}
    assert agreed == {"share_with_circle", "share_employer", "evaluation"}
    assert consents(enrolment.user)["share_attendance"] is False


def test_answers_are_kept_and_shown_again_on_another_day(client, enrolment):
    client.post(step_url(enrolment, "job"), answers(enrolment)["job"])
    client.logout()
    client.force_login(enrolment.user)

    page = client.get(step_url(enrolment, "job")).content.decode()
    assert 'value="Analyst"' in page
    assert client.get(reverse("portal:enrolment", args=[enrolment.pk])).status_code == 200


def test_nothing_is_ticked_before_the_person_ticks_it(client, enrolment):
    for step in ["eligibility", "agreement", "consents", "manager"]:
        assert " checked" not in client.get(step_url(enrolment, step)).content.decode(), step


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("name", "Enter a first name."),
        ("eligibility", "Choose yes or no."),
        ("job", "Choose the level closest to yours."),
        ("place", "Enter the town or city where you work."),
        ("slots", "Choose at least one time that would work."),
        ("goals", "Choose at least one of these."),
        ("manager", "Say whether your line manager has agreed."),
        ("agreement", "Tick the box to take part."),
        ("consents", "Telling my organisation how many sessions I attended: choose yes or no."),
    ],
)
def test_an_empty_answer_is_explained(client, enrolment, step, words):
    page = client.post(step_url(enrolment, step), {})

    assert page.status_code == 200
    assert words in page.content.decode()
    enrolment.refresh_from_db()
    assert enrolment.steps_done == []


def test_no_more_than_five_goals(client, enrolment):
    page = client.post(step_url(enrolment, "goals"), {"topics": topic_ids(6)})

    assert "Choose no more than five. You have chosen 6." in page.content.decode()


def test_dates_can_be_added_and_removed_before_going_on(client, enrolment):
    url = step_url(enrolment, "dates")
    first = client.post(url, {"starts": "2040-02-01", "ends": "", "add": "yes"})
    client.post(url, {"starts": "2040-01-01", "ends": "2040-01-03", "add": "yes"})
    assert first.url == url
    away = list(enrolment.unavailabilities.all())
    assert [(a.starts.isoformat(), a.ends.isoformat()) for a in away] == [
        ("2040-01-01", "2040-01-03"), ("2040-02-01", "2040-02-01"),
    ]  # fmt: skip

    client.post(url, {"remove": str(away[0].pk)})

    assert [a.starts.isoformat() for a in enrolment.unavailabilities.all()] == ["2040-02-01"]


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"starts": "2040-02-03", "ends": "2040-02-01"}, "The last day must be on or after the first day."),
        ({"ends": "2040-02-01"}, "Enter the first day."),
        ({"starts": "2001-02-01"}, "These days have passed."),
        ({"starts": "soon"}, "Enter the first day as a date."),
    ],
)
def test_dates_that_cannot_be_are_explained(client, enrolment, dates, words):
    assert words in client.post(step_url(enrolment, "dates"), dates).content.decode()


def test_a_no_to_eligibility_gets_a_kind_page_and_nothing_is_kept(client, enrolment):
    client.post(step_url(enrolment, "eligibility"), {"eligible": "yes"})
    answer = client.post(step_url(enrolment, "eligibility"), {"eligible": "no"}, follow=True)

    assert "You have done nothing wrong" in answer.content.decode()
    assert not EligibilityDeclaration.objects.exists()
    enrolment.refresh_from_db()
    assert "eligibility" not in enrolment.steps_done


def test_mentors_are_not_asked_about_eligibility(client, enrolment):
    Enrolment.objects.filter(pk=enrolment.pk).update(role="mentor", side="lead")

    assert client.get(step_url(enrolment, "eligibility")).status_code == 404
    assert "What can you help people with?" in client.get(step_url(enrolment, "goals")).content.decode()


def test_partners_choose_their_side_in_the_formats_own_words(client):
    kind = FormatFactory(
        key="reciprocal", lead_role="partner", member_role="partner", lead_words="I bring lived experience",
        member_words="I bring experience of leading", capacity=1, minimum=1, target=1, eligibility_side="lead",
    )  # fmt: skip
    cohort = CohortFactory(format=kind, circle_minimum=1, circle_target=1)
    enrolment = EnrolmentFactory(cohort=cohort, role="partner", side="", state="started", agreed_at=None)
    client.force_login(enrolment.user)
    assert "I bring lived experience" in client.get(step_url(enrolment, "side")).content.decode()
    assert client.get(step_url(enrolment, "eligibility")).status_code == 404

    client.post(step_url(enrolment, "side"), {"side": "lead"})
    assert client.get(step_url(enrolment, "eligibility")).status_code == 200

    client.post(step_url(enrolment, "eligibility"), {"eligible": "yes"})
    client.post(step_url(enrolment, "side"), {"side": "member"})
    assert not EligibilityDeclaration.objects.exists()


def test_the_check_page_leads_to_what_is_still_open(client, enrolment):
    answer = client.post(reverse("portal:enrolment_check", args=[enrolment.pk]))

    assert answer.url == step_url(enrolment, "name")
    enrolment.refresh_from_db()
    assert enrolment.state == "started"


def test_giving_the_place_back(client, enrolment):
    url = reverse("portal:enrolment_leave", args=[enrolment.pk])
    assert "You need not say why" in client.get(url).content.decode()

    answer = client.post(url, follow=True)

    enrolment.refresh_from_db()
    enrolment.nomination.refresh_from_db()
    assert (enrolment.state, enrolment.nomination.place) == ("withdrawn", None)
    assert "You are not taking part" in answer.content.decode()


PAGES = ["enrolment", "enrolment_check", "enrolment_done", "enrolment_not_eligible", "enrolment_leave"]


@pytest.mark.parametrize("page", PAGES)
def test_somebody_elses_enrolment_is_not_there(client, enrolment, page):
    for other in [UserFactory(), StaffFactory()]:
        client.force_login(other)
        assert client.get(reverse(f"portal:{page}", args=[enrolment.pk])).status_code == 404
        assert client.post(step_url(enrolment, "job"), answers(enrolment)["job"]).status_code == 404


def test_answers_close_when_circles_are_published(client, enrolment):
    from accounts import clock

    enrolment.cohort.published_at = clock.now()
    enrolment.cohort.save()

    assert client.post(step_url(enrolment, "job"), answers(enrolment)["job"]).status_code == 302
    enrolment.refresh_from_db()
    assert enrolment.job_title == ""
    assert "Enrolment has closed" in client.get(reverse("portal:enrolment", args=[enrolment.pk])).content.decode()
