"""Getting ready: what is asked of whom, ticked off and taken back, seen at home and by staff, exported and erased."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cohorts.models import Format, OnboardingItem
from content.models import Resource
from participants.models import Enrolment
from participants.services import set_onboarding_done
from privacy import registry
from surveys.selectors import checklist, completion
from tests.factories import CohortFactory, EnrolmentFactory, MembershipFactory, StaffFactory
from tests.surveys.people import BEFORE, answer, cohort_with_sessions, seated


@pytest.fixture
def people(move_clock: Callable) -> list[Enrolment]:
    """A mentor and two mentees of a cohort that is getting ready, with the lists of the first day."""
    move_clock(BEFORE)
    call_command("set_up", verbosity=0)
    cohort = cohort_with_sessions(format=Format.objects.get(key="circles"))
    mentor = seated(cohort, seat=0)
    return [mentor, seated(cohort), seated(cohort)]


def titles(enrolment: Enrolment) -> set[str]:
    return {task.item.title for task in checklist(enrolment).tasks}


def test_each_role_and_format_has_its_own_list(people: list[Enrolment]) -> None:
    mentor, mentee, _ = people
    assert "Read “Mentor briefing”" in titles(mentor) - titles(mentee)
    assert "Check what your circle sees of you" in titles(mentee) - titles(mentor)
    for key, role, words in (
        ("reverse", "mentee", "For you who are senior and mentored"),
        ("reverse", "mentor", "For you who mentor somebody senior"),
        ("reciprocal", "partner", "Reciprocal mentoring: sharing the work"),
    ):
        pair = CohortFactory(format=Format.objects.get(key=key))
        person = EnrolmentFactory(cohort=pair, role=role, side="lead" if role != "mentee" else "member")
        assert f"Read “{words}”" in titles(person)
        assert not any("circle" in title for title in titles(person))
    for cohort in (mentor.cohort, CohortFactory(format=mentor.cohort.format)):
        OnboardingItem.objects.create(kind="other", title=f"Only {cohort}", cohort=cohort, days_before=None)
    assert {f"Only {mentor.cohort}"} == {title for title in titles(mentor) if title.startswith("Only")}


def test_one_press_each_way_and_the_next_thing_to_do(client: Client, people: list[Enrolment]) -> None:
    _, me, _ = people
    client.force_login(me.user)
    home, page = reverse("portal:home"), reverse("portal:onboarding", args=[me.pk])
    assert "Check what your circle sees of you" in client.get(home).content.decode()
    item = OnboardingItem.objects.get(kind="sharing", format__key="circles")
    press = reverse("portal:mark_onboarding", args=[me.pk, item.pk])
    client.post(press, {"done": "yes"}, follow=True)
    html = client.get(home).content.decode()
    assert "Check what your circle sees of you" not in html
    assert "Read “Preparing for your first session”" in html  # the next that is required, by its day
    assert "By Wednesday 4 November 2026" in html
    assert checklist(me).done == 1
    client.post(press, {"done": "no"})
    assert checklist(me).done == 0
    guide = Resource.objects.get(title="Preparing for your first session")
    html = client.get(reverse("portal:guide", args=[me.pk, guide.pk])).content.decode()
    assert "Have you read it?" in html
    mentors = Resource.objects.get(title="Mentor briefing")
    assert client.get(reverse("portal:guide", args=[me.pk, mentors.pk])).status_code == 404
    survey = OnboardingItem.objects.get(kind="survey")
    assert client.post(reverse("portal:mark_onboarding", args=[me.pk, survey.pk]), {"done": "yes"}).status_code == 404
    answer(me, "pre", 3)
    assert [task.done for task in checklist(me).tasks if task.item == survey] == [True]
    assert client.get(page).status_code == 200


def test_staff_see_counts_and_whose_but_not_who_answered(client: Client, people: list[Enrolment]) -> None:
    _, me, other = people
    item = OnboardingItem.objects.get(kind="sharing", format__key="circles")
    for person in (me, other):
        set_onboarding_done(item=item, enrolment=person, done=True)
    set_onboarding_done(item=item, enrolment=me, done=True)  # pressed twice
    answer(me, "pre", 3)
    line = next(line for line in completion(me.cohort) if line.item == item)
    assert (line.people, line.done) == (2, 2)
    client.force_login(StaffFactory(role="manager"))
    html = client.get(reverse("admin:cohort_onboarding", args=[me.cohort_id])).content.decode()
    assert "2 of 2" in html
    assert "Not shown of so few" in html
    html = client.get(me.get_absolute_url()).content.decode()
    assert "Check what your circle sees of you: done" in html
    assert "Read “Unconscious bias”: not yet" in html
    assert "Answer the first survey" not in html


def test_it_is_theirs_to_have_and_goes_when_they_ask(people: list[Enrolment]) -> None:
    _, me, other = people
    item = OnboardingItem.objects.get(kind="calendar")
    for person in (me, other):
        set_onboarding_done(item=item, enrolment=person, done=True)
    assert registry.export(me.user)["How you got ready"][0]["You ticked off"] == item.title
    registry.erase(me.user)
    assert (checklist(me).done, checklist(other).done) == (0, 1)


@pytest.mark.django_db
def test_a_guide_goes_with_reading_and_with_nothing_else() -> None:
    for kind, guide in (("read", None), ("other", Resource(title="x"))):
        with pytest.raises(ValidationError, match="Choose a guide"):
            OnboardingItem(kind=kind, guide=guide, title="x").validate_constraints()


def test_many_people_cost_no_more_queries(people: list[Enrolment], count_queries: Callable) -> None:
    cohort = people[0].cohort
    three = count_queries(lambda: completion(cohort))
    for seat in (3, 4, 5):
        MembershipFactory(circle=cohort.circles.get(), seat=seat, enrolment=EnrolmentFactory(cohort=cohort))
    assert count_queries(lambda: completion(cohort)) == three
