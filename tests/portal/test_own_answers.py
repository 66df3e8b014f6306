"""What somebody changes of their own answers while their cohort runs: what they need, and their goals."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from cohorts.models import Cohort
from participants.models import Enrolment
from privacy.models import AuditEvent
from surveys.models import GoalRating
from surveys.services import rate_goals
from tests.circles.circle import published
from tests.factories import CohortFactory, EnrolmentFactory, StaffFactory, TopicFactory

pytestmark = pytest.mark.django_db
NEEDS = "Captions, please."


@pytest.fixture
def enrolment() -> Enrolment:
    return EnrolmentFactory(cohort=CohortFactory(published_at=clock.now()), state="enrolled")


def needs(one: Enrolment) -> str:
    return reverse("portal:access_needs", args=[one.pk])


def test_access_needs_change_until_the_cohort_closes_and_the_team_sees_it(client: Client, enrolment: Enrolment) -> None:
    EnrolmentFactory(cohort=enrolment.cohort)
    client.force_login(enrolment.user)
    assert needs(enrolment) in client.get(reverse("portal:account")).content.decode()
    client.post(needs(enrolment), {"access_needs": NEEDS})
    assert NEEDS in client.get(needs(enrolment)).content.decode()
    people = reverse("admin:participants_enrolment_changelist")
    for role, may in (("read_only", False), ("lead", True)):
        client.force_login(StaffFactory(role=role))
        whole = client.get(people).content.decode()
        assert ("Has access needs" in whole, NEEDS in whole) == (may, False)
        assert client.get(people, {"access_needs__gt": ""}).status_code == 400
        if may:
            for value in ("any", "unseen"):
                assert client.get(people, {"needs": value}).context["cl"].result_count == 1
            client.get(enrolment.get_absolute_url())
            assert client.get(people, {"needs": "unseen"}).context["cl"].result_count == 0
        else:
            client.get(enrolment.get_absolute_url())
            enrolment.refresh_from_db()
            assert enrolment.access_needs_unseen
    verbs = AuditEvent.objects.filter(object_id=enrolment.pk).values_list("verb", flat=True)
    assert list(verbs.order_by("at")) == ["enrolment.access_needs_changed", "enrolment.access_needs_seen"]
    Cohort.objects.filter(pk=enrolment.cohort_id).update(closed_at=clock.now())
    client.force_login(enrolment.user)
    assert client.post(needs(enrolment), {"access_needs": ""}).status_code == 404


def test_own_goals_change_and_only_those_that_stay_keep_their_ratings(client: Client, enrolment: Enrolment) -> None:
    client.force_login(enrolment.user)
    page, rates = (reverse(f"portal:{name}", args=[enrolment.pk]) for name in ("change_goals", "goals"))
    assert client.get(rates).url == page
    first, second, third = [TopicFactory() for _ in range(3)]
    client.post(page, {"topics": [first.pk, second.pk], "goal_note": "To speak up."})
    enrolment.refresh_from_db()
    rate_goals(enrolment=enrolment, ratings={first.pk: (1, 3), second.pk: (2, 2), None: (1, None)})

    def ratings() -> set[tuple]:
        return set(GoalRating.objects.values_list("topic", "before", "now"))

    client.post(page, {"topics": [first.pk, third.pk], "goal_note": "To speak up!", "same_note": "on"})
    assert ratings() == {(first.pk, 1, 3), (None, 1, None)}
    assert "Not rated" in client.get(reverse("portal:progress", args=[enrolment.pk])).content.decode()
    client.post(page, {"topics": [first.pk], "goal_note": "To rest more."})
    assert ratings() == {(first.pk, 1, 3)}
    assert client.post(page, {"topics": ["nonsense"]}).status_code == 200
    client.post(page, {"topics": [], "goal_note": ""})
    enrolment.refresh_from_db()
    assert (enrolment.topics.count(), enrolment.goal_note, ratings()) == (0, "", set())
    Cohort.objects.filter(pk=enrolment.cohort_id).update(closed_at=clock.now())
    assert [client.get(one).status_code for one in (page, rates)] == [404, 404]


def test_dates_that_do_not_work_can_be_changed_from_the_enrolment_once_there_is_a_seat(
    client: Client, move_clock: Callable
) -> None:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    client.force_login(made.members[0].user)
    part = client.get(reverse("portal:enrolment", args=[made.members[0].pk])).content.decode()
    assert reverse("portal:my_dates", args=[made.circle.pk]) in part
