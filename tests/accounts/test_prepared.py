"""A query that is written once and asked again and again finds what Django's own finds."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from accounts import clock
from accounts.models import User
from accounts.prepared import NotPreparedError, prepared
from circles.models import Session
from cohorts.models import Cohort
from participants.models import Enrolment
from tests.factories import CohortFactory, EnrolmentFactory, SessionFactory, UserFactory


def of_person(user: UUID) -> QuerySet[Enrolment]:
    others = Enrolment.objects.filter(cohort=OuterRef("cohort")).exclude(user=user)
    mine = Enrolment.objects.active().filter(user=user).select_related("cohort__format").prefetch_related("topics")
    return mine.annotate(has_company=Exists(others)).order_by("-cohort__launch_from")


def test_it_finds_what_the_queryset_finds_for_each_person(db: None, django_assert_num_queries: Any) -> None:
    ask, people = prepared(of_person), [EnrolmentFactory().user, EnrolmentFactory().user, UserFactory()]
    EnrolmentFactory(user=people[0], state="completed")
    EnrolmentFactory(cohort=people[1].enrolments.get().cohort)
    for person in people:
        found, expected = ask(person.pk), list(of_person(person.pk))
        assert found == expected
        assert [one.__dict__.keys() for one in found] == [one.__dict__.keys() for one in expected]
        assert [one.has_company for one in found] == [one.has_company for one in expected]
        with django_assert_num_queries(0):
            assert [one.cohort.format for one in found] == [one.cohort.format for one in expected]
            assert [list(one.topics.all()) for one in found] == [[] for _ in found]
    Enrolment.objects.filter(user=people[0]).update(state="withdrawn")
    assert ask(people[0].pk) == []  # nothing that was found is kept


def test_lists_of_any_length_and_text(db: None) -> None:
    ask = prepared(lambda keys, email: User.objects.filter(pk__in=keys, email__iexact=email).values_list("pk", "email"))
    one, two = UserFactory(email="One%_@employer.example"), UserFactory()
    assert ask([one.pk, two.pk], "one%_@EMPLOYER.example") == [(one.pk, "One%_@employer.example")]
    assert ask([two.pk], one.email) == ask([], one.email) == ask([uuid4()] * 3, one.email) == []


def test_the_time_is_that_of_each_call(db: None, move_clock: Callable) -> None:
    hour = dt.timedelta(hours=1)

    @prepared
    def soon(circle: UUID) -> QuerySet[Session]:
        return Session.objects.upcoming().filter(circle=circle, starts_at__lte=clock.now() + hour)

    @prepared
    def launching() -> QuerySet[Cohort]:
        return Cohort.objects.filter(
            launch_from__gte=clock.today() - dt.timedelta(days=1), launch_from=F("launch_from")
        )

    session, cohort = SessionFactory(), CohortFactory(launch=dt.date(2030, 1, 2))
    for moment, found in ((-2 * hour, []), (-hour / 2, [session]), (hour / 2, [])):
        move_clock(session.starts_at + moment)
        assert soon(session.circle_id) == found
    for day, there in ((1, True), (3, True), (4, False)):
        move_clock(dt.datetime(2030, 1, day, 23, 30, tzinfo=clock.LONDON))
        assert (cohort in launching()) is there


def test_what_would_be_wrong_at_the_next_call_is_refused(db: None) -> None:
    person = EnrolmentFactory().user
    refused: list[tuple[Callable[..., Any], Any, str]] = [
        (lambda key: person.enrolments.filter(pk=key), person.pk, "object"),
        (lambda key: User.objects.filter(pk=key, created_at__lt=timezone.now()), person.pk, "clock"),
        (lambda key: Cohort.objects.filter(pk=key, launch_from=dt.date(2026, 1, 1)), person.pk, "clock"),
        (lambda text: User.objects.filter(email__contains=text), "a", "as they are"),
        (lambda user: User.objects.filter(pk=user.pk), person, "key, text"),
    ]
    for build, value, why in refused:
        with pytest.raises(NotPreparedError, match=why):
            prepared(build)(value)
